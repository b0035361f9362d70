import { isCoded, SYSTEM_CLOCK } from "../../core/base/mod.ts";
import { heldBytes } from "../buffer_lease.ts";

/** By how much memory may grow, at least, before the collector is asked. */
const GROWTH_BYTES_MIN = 128 * 2 ** 20;

/** What is put on the collector's scale at first: 1 GiB. */
const BALLAST_PAGES = 16_384;

/** How often the collector is asked at a time. */
const ASKS_MAX = 6;

// Of the process, like the collector that it is about.
const LAST = { bytes: 0 };

/**
 * Has memory collected that nobody can reach any more, when there has come to be much of it: as much
 * again as there was after the last time. Programs that dispose what they make never come to this.
 *
 * @returns When that has happened, if it is time for it.
 */
export function breathe(): Promise<void> | undefined {
  const held = heldBytes();
  LAST.bytes = Math.min(LAST.bytes, held);
  const growth = Math.max(GROWTH_BYTES_MIN, LAST.bytes);
  if (held - LAST.bytes < growth) return undefined;
  return collectDownTo(held - growth / 2);
}

/**
 * Works, and works once more if a backend had no room and some was found: what can be given up first,
 * since to ask the collector takes its time.
 *
 * @param work What to do. It leaves nothing half done behind when there is no room.
 * @param giveUp Gives up what can be made again; tells whether there was any.
 * @returns What it gives.
 * @throws {BackendError} `OUT_OF_MEMORY` if there is no room among what can be reached.
 */
export async function withRoom<T>(
  work: () => Promise<T>,
  giveUp: () => boolean = () => false,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isFull = isCoded(error) && error.code === "OUT_OF_MEMORY";
    if (!isFull) throw error;
    if (giveUp()) return await withRoom(work);
    if (!await findRoom()) throw error;
    return await work();
  }
}

async function findRoom(): Promise<boolean> {
  const before = heldBytes();
  await collectDownTo(before - 1);
  return heldBytes() < before;
}

/**
 * Makes the collector run, and gives back what it finds.
 *
 * The collector does not see the memory of a backend, and would let unreachable tensors fill it: so it
 * is shown large arrays that take no memory, since nobody writes to them, and more of them each time,
 * since it gets used to them. What it finds is given back in turns of the event loop, to which a loop
 * that only ever computes would not come by itself.
 */
async function collectDownTo(wantedBytes: number): Promise<void> {
  for (let i = 0; i < ASKS_MAX && heldBytes() > wantedBytes; i++) {
    showBallast(2 ** i);
    await new Promise<void>((resolve) => SYSTEM_CLOCK.after(0, resolve));
  }
  LAST.bytes = heldBytes();
}

function showBallast(count: number): void {
  try {
    for (let i = 0; i < count; i++) {
      // Not an ArrayBuffer: that would be filled with zeros at once.
      new WebAssembly.Memory({ initial: BALLAST_PAGES });
    }
  } catch {
    // A system that has no room for it leaves the collector to its own judgement.
  }
}
