import { itemBytes, SYSTEM_CLOCK } from "../../core/base/mod.ts";
import type { BufferSpec } from "../../kernels/mod.ts";

/** Bytes of results after which the collector's findings are waited for. */
const BYTES_MAX = 64 * 2 ** 20;

// Of the process, like the collector whose turn it counts towards.
const SINCE_TURN = { bytes: 0 };

/**
 * Lets the event loop have a turn after every so many bytes of results. Memory of tensors that nobody
 * can reach is given back in such a turn, and a loop that only ever computes would never come to one.
 *
 * @param results What has been computed.
 */
export async function breathe(results: readonly BufferSpec[]): Promise<void> {
  for (const { dtype, size } of results) {
    SINCE_TURN.bytes += size * itemBytes(dtype);
  }
  if (SINCE_TURN.bytes < BYTES_MAX) return;
  SINCE_TURN.bytes = 0;
  await new Promise<void>((resolve) => SYSTEM_CLOCK.after(0, resolve));
}
