/**
 * What is kept of an event: in memory, and as one line of JSON. `docs/event_log.md` describes the
 * lines.
 *
 * @module
 */
import { isPlainObject, type Json, type JsonObject } from "../base/mod.ts";
import type { EventInfo, PluginEvent } from "../events/event.ts";
import { decodePayload } from "./decode_payload.ts";
import { encodePayload } from "./encode_payload.ts";
import { recordInvalid } from "./errors.ts";

/** Stands in a recording for events that there was no room for. */
export interface RecorderDropped {
  /** Says that it is no event. */
  readonly kind: "RecorderDropped";
  /** How many events are missing here. */
  readonly count: number;
}

/** One event of a recording. */
export interface EventRecord {
  /** Its place in the recording, from 0. */
  readonly idx: number;
  /** When it was published, in milliseconds since the recording began. */
  readonly elapsedMs: number;
  /** Who published it: a plugin's id or `host`. */
  readonly source: string;
  /** A copy of the event, as it was when it was published. */
  readonly event: PluginEvent | RecorderDropped;
}

/** An event on the wire. */
export type WireEvent = {
  readonly kind: string;
  readonly data?: JsonObject;
};

/** One line of a recording. */
export type WireRecord = {
  readonly idx: number;
  readonly "elapsed_ms": number;
  readonly source: string;
  readonly event: WireEvent;
};

/**
 * Writes an event for the wire: names in snake case, and no `data` for a kind without fields. What
 * the publisher supplied is copied as it is now.
 *
 * @param event The event.
 * @returns The event as plain data.
 */
export function toWireEvent(event: PluginEvent | RecorderDropped): WireEvent {
  const { kind, ...fields } = event;
  const pairs = Object.entries(fields).map((
    [name, value],
  ) => [toSnakeCase(name), encodePayload(value)]);
  return pairs.length === 0 ? { kind } : {
    kind,
    data: Object.fromEntries(pairs),
  };
}

/**
 * Puts an event into its place in a recording.
 *
 * @param event The event on the wire.
 * @param place Its number, its time and who published it.
 * @returns One line of the recording, as plain data.
 */
export function toWireRecord(
  event: WireEvent,
  { idx, elapsedMs, source }: Omit<EventRecord, "event">,
): WireRecord {
  // Microseconds: more digits say nothing and make longer lines.
  const elapsed = Math.round(elapsedMs * 1000) / 1000;
  return { idx, elapsed_ms: elapsed, source, event };
}

/**
 * Reads one line back.
 *
 * @param wire The line, as plain data.
 * @returns The record.
 */
export function fromWireRecord(
  { idx, elapsed_ms: elapsedMs, source, event }: WireRecord,
): EventRecord {
  const { kind, data = {} } = event;
  const fields = Object.entries(data).map((
    [name, value],
  ) => [toCamelCase(name), decodePayload(value)]);
  const copy = { kind, ...Object.fromEntries(fields) };
  // Which fields a kind has, was settled when it was written.
  return { idx, elapsedMs, source, event: copy as PluginEvent };
}

/**
 * Reads one line of a recording.
 *
 * @example A line and what it says
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseRecord } from "@spiraltorch/spiraltorch/core";
 *
 * const line =
 *   '{"idx":0,"elapsed_ms":1.2,"source":"host","event":{"kind":"EpochStart","data":{"epoch":1}}}';
 * assertEquals(parseRecord(line), {
 *   idx: 0,
 *   elapsedMs: 1.2,
 *   source: "host",
 *   event: { kind: "EpochStart", epoch: 1 },
 * });
 * ```
 *
 * @param line The line.
 * @returns The record.
 * @throws {PluginError} `RECORD_INVALID` if the line is no record.
 */
export function parseRecord(line: string): EventRecord {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw recordInvalid(line, "it is no JSON", { cause });
  }
  const problem = problemOf(value);
  if (problem !== undefined) throw recordInvalid(line, problem);
  try {
    return fromWireRecord(value as WireRecord);
  } catch (cause) {
    throw recordInvalid(line, "a $type does not fit its value", { cause });
  }
}

/** What keeps a value from being a record. */
function problemOf(value: unknown): string | undefined {
  if (!isPlainObject(value)) return "it is no object";
  const { idx, elapsed_ms: elapsedMs, source, event } = value as Record<
    string,
    Json
  >;
  if (!Number.isSafeInteger(idx) || Number(idx) < 0) return "it has no idx";
  if (typeof elapsedMs !== "number") return "it has no elapsed_ms";
  if (typeof source !== "string") return "it has no source";
  if (!isPlainObject(event)) return "it has no event";
  const { kind, data } = event as Record<string, Json>;
  if (typeof kind !== "string") return "its event has no kind";
  if (data !== undefined && !isPlainObject(data)) {
    return "the data of its event is no object";
  }
  return undefined;
}

/** What a record is made from. */
export interface Heard {
  /** The event. */
  readonly event: PluginEvent;
  /** What is known of its delivery. */
  readonly info: EventInfo;
}

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function toCamelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
