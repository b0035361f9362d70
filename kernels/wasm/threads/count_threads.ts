import { invalidOption } from "../../../core/base/mod.ts";
import type { ThreadPlatform } from "./platform.ts";

/** No machine gains from more: memory is shared by all. */
const THREADS_MAX = 256;

/**
 * Decides how many threads compute.
 *
 * @param threads How many are wanted.
 * @param platform What there is.
 * @returns How many there are to be, the calling one included; 1 where threads cannot be had.
 * @throws {OptionError} `INVALID_OPTION` if `threads` is not `"auto"` or a whole number from 1 to 256.
 */
export function countThreads(
  threads: number | "auto",
  { cores }: ThreadPlatform,
): number {
  if (threads === "auto") return Math.max(1, Math.min(cores, THREADS_MAX));
  if (Number.isInteger(threads) && threads >= 1 && threads <= THREADS_MAX) {
    return cores === 0 ? 1 : threads;
  }
  throw invalidOption(
    "threads",
    threads,
    '"auto" or a whole number from 1 to 256',
  );
}
