import { z } from "zod";
import { isPlainObject, type Json } from "../base/mod.ts";
import type { GuestMessage } from "./messages.ts";
import { type DataProblem, oddShape, plainDataProblem } from "./plain_data.ts";

// Whether all of a message is plain data is looked at before.
const json = z.custom<Json>((value) => value !== undefined);
const index = z.int().min(0).max(2 ** 31);
/** A name or a range: what may be long is data. */
const text = z.string().max(4096);
const level = z.enum(["debug", "info", "warn", "error"]);
const wireError = z.strictObject({
  name: z.string(),
  message: z.string(),
  code: z.exactOptional(z.string()),
});

const guestPlugin = z.strictObject({
  metadata: json,
  hasOnUnload: z.boolean(),
  hasOnEvent: z.boolean(),
  hasSaveState: z.boolean(),
  hasRestoreState: z.boolean(),
  hasHealthCheck: z.boolean(),
  eventTypes: z.array(text).max(1024).nullable(),
});

const guestMessage = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("hello") }),
  z.strictObject({
    kind: z.literal("ready"),
    plugins: z.array(guestPlugin).min(1).max(256),
  }),
  z.strictObject({ kind: z.literal("noPlugin"), found: z.string() }),
  z.strictObject({ kind: z.literal("importFailed"), error: wireError }),
  z.strictObject({ kind: z.literal("console"), level, message: z.string() }),
  z.strictObject({
    kind: z.literal("register"),
    plugin: index,
    slot: index,
    point: z.enum(["operators", "modules", "backends"]),
    data: json,
  }),
  z.strictObject({
    kind: z.literal("subscribe"),
    plugin: index,
    slot: index,
    type: text,
    priority: z.number(),
  }),
  z.strictObject({ kind: z.literal("own"), plugin: index, slot: index }),
  z.strictObject({ kind: z.literal("release"), plugin: index, slot: index }),
  z.strictObject({ kind: z.literal("publish"), plugin: index, event: json }),
  z.strictObject({
    kind: z.literal("setConfig"),
    plugin: index,
    key: text,
    value: json,
  }),
  z.strictObject({
    kind: z.literal("unsetConfig"),
    plugin: index,
    key: text,
  }),
  z.strictObject({
    kind: z.literal("setShared"),
    plugin: index,
    key: text,
    value: json,
  }),
  z.strictObject({
    kind: z.literal("unsetShared"),
    plugin: index,
    key: text,
  }),
  z.strictObject({
    kind: z.literal("provide"),
    plugin: index,
    slot: index,
    name: text,
    version: text.nullable(),
    replace: z.boolean(),
    methods: z.array(z.string().max(128)).max(1024).nullable(),
    handle: index,
  }),
  z.strictObject({
    kind: z.literal("useService"),
    plugin: index,
    slot: index,
    name: text,
    version: text.nullable(),
    use: z.enum(["get", "require", "keep"]),
  }),
  z.strictObject({
    kind: z.literal("callService"),
    plugin: index,
    id: index,
    slot: index,
    method: text.nullable(),
    args: z.array(json).max(1024),
  }),
  z.strictObject({
    kind: z.literal("watchService"),
    plugin: index,
    slot: index,
    name: text,
  }),
  z.strictObject({
    kind: z.literal("log"),
    plugin: index,
    level,
    message: z.string(),
    fields: z.record(z.string(), json),
  }),
  z.strictObject({ kind: z.literal("done"), id: index, value: json }),
  z.strictObject({ kind: z.literal("failed"), id: index, error: wireError }),
]);

/** What arrived and is no message. */
export interface MalformedMessage {
  readonly kind: "malformed";
  /** What is wrong with it. */
  readonly problem: DataProblem;
  /** Which request it was to answer, if that can be made out. */
  readonly answers: number | undefined;
}

/**
 * Reads a message of a guest.
 *
 * @param header What arrived.
 * @returns The message; or, if it is none or has a field that it should not have, what is wrong with it.
 */
export function parseGuestMessage(
  header: unknown,
): GuestMessage | MalformedMessage {
  const problem = plainDataProblem(header);
  if (problem !== undefined) return malformed(header, problem);
  const result = guestMessage.safeParse(header);
  if (result.success) return result.data;
  const extra = result.error.issues.find(({ code, path }) =>
    code === "unrecognized_keys" && path.length === 0
  );
  return malformed(
    header,
    extra?.code === "unrecognized_keys"
      ? { rule: "message-key", found: `a field named "${extra.keys[0]}"` }
      : oddShape("a message of no known shape"),
  );
}

function malformed(header: unknown, problem: DataProblem): MalformedMessage {
  const { kind, id } = isPlainObject(header) ? header : {};
  const isAnswer = (kind === "done" || kind === "failed") &&
    Number.isSafeInteger(id);
  return {
    kind: "malformed",
    problem,
    answers: isAnswer ? Number(id) : undefined,
  };
}
