import type { Backend, BufferSpec } from "../backend.ts";
import { OwnBuffer } from "../own_buffer.ts";
import type { GpuArray } from "./gpu_array.ts";

/** An array of the backend, as whoever computes sees it. */
export class WebGpuBuffer extends OwnBuffer {
  /** The array on the device, which may be larger. */
  readonly array: GpuArray;

  /**
   * Constructs a new instance.
   *
   * @param backend The backend that holds it.
   * @param spec What it holds.
   * @param array The array on the device.
   */
  constructor(backend: Backend, spec: BufferSpec, array: GpuArray) {
    super(backend, spec);
    this.array = array;
  }
}
