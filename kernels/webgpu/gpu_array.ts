/** An array on the device. */
export interface GpuArray {
  /** A number that no other array of the backend has, or ever had. */
  readonly id: number;
  /** The array itself. */
  readonly raw: GPUBuffer;
  /** Its size. */
  readonly bytes: number;
}
