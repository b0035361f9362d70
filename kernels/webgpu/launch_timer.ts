import type { GpuArray } from "./gpu_array.ts";

/** Bytes of a time, in nanoseconds. */
const TIME_BYTES = 8;
/** Times that one set of queries holds everywhere, two a launch. */
const QUERIES_MAX = 4096;
const LAUNCHES_MAX = QUERIES_MAX / 2;

/**
 * Notes when each launch of a program begins and ends, by the clock of the device. Each launch is a pass
 * of its own then, so that what runs is what is timed.
 */
export class LaunchTimer implements Disposable {
  readonly #sets: readonly GPUQuerySet[];
  readonly #launches: number;
  /** The times, once they have been resolved; it is not of the pool. */
  readonly array: GpuArray;

  /**
   * Constructs a new instance.
   *
   * @param device A device with the feature `timestamp-query`.
   * @param launches How many there are, from 1.
   */
  constructor(device: GPUDevice, launches: number) {
    this.#launches = launches;
    this.#sets = Array.from(
      { length: Math.ceil(launches / LAUNCHES_MAX) },
      (_, i) =>
        device.createQuerySet({
          type: "timestamp",
          count: 2 * Math.min(LAUNCHES_MAX, launches - i * LAUNCHES_MAX),
        }),
    );
    const bytes = 2 * TIME_BYTES * launches;
    const raw = device.createBuffer({
      size: bytes,
      usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    });
    this.array = { id: -1, raw, bytes };
  }

  /**
   * Describes the pass of a launch.
   *
   * @param launch Its number.
   * @returns What a pass is begun with.
   */
  describe(launch: number): GPUComputePassDescriptor {
    const first = launch % LAUNCHES_MAX * 2;
    return {
      timestampWrites: {
        querySet: this.#sets[Math.floor(launch / LAUNCHES_MAX)]!,
        beginningOfPassWriteIndex: first,
        endOfPassWriteIndex: first + 1,
      },
    };
  }

  /**
   * Writes down that the times are wanted, after the launches.
   *
   * @param encoder Where to.
   */
  resolve(encoder: GPUCommandEncoder): void {
    this.#sets.forEach((set, i) => {
      const start = i * QUERIES_MAX * TIME_BYTES;
      encoder.resolveQuerySet(set, 0, set.count, this.array.raw, start);
    });
  }

  /**
   * Tells how long launches took; a clock that was set back meanwhile tells 0.
   *
   * @param times The elements of the array.
   * @returns Milliseconds of each.
   */
  durations(times: ArrayBuffer): readonly number[] {
    const nanoseconds = new BigUint64Array(times);
    return Array.from({ length: this.#launches }, (_, i) => {
      const passed = nanoseconds[2 * i + 1]! - nanoseconds[2 * i]!;
      return Math.max(0, Number(BigInt.asIntN(64, passed)) / 1e6);
    });
  }

  /** Lets go of the memory. */
  [Symbol.dispose](): void {
    this.array.raw.destroy();
    for (const set of this.#sets) set.destroy();
  }
}
