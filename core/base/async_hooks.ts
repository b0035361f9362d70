/**
 * Loads `node:async_hooks`, which tells what led to what across an `await`. Loading it takes
 * milliseconds, which most programs can do without: so it is loaded where it is first needed.
 *
 * @returns The module.
 */
export function asyncHooks(): typeof import("node:async_hooks") {
  return globalThis.process.getBuiltinModule("node:async_hooks");
}
