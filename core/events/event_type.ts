/**
 * What events are routed by: their kind, and for `Custom` events the type their publisher chose.
 *
 * @module
 */
import { invalidOption } from "../base/mod.ts";
import type { EventKind, PluginEvent } from "./event.ts";

// A record, so that a kind that is added and left out here does not compile.
const KINDS: Readonly<Record<EventKind, "lifecycle" | "open">> = {
  SystemInit: "lifecycle",
  SystemShutdown: "lifecycle",
  PluginLoaded: "lifecycle",
  PluginUnloaded: "lifecycle",
  PluginReloaded: "lifecycle",
  PluginError: "lifecycle",
  TensorOp: "open",
  EpochStart: "open",
  EpochEnd: "open",
  BackendChanged: "open",
  Telemetry: "open",
  Custom: "open",
};

/** Every kind of event. */
export const EVENT_KINDS: readonly string[] = Object.keys(KINDS);

const LIFECYCLE_KINDS: ReadonlySet<string> = new Set(
  Object.entries(KINDS).flatMap(([kind, use]) =>
    use === "lifecycle" ? kind : []
  ),
);

/**
 * Tells whether events of a type speak for the host, so that no plugin may publish them.
 *
 * @param type The type.
 * @returns Whether they do.
 */
export function isLifecycleType(type: string): boolean {
  return LIFECYCLE_KINDS.has(type);
}

/**
 * Finds what an event is routed by.
 *
 * @param event The event.
 * @returns Its kind, or its own type for a `Custom` event.
 * @throws {OptionError} `INVALID_OPTION` if it is no event.
 */
export function eventTypeOf(event: PluginEvent): string {
  const type: unknown = event?.kind === "Custom"
    ? event.eventType
    : event?.kind;
  if (typeof type === "string") return type;
  throw invalidOption("event", event, "an object with a kind");
}

/**
 * Reads the payload of an event, if the event is of the type expected.
 *
 * @example The payload of a custom event
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { downcast } from "@spiraltorch/spiraltorch/core";
 *
 * const event = { kind: "Custom", eventType: "acme:step", data: 7 } as const;
 * assertEquals(downcast(event, "acme:step"), 7);
 * assertEquals(downcast(event, "acme:stop"), undefined);
 * ```
 *
 * @param event The event.
 * @param type The type expected.
 * @returns Its `data`, or `undefined` for an event of another type or without a payload.
 * @throws {OptionError} `INVALID_OPTION` if it is no event.
 */
export function downcast(event: PluginEvent, type: string): unknown {
  return eventTypeOf(event) === type && "data" in event
    ? event.data
    : undefined;
}

/**
 * Tells whether a type says nothing.
 *
 * @param type The type, as a caller of any making gave it.
 * @returns Whether it is no text, or white space only.
 */
export function isBlankType(type: unknown): boolean {
  return typeof type !== "string" || type.trim() === "";
}
