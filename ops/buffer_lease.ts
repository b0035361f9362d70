import { assertInvariant, itemBytes } from "../core/base/mod.ts";
import type { Backend, DeviceBuffer } from "../kernels/mod.ts";

// Of the process, like the collector that it tells how much there may be to collect.
const HELD = { bytes: 0 };

/**
 * Tells how much memory of backends is held.
 *
 * @returns The memory, in bytes, of arrays that can still be reached and those that cannot.
 */
export function heldBytes(): number {
  return HELD.bytes;
}

/** An array that stays as it is until it is released, which must happen once. */
export interface Lease {
  /** The array. */
  readonly buffer: DeviceBuffer;
  /** Lets go of it. */
  release(): void;
}

/**
 * An array in a backend that several may hold: a storage, and runs that have begun but wait for
 * something. It is given back when the last of them lets go.
 */
export class SharedBuffer implements Lease {
  /** The array. */
  readonly buffer: DeviceBuffer;
  #holders = 1;

  /**
   * Constructs a new instance, held once.
   *
   * @param buffer The array, which is taken over.
   */
  constructor(buffer: DeviceBuffer) {
    this.buffer = buffer;
    HELD.bytes += bytesOf(buffer);
  }

  /** The backend that holds the array. */
  get backend(): Backend {
    return this.buffer.backend;
  }

  /** Whether more than one holds it. */
  get isShared(): boolean {
    return this.#holders > 1;
  }

  /**
   * Holds it once more.
   *
   * @returns Itself, to be released once more.
   */
  hold(): this {
    this.#holders++;
    return this;
  }

  /** Lets go once. */
  release(): void {
    assertInvariant(this.#holders > 0, "an array is released as often as held");
    if (--this.#holders > 0) return;
    HELD.bytes -= bytesOf(this.buffer);
    this.buffer.backend.free(this.buffer);
  }
}

function bytesOf({ dtype, size }: DeviceBuffer): number {
  return size * itemBytes(dtype);
}
