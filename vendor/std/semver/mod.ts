/**
 * Stand-in for `jsr:@std/semver` where JSR cannot be reached: the same code,
 * from npm, with its declarations beside.
 *
 * @module
 */
// @ts-types="./mod.d.ts"
export * from "npm:deno-std@1.4.0/semver/mod.js";
