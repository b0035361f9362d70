import {
  assertInvariant,
  type DType,
  hostArray,
  isHalfDType,
  roundHalf,
  sizeOf,
} from "../../core/base/mod.ts";
import type {
  Backend,
  BufferSpec,
  DeviceBuffer,
  Executable,
  HostElements,
  Program,
} from "../backend.ts";
import { outputShape } from "../ir/mod.ts";
import type { ReferenceArray } from "./places.ts";
import { runKernel } from "./run_kernel.ts";

/** Options of {@linkcode createReferenceBackend}. */
export interface ReferenceOptions {
  /**
   * How `float32` tensors are stored between kernels. In `float64` nothing is rounded on the way, so
   * central differences have the accuracy that a gradient check needs.
   *
   * @default {"float64"}
   */
  readonly precision?: "float32" | "float64";
}

/**
 * Makes the backend that other backends are measured against: it interprets kernels in plain
 * TypeScript.
 *
 * @example Doubling in plain TypeScript
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createReferenceBackend } from "@spiraltorch/spiraltorch/kernels/reference";
 *
 * await using backend = createReferenceBackend();
 * const buffer = backend.allocate({ dtype: "float32", size: 2 });
 * backend.write(buffer, Float32Array.of(1, 2));
 * assertEquals(await backend.read(buffer), Float64Array.of(1, 2));
 * ```
 *
 * @param options How numbers are stored.
 * @returns The backend.
 */
export function createReferenceBackend(
  { precision = "float64" }: ReferenceOptions = {},
): Backend {
  return new ReferenceBackend(precision);
}

interface ReferenceBuffer extends DeviceBuffer {
  readonly elements: ReferenceArray;
}

class ReferenceBackend implements Backend {
  readonly name = "reference";
  readonly #precision: "float32" | "float64";

  constructor(precision: "float32" | "float64") {
    this.#precision = precision;
  }

  refuses(): undefined {
    return undefined;
  }

  allocate({ dtype, size }: BufferSpec): ReferenceBuffer {
    return { backend: this, dtype, size, elements: this.#array(dtype, size) };
  }

  free(): void {
    // The garbage collector does.
  }

  write(buffer: DeviceBuffer, elements: HostElements): void {
    const own = this.#own(buffer);
    const { dtype } = own;
    own.elements.set(
      isHalfDType(dtype) ? elements.map((x) => roundHalf(x, dtype)) : elements,
    );
  }

  read(buffer: DeviceBuffer): Promise<HostElements> {
    return Promise.resolve(this.#own(buffer).elements.slice());
  }

  compile(program: Program): Executable {
    return {
      run: (inputs, outputs) => this.#run(program, [...inputs, ...outputs]),
      [Symbol.dispose]: () => {},
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #run(program: Program, bound: readonly DeviceBuffer[]): void {
    const arrays: (ReferenceArray | undefined)[] = bound.map((buffer) =>
      this.#own(buffer).elements
    );
    for (const { kernel, inputs, output } of program.steps) {
      // A temporary is a fresh array each time: sharing memory is for backends that need to.
      const target = output < bound.length ? arrays[output]! : this.#array(
        kernel.dtype,
        sizeOf(outputShape(kernel)),
      );
      runKernel(kernel, inputs.map((index) => arrays[index]!), target);
      arrays[output] = target;
    }
  }

  #array(dtype: DType, size: number): ReferenceArray {
    const isDouble = dtype === "float32" && this.#precision === "float64";
    return isDouble ? new Float64Array(size) : hostArray(dtype, size);
  }

  #own(buffer: DeviceBuffer): ReferenceBuffer {
    assertInvariant(
      buffer.backend === this && "elements" in buffer,
      "a buffer is used by the backend that made it",
    );
    return buffer as ReferenceBuffer;
  }
}
