import { assertInvariant } from "../../core/base/mod.ts";
import type { Backend, DeviceBuffer } from "../../kernels/mod.ts";
import type { Lease } from "../buffer_lease.ts";
import type { Storage } from "../storage.ts";

/**
 * Elements that a run has borrowed as they were when it was asked for. A run may have to wait, for code
 * to be loaded or elements to be moved; what happens to the tensors meanwhile is not its concern.
 */
export class Leases implements Disposable {
  /** By storage, their arrays. */
  readonly #held: ReadonlyMap<Storage, Lease>;

  /**
   * Constructs a new instance.
   *
   * @param held What has been leased, which is taken over.
   */
  constructor(held: ReadonlyMap<Storage, Lease>) {
    this.#held = held;
  }

  /**
   * Finds an array.
   *
   * @param storage Whose elements.
   * @returns The array, or `undefined` if they are not leased.
   */
  find(storage: Storage): DeviceBuffer | undefined {
    return this.#held.get(storage)?.buffer;
  }

  /**
   * Finds an array that must be there.
   *
   * @param storage Whose elements, which have been leased.
   * @returns The array.
   */
  bufferOf(storage: Storage): DeviceBuffer {
    const buffer = this.find(storage);
    assertInvariant(buffer, "a run binds elements that it has leased");
    return buffer;
  }

  [Symbol.dispose](): void {
    this.#held.forEach(release);
  }
}

/**
 * Borrows elements, from the call on.
 *
 * @param storages The elements.
 * @param backend Where to have them.
 * @returns The leases, or a promise of them if some elements must first be read from another backend.
 * @throws {TensorError} `TENSOR_DISPOSED` if elements are gone.
 * @throws {BackendError} `OUT_OF_MEMORY` if there is no room for them; so does the promise.
 */
export function leaseStorages(
  storages: Iterable<Storage>,
  backend: Backend,
): Leases | Promise<Leases> {
  const near = new Map<Storage, Lease>();
  const far = new Map<Storage, Promise<Lease>>();
  try {
    for (const storage of new Set(storages)) {
      const leased = storage.lease(backend);
      if (leased instanceof Promise) far.set(storage, leased);
      else near.set(storage, leased);
    }
  } catch (error) {
    near.forEach(release);
    for (const moving of far.values()) moving.then(release, () => {});
    throw error;
  }
  return far.size === 0 ? new Leases(near) : leaseFar(near, far);
}

async function leaseFar(
  held: Map<Storage, Lease>,
  far: ReadonlyMap<Storage, Promise<Lease>>,
): Promise<Leases> {
  const settled = await Promise.allSettled(far.values());
  let index = 0;
  for (const storage of far.keys()) {
    const outcome = settled[index++]!;
    if (outcome.status === "fulfilled") held.set(storage, outcome.value);
  }
  const failed = settled.find(({ status }) => status === "rejected");
  if (failed?.status !== "rejected") return new Leases(held);
  held.forEach(release);
  throw failed.reason;
}

function release(lease: Lease): void {
  lease.release();
}
