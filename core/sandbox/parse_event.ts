import { z } from "zod";
import type { EventInput } from "../events/event.ts";
import { messageInvalid } from "./errors.ts";
import { oddShape } from "./plain_data.ts";

const text = z.string();
const shape = z.array(z.number());

// The lifecycle kinds are here so that the host's own rule against forging them is what refuses.
const event = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("SystemInit") }),
  z.object({ kind: z.literal("SystemShutdown") }),
  z.object({ kind: z.literal("PluginLoaded"), pluginId: text }),
  z.object({ kind: z.literal("PluginUnloaded"), pluginId: text }),
  z.object({
    kind: z.literal("PluginReloaded"),
    pluginId: text,
    from: text,
    to: text,
  }),
  z.object({
    kind: z.literal("PluginError"),
    phase: text,
    code: text,
    message: text,
  }),
  z.object({
    kind: z.literal("TensorOp"),
    opName: text,
    inputShape: shape,
    outputShape: shape,
    inputShapes: z.array(shape),
    outputShapes: z.array(shape),
  }),
  z.object({ kind: z.literal("EpochStart"), epoch: z.number() }),
  // Losses may be NaN or infinite: training that went wrong is worth announcing.
  z.object({
    kind: z.literal("EpochEnd"),
    epoch: z.number(),
    loss: z.custom<number>((value) => typeof value === "number"),
  }),
  z.object({
    kind: z.literal("BackendChanged"),
    backend: text,
    previous: z.union([text, z.undefined()]),
  }),
  z.object({
    kind: z.literal("Telemetry"),
    data: z.record(
      text,
      z.custom<number>((value) => typeof value === "number"),
    ),
  }),
  z.object({
    kind: z.literal("Custom"),
    eventType: text,
    data: z.unknown(),
  }),
]);

/**
 * Reads an event that a guest wants to publish.
 *
 * @param value What arrived, decoded.
 * @returns The event.
 * @throws {PluginError} `MESSAGE_INVALID` if it is none.
 */
export function parseEvent(value: unknown): EventInput {
  const result = event.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw messageInvalid(
    "an event",
    oddShape(
      `${issue?.message ?? "no event"} at "${issue?.path.join(".") ?? ""}"`,
    ),
  );
}
