import { isPlainObject, type Issue } from "../../core/base/mod.ts";
import { describeValue } from "../discovery/describe_value.ts";
import { joinPath } from "../discovery/paths.ts";

/** Most values that a description may hold, counting what an alias repeats as often as it does. */
export const NODES_MAX = 10_000;

/** How many more values there may be. Shared by everything that one description is made from. */
export interface Room {
  /** The number; it goes down with each value. */
  nodes: number;
}

/**
 * Makes room for the values of one description.
 *
 * @returns The room, all of it.
 */
export function emptyRoom(): Room {
  return { nodes: NODES_MAX };
}

/** How deep lists and objects may lie in each other. */
const DEPTH_MAX = 64;

/** A copy of plain data, or why there is none. */
export type PlainCopy =
  | { readonly value: unknown; readonly issue: undefined }
  | { readonly value: undefined; readonly issue: Issue };

/**
 * Copies plain data, within bounds. The copy is a tree: what the original repeats or contains itself
 * in is there as often as it is met, or refused.
 *
 * @param value Anything.
 * @param room How many values there may be.
 * @returns The copy, or the first reason why it cannot be made.
 */
export function copyPlain(
  value: unknown,
  room: Room = emptyRoom(),
): PlainCopy {
  let problem: Issue | undefined;
  function refuse(code: string, path: string, message: string): undefined {
    problem ??= { code, path, message };
  }
  function visit(value: unknown, path: string, depth: number): unknown {
    if (problem) return undefined;
    // A list may be long without holding anything, and what is too much is not looked at one by one.
    const length = Array.isArray(value)
      ? value.length
      : isPlainObject(value)
      ? Object.keys(value).length
      : 0;
    if (--room.nodes < length) {
      return refuse("TOO_LARGE", "", `Found more than ${NODES_MAX} values`);
    }
    if (depth > DEPTH_MAX) {
      return refuse(
        "TOO_DEEP",
        "",
        `Found values nested in each other more than ${DEPTH_MAX} deep`,
      );
    }
    if (Array.isArray(value)) {
      return Array.from(
        value,
        (item, i) => visit(item, joinPath(path, i), depth + 1),
      );
    }
    if (isPlainObject(value)) {
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          visit(item, joinPath(path, key), depth + 1),
        ]),
      );
    }
    const isScalar = value === null || typeof value === "string" ||
      typeof value === "boolean" ||
      typeof value === "number" && Number.isFinite(value);
    if (isScalar) return value;
    return refuse(
      "NOT_PLAIN",
      path,
      `Found ${describeValue(value)}, wanted text, numbers, lists and objects`,
    );
  }
  const copy = visit(value, "", 0);
  return problem
    ? { value: undefined, issue: problem }
    : { value: copy, issue: undefined };
}
