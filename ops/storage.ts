import type { DType } from "../core/base/mod.ts";
import type { Backend, DeviceBuffer, HostElements } from "../kernels/mod.ts";
import { tensorDisposed } from "./errors.ts";
import { type Lease, SharedBuffer } from "./buffer_lease.ts";

// Storage that nobody can reach any more gives its memory back. Not state that decides anything:
// without it memory is merely kept longer.
const REGISTRY: FinalizationRegistry<SharedBuffer> = new FinalizationRegistry(
  (buffer) => buffer.release(),
);

/**
 * Where a computed tensor's elements are: on the host, in a backend, or in both. It alone decides
 * when a backend's memory is given back: on disposal, or when nobody can reach it any more.
 */
export class Storage implements Disposable {
  /** How elements are stored. */
  readonly dtype: DType;
  /** Number of elements. */
  readonly size: number;
  #host: HostElements | undefined;
  #buffer: SharedBuffer | undefined;
  #isDisposed = false;
  /** How often the elements have been replaced. */
  #replaced = 0;

  /**
   * Constructs a new instance, which takes over what it is given.
   *
   * @param elements Elements on the host, or in a backend.
   */
  constructor(
    elements: { readonly dtype: DType; readonly host: HostElements } | {
      readonly buffer: DeviceBuffer;
    },
  ) {
    if ("host" in elements) {
      this.dtype = elements.dtype;
      this.size = elements.host.length;
      this.#host = elements.host;
    } else {
      this.dtype = elements.buffer.dtype;
      this.size = elements.buffer.size;
      this.#setBuffer(new SharedBuffer(elements.buffer));
    }
  }

  /** Whether the elements are gone. */
  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /** The backend that holds the elements, if one does. */
  get backend(): Backend | undefined {
    return this.#buffer?.backend;
  }

  /**
   * Brings the elements to a backend.
   *
   * @param backend The backend.
   * @returns Its array, or a promise of it where they must first be read from another backend.
   * @throws {TensorError} `TENSOR_DISPOSED` if the elements are gone.
   */
  bufferOn(backend: Backend): DeviceBuffer | Promise<DeviceBuffer> {
    this.#assertAlive();
    if (this.#buffer?.backend === backend) return this.#buffer.buffer;
    if (this.#host) return this.#upload(backend, this.#host);
    // By then they may be elsewhere, be others, or be gone.
    return this.elements().then(() => this.bufferOn(backend));
  }

  /** Whether somebody besides this storage holds the array with the elements. */
  get isLeased(): boolean {
    return this.#buffer?.isShared ?? false;
  }

  /**
   * Lends the elements as they are now, whatever becomes of this storage: even when it is disposed, or
   * filled anew.
   *
   * @param backend The backend to have them in.
   * @returns Their array, which must be released; or a promise of it where they must first be read from
   * another backend.
   * @throws {TensorError} `TENSOR_DISPOSED` if the elements are gone.
   */
  lease(backend: Backend): Lease | Promise<Lease> {
    this.#assertAlive();
    const isNear = this.#buffer?.backend === backend || this.#host;
    return isNear ? this.#leaseNear(backend) : this.#leaseFar(backend);
  }

  /**
   * Reads the elements to the host.
   *
   * @returns The elements, which must not be changed.
   * @throws {TensorError} `TENSOR_DISPOSED` if the elements are gone.
   */
  async elements(): Promise<HostElements> {
    this.#assertAlive();
    if (this.#host) return this.#host;
    const [buffer, replaced] = [this.#buffer!, this.#replaced];
    const host = await buffer.backend.read(buffer.buffer);
    // What was read while the elements were replaced is what they were before.
    if (!this.#isDisposed && this.#replaced === replaced) this.#host = host;
    return host;
  }

  /**
   * Looks at elements that are on the host.
   *
   * @returns The elements, which must not be changed; `undefined` if they are in a backend only.
   * @throws {TensorError} `TENSOR_DISPOSED` if the elements are gone.
   */
  hostElements(): HostElements | undefined {
    this.#assertAlive();
    return this.#host;
  }

  /**
   * Gives an array that whoever asks will fill completely. Whoever leased the old elements keeps them.
   *
   * @param backend The backend to have it in.
   * @returns The array, whose contents no longer count.
   * @throws {TensorError} `TENSOR_DISPOSED` if the elements are gone.
   */
  bufferToFill(backend: Backend): DeviceBuffer {
    this.#assertAlive();
    this.#host = undefined;
    this.#replaced++;
    if (this.#buffer?.backend !== backend || this.#buffer.isShared) {
      this.#release();
      this.#setBuffer(new SharedBuffer(backend.allocate(this)));
    }
    return this.#buffer!.buffer;
  }

  /**
   * Exchanges elements with another storage of the same dtype and size.
   *
   * @param other The other.
   * @throws {TensorError} `TENSOR_DISPOSED` if the elements of one are gone.
   */
  swap(other: Storage): void {
    this.#assertAlive();
    other.#assertAlive();
    this.#replaced++;
    other.#replaced++;
    const [mine, theirs] = [this.#buffer, other.#buffer];
    REGISTRY.unregister(this);
    REGISTRY.unregister(other);
    [this.#host, other.#host] = [other.#host, this.#host];
    this.#buffer = other.#buffer = undefined;
    if (theirs) this.#setBuffer(theirs);
    if (mine) other.#setBuffer(mine);
  }

  /** Gives the memory back. Doing so twice does nothing. */
  [Symbol.dispose](): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#host = undefined;
    this.#release();
  }

  #leaseNear(backend: Backend): Lease {
    this.bufferOn(backend);
    return this.#buffer!.hold();
  }

  async #leaseFar(backend: Backend): Promise<Lease> {
    const replaced = this.#replaced;
    const host = await this.elements();
    if (!this.#isDisposed && this.#replaced === replaced) {
      return this.#leaseNear(backend);
    }
    const buffer = backend.allocate(this);
    backend.write(buffer, host);
    return new SharedBuffer(buffer);
  }

  #upload(backend: Backend, host: HostElements): DeviceBuffer {
    const buffer = backend.allocate(this);
    backend.write(buffer, host);
    this.#release();
    this.#setBuffer(new SharedBuffer(buffer));
    return buffer;
  }

  #setBuffer(buffer: SharedBuffer): void {
    this.#buffer = buffer;
    REGISTRY.register(this, buffer, this);
  }

  #release(): void {
    if (!this.#buffer) return;
    REGISTRY.unregister(this);
    this.#buffer.release();
    this.#buffer = undefined;
  }

  #assertAlive(): void {
    if (this.#isDisposed) throw tensorDisposed(this.size);
  }
}
