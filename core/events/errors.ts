/**
 * What can go wrong when something is announced.
 *
 * @module
 */
import { PluginError, quoted } from "../errors.ts";

/** The codes of the event bus, with the line their pages open with. */
export const ERROR_CODES = {
  EVENT_LOOP: "Events keep publishing each other.",
  EVENT_TYPE_INVALID: "No event can have this type.",
  EVENT_TYPE_RESERVED: "This event type belongs to the library.",
  LISTENER_FAILED: "A listener threw or rejected.",
  LISTENER_TIMEOUT: "A listener took longer than it may.",
} as const;

/** A stable, machine-readable name of one failure of the event bus. */
export type EventErrorCode = keyof typeof ERROR_CODES;

/**
 * Builds the error for events that publish each other without end.
 *
 * @param type Type of the event that was one too many.
 * @param depthMax How deep they may be nested.
 * @returns The error, for the caller to throw.
 */
export function eventLoop(type: string, depthMax: number): PluginError {
  return new PluginError(
    "EVENT_LOOP",
    `Cannot publish event ${
      quoted(type)
    }: listeners publish each other more than ${depthMax} deep`,
    { type, depthMax },
  );
}

/**
 * Builds the error for events that follow from each other through listeners that go on later.
 *
 * @param type Type of the event that is not delivered any more.
 * @param linksMax How many may follow from each other.
 * @returns The error, for the caller to throw.
 */
export function asyncEventLoop(type: string, linksMax: number): PluginError {
  return new PluginError(
    "EVENT_LOOP",
    `Cannot publish event ${
      quoted(type)
    }: more than ${linksMax} events have followed from each other, or too many, within a second`,
    { type, linksMax },
  );
}

/**
 * Builds the error for a type that no event has.
 *
 * @param operation What was attempted, `subscribe to`.
 * @param type The type.
 * @param wanted What it may be.
 * @returns The error, for the caller to throw.
 */
export function eventTypeInvalid(
  operation: string,
  type: string,
  wanted: string,
): PluginError {
  return new PluginError(
    "EVENT_TYPE_INVALID",
    `Cannot ${operation} event type ${quoted(type)}: wanted ${wanted}`,
    { type, wanted },
  );
}

/**
 * Builds the error for a type that its publisher may not use.
 *
 * @param type The type.
 * @param source Who tried to publish it.
 * @returns The error, for the caller to throw.
 */
export function eventTypeReserved(type: string, source: string): PluginError {
  return new PluginError(
    "EVENT_TYPE_RESERVED",
    `Cannot publish event ${quoted(type)} from ${
      quoted(source)
    }: the type is reserved, wanted a custom type of its own`,
    { type, source },
  );
}

/**
 * Builds the error for a listener that does not come to an end.
 *
 * @param type Type of the event it was told about, or `*` for any.
 * @param timeoutMs How long it may take, in milliseconds.
 * @returns The error, for the caller to throw.
 */
export function listenerTimeout(type: string, timeoutMs: number): PluginError {
  return new PluginError(
    "LISTENER_TIMEOUT",
    `Cannot wait for a listener of event ${
      quoted(type)
    }: it takes longer than ${timeoutMs} ms`,
    { type, timeoutMs },
  );
}
