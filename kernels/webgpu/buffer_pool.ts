import type { GpuArray } from "./gpu_array.ts";

/** Sizes have so many steps from one power of two to the next: at most a fifth is lost. */
const STEPS = 4;
const BYTES_MIN = 256;

/** Idle arrays may take as many bytes as those in use, and so many more. */
const IDLE_BYTES = 2 ** 28;

/** What a pool is made with. */
export interface PoolOptions {
  /** Bytes that all arrays together may take. */
  readonly bytesMax: number;
  /** Bytes that one array may take. */
  readonly arrayBytesMax: number;
  /** Makes an array. */
  readonly make: (bytes: number) => GpuArray;
}

/**
 * Arrays on the device that are used again and again. An array may be taken anew as soon as it has been
 * given back: the device does what it is told in order.
 */
export class BufferPool {
  readonly #options: PoolOptions;
  readonly #idle = new Map<number, GpuArray[]>();
  readonly #spoiled = new WeakSet<GpuArray>();
  #usedBytes = 0;
  #idleBytes = 0;

  /**
   * Constructs a new instance.
   *
   * @param options Its size, and where arrays come from.
   */
  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Bytes of arrays in use. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Bytes that all arrays together may take. */
  get bytesMax(): number {
    return this.#options.bytesMax;
  }

  /**
   * Takes an array.
   *
   * @param bytes How many bytes it must have.
   * @returns The array, or `undefined` if there is no room.
   */
  take(bytes: number): GpuArray | undefined {
    const { bytesMax, arrayBytesMax, make } = this.#options;
    if (bytes > arrayBytesMax) return undefined;
    const size = Math.min(classOf(bytes), arrayBytesMax);
    if (this.#usedBytes + size > bytesMax) return undefined;
    const known = this.#idle.get(size)?.pop();
    this.#usedBytes += size;
    if (known) {
      this.#idleBytes -= size;
      return known;
    }
    this.#shrinkTo(bytesMax - this.#usedBytes);
    return make(size);
  }

  /**
   * Gives an array back.
   *
   * @param array The array.
   */
  give(array: GpuArray): void {
    const { bytes, raw } = array;
    if (this.#spoiled.has(array)) {
      this.#usedBytes -= bytes;
      raw.destroy();
      return;
    }
    const idle = this.#idle.get(bytes);
    if (idle) idle.push(array);
    else this.#idle.set(bytes, [array]);
    this.#usedBytes -= bytes;
    this.#idleBytes += bytes;
    this.#shrinkTo(this.#usedBytes + IDLE_BYTES);
  }

  /**
   * Notes that an array is none: it is not given out again.
   *
   * @param array The array, which is in use.
   */
  spoil(array: GpuArray): void {
    this.#spoiled.add(array);
  }

  /** Lets go of what nobody uses. */
  clear(): void {
    this.#shrinkTo(0);
  }

  #shrinkTo(bytes: number): void {
    for (const [size, arrays] of this.#idle) {
      while (this.#idleBytes > bytes && arrays.length > 0) {
        arrays.pop()!.raw.destroy();
        this.#idleBytes -= size;
      }
    }
  }
}

/**
 * Rounds a number of bytes up to a size that arrays come in.
 *
 * @param bytes How many are wanted.
 * @returns How many there will be, a multiple of 64.
 */
export function classOf(bytes: number): number {
  if (bytes <= BYTES_MIN) return BYTES_MIN;
  const below = 2 ** Math.floor(Math.log2(bytes - 1));
  const step = below / STEPS;
  return Math.ceil(bytes / step) * step;
}
