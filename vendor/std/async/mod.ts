/**
 * Stand-in for `jsr:@std/async` where JSR cannot be reached: the same code,
 * from npm, with its declarations beside. `channel` is absent: in the npm
 * package it imports a file that is not there, so the others are named one by
 * one.
 *
 * @module
 */
// @ts-types="./mod.d.ts"
export { abortable } from "npm:deno-std@1.4.0/async/abortable.js";
// @ts-types="./mod.d.ts"
export {
  allKeyed,
  allSettledKeyed,
} from "npm:deno-std@1.4.0/async/all_keyed.js";
// @ts-types="./mod.d.ts"
export { deadline } from "npm:deno-std@1.4.0/async/deadline.js";
// @ts-types="./mod.d.ts"
export { debounce } from "npm:deno-std@1.4.0/async/debounce.js";
// @ts-types="./mod.d.ts"
export { delay } from "npm:deno-std@1.4.0/async/delay.js";
// @ts-types="./mod.d.ts"
export { Lazy } from "npm:deno-std@1.4.0/async/lazy.js";
// @ts-types="./mod.d.ts"
export { MuxAsyncIterator } from "npm:deno-std@1.4.0/async/mux_async_iterator.js";
// @ts-types="./mod.d.ts"
export { poll } from "npm:deno-std@1.4.0/async/poll.js";
// @ts-types="./mod.d.ts"
export { pooledMap } from "npm:deno-std@1.4.0/async/pool.js";
// @ts-types="./mod.d.ts"
export { retry, RetryError } from "npm:deno-std@1.4.0/async/retry.js";
// @ts-types="./mod.d.ts"
export { tee } from "npm:deno-std@1.4.0/async/tee.js";
export type * from "./mod.d.ts";
