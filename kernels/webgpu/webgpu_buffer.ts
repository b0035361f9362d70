import type { Backend, BufferSpec, DeviceBuffer } from "../backend.ts";
import type { GpuArray } from "./gpu_array.ts";

/** An array of the backend, as whoever computes sees it. */
export class WebGpuBuffer implements DeviceBuffer {
  /** The backend that holds it. */
  readonly backend: Backend;
  /** How its elements are stored. */
  readonly dtype: BufferSpec["dtype"];
  /** Number of elements. */
  readonly size: number;
  /** The array on the device, which may be larger. */
  readonly array: GpuArray;
  /** Whether it has been given back. */
  isFree = false;

  /**
   * Constructs a new instance.
   *
   * @param backend The backend that holds it.
   * @param spec What it holds.
   * @param array The array on the device.
   */
  constructor(backend: Backend, { dtype, size }: BufferSpec, array: GpuArray) {
    this.backend = backend;
    this.dtype = dtype;
    this.size = size;
    this.array = array;
  }
}
