/** Sizes per axis. */
export type Shape = readonly number[];

/** An array in double precision. */
export interface Value {
  readonly shape: Shape;
  readonly data: Float64Array;
}
