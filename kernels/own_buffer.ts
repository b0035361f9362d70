import { assertInvariant, type DType } from "../core/base/mod.ts";
import type {
  Backend,
  BufferSpec,
  DeviceBuffer,
  HostElements,
  Program,
} from "./backend.ts";

/** An array of a backend, as that backend knows it. */
export abstract class OwnBuffer implements DeviceBuffer {
  /** The backend that holds it. */
  readonly backend: Backend;
  /** How its elements are stored. */
  readonly dtype: DType;
  /** Number of elements. */
  readonly size: number;
  /** Whether it has been given back. */
  isFree = false;

  /**
   * Constructs a new instance.
   *
   * @param backend The backend that holds it.
   * @param spec What it holds.
   */
  constructor(backend: Backend, { dtype, size }: BufferSpec) {
    this.backend = backend;
    this.dtype = dtype;
    this.size = size;
  }
}

/** Whose buffers are asked for. */
export interface BufferOwner<Own extends OwnBuffer> {
  /** The backend. */
  readonly backend: Backend;
  /** The class of its buffers. */
  readonly type: abstract new (...args: never[]) => Own;
}

/**
 * Requires that a buffer is a backend's own, and in use.
 *
 * @typeParam Own The class of the backend's buffers.
 * @param buffer The buffer.
 * @param owner The backend.
 * @returns The buffer, as the backend knows it.
 * @throws {InvariantError} If another backend made it, or it has been freed.
 */
export function ownBuffer<Own extends OwnBuffer>(
  buffer: DeviceBuffer,
  { backend, type }: BufferOwner<Own>,
): Own {
  assertInvariant(
    buffer instanceof type && buffer.backend === backend,
    "a buffer is used by the backend that made it",
  );
  assertInvariant(!buffer.isFree, "a buffer that is used has not been freed");
  return buffer;
}

/**
 * Requires of a buffer what a program was compiled for.
 *
 * @param buffer The buffer.
 * @param spec What the program expects.
 * @throws {InvariantError} If it is of another dtype or size.
 */
export function assertFitting(
  { dtype, size }: DeviceBuffer,
  spec: BufferSpec,
): void {
  assertInvariant(
    dtype === spec.dtype && size === spec.size,
    "a program is run with buffers of the sizes and dtypes it was compiled for",
  );
}

/**
 * Requires all buffers that a program runs with.
 *
 * @param program The program.
 * @param inputs What it is to read.
 * @param outputs What it is to fill.
 * @throws {InvariantError} If there are more or fewer.
 */
export function assertSupplied(
  program: Program,
  inputs: readonly DeviceBuffer[],
  outputs: readonly DeviceBuffer[],
): void {
  assertInvariant(
    inputs.length === program.inputs.length &&
      outputs.length === program.outputs.length,
    "a program is run with all its buffers",
  );
}

/**
 * Requires as many elements as a buffer has.
 *
 * @param buffer The buffer.
 * @param elements What it is to be filled with.
 * @throws {InvariantError} If there are more or fewer.
 */
export function assertFilled(
  { size }: DeviceBuffer,
  elements: HostElements,
): void {
  assertInvariant(
    elements.length === size,
    "a buffer is filled with as many elements as it has",
  );
}
