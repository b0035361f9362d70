/**
 * What a listener may listen to: one type, all types of a namespace (`acme.*`), or everything (`*`).
 *
 * A namespace ends at any `.` or `:` of a type, so `acme.*` hears `acme.step` and `acme.step.done`.
 *
 * @module
 */
import { eventTypeInvalid } from "./errors.ts";
import { isBlankType } from "./event_type.ts";

/** What stands for the types that follow. */
const WILDCARD = "*";

/**
 * Tells whether a type stands for several.
 *
 * @param type What is listened to.
 * @returns Whether it is `*` or a namespace.
 */
export function isPattern(type: string): boolean {
  return type === WILDCARD || type.endsWith(".*") || type.endsWith(":*");
}

/**
 * Tells whether a namespace holds a type.
 *
 * @param pattern The namespace, `acme.*`.
 * @param type The type.
 * @returns Whether it does.
 */
export function patternHolds(pattern: string, type: string): boolean {
  const prefix = pattern.slice(0, -WILDCARD.length);
  return type.length > prefix.length && type.startsWith(prefix);
}

/**
 * Requires something that can be listened to.
 *
 * @param type The type, namespace, or `*`.
 * @throws {PluginError} `EVENT_TYPE_INVALID` if it is blank, has a `*` anywhere but after the last
 * `.` or `:`, or is the kind of custom events, which are routed by types of their own.
 */
export function assertSubscribable(type: string): void {
  if (isBlankType(type)) {
    throw eventTypeInvalid("subscribe to", String(type), "a type with text");
  }
  if (type === "Custom") {
    const wanted = "the custom event's own type";
    throw eventTypeInvalid("subscribe to", type, wanted);
  }
  const stars = type.split(WILDCARD).length - 1;
  if (stars > (isPattern(type) ? 1 : 0)) {
    const wanted = 'a type, "*", or a namespace such as "acme.*"';
    throw eventTypeInvalid("subscribe to", type, wanted);
  }
}
