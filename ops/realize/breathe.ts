import { SYSTEM_CLOCK } from "../../core/base/mod.ts";
import { heldBytes, weighStorages } from "../storage.ts";

/** By how much memory may grow before the collector is asked. */
const GROWTH_BYTES_MAX = 64 * 2 ** 20;

// Of the process, like the collector that it is about.
const LAST = { bytes: 0 };

/**
 * Has memory collected that nobody can reach any more, when there has come to be much of it.
 *
 * What has been made since is put on the collector's scale, so that it runs; and what it finds is given
 * back in a turn of the event loop, to which a loop that only ever computes would not come by itself.
 * Programs that dispose what they make never come to this.
 *
 * @returns When that has happened, if it is time for it.
 */
export function breathe(): Promise<void> | undefined {
  const held = heldBytes();
  LAST.bytes = Math.min(LAST.bytes, held);
  return held - LAST.bytes < GROWTH_BYTES_MAX ? undefined : collect();
}

async function collect(): Promise<void> {
  weighStorages();
  await new Promise<void>((resolve) => SYSTEM_CLOCK.after(0, resolve));
  LAST.bytes = heldBytes();
}
