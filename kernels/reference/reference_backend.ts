import {
  hostArray,
  isHalfDType,
  roundHalf,
  sizeOf,
  workObserver,
} from "../../core/base/mod.ts";
import type {
  Backend,
  BufferSpec,
  DeviceBuffer,
  Executable,
  HostElements,
  Program,
} from "../backend.ts";
import {
  assertFilled,
  assertFitting,
  assertSupplied,
  OwnBuffer,
  ownBuffer,
} from "../own_buffer.ts";
import { describeLaunch, outputShape } from "../ir/mod.ts";
import type { ReferenceArray } from "./places.ts";
import type { runKernel } from "./run_kernel.ts";

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

class ReferenceBuffer extends OwnBuffer {
  readonly elements: ReferenceArray;

  constructor(backend: Backend, spec: BufferSpec, elements: ReferenceArray) {
    super(backend, spec);
    this.elements = elements;
  }
}

class ReferenceBackend implements Backend {
  readonly name = "reference";
  readonly #buffers = { backend: this, type: ReferenceBuffer };
  readonly #precision: "float32" | "float64";

  constructor(precision: "float32" | "float64") {
    this.#precision = precision;
  }

  refuses(): undefined {
    return undefined;
  }

  allocate(spec: BufferSpec): ReferenceBuffer {
    return new ReferenceBuffer(this, spec, this.#array(spec));
  }

  free(): void {
    // The garbage collector does: work that somebody holds back still sees the array.
  }

  write(buffer: DeviceBuffer, elements: HostElements): void {
    const own = this.#own(buffer);
    assertFilled(own, elements);
    const { dtype } = own;
    own.elements.set(
      isHalfDType(dtype) ? elements.map((x) => roundHalf(x, dtype)) : elements,
    );
  }

  read(buffer: DeviceBuffer): Promise<HostElements> {
    return Promise.resolve(this.#own(buffer).elements.slice());
  }

  // The interpreter is loaded with the first program: nearly all processes run none.
  async compile(program: Program): Promise<Executable> {
    const { runKernel } = await import("./run_kernel.ts");
    const specs = [...program.inputs, ...program.outputs];
    return {
      run: (inputs, outputs) => {
        assertSupplied(program, inputs, outputs);
        const bound = [...inputs, ...outputs].map((buffer, i) => {
          const own = this.#own(buffer);
          assertFitting(own, specs[i]!);
          return own.elements;
        });
        this.#run(program, { bound, interpret: runKernel });
      },
      [Symbol.dispose]: () => {},
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #run(
    program: Program,
    { bound, interpret }: {
      readonly bound: readonly ReferenceArray[];
      readonly interpret: typeof runKernel;
    },
  ): void {
    const observer = workObserver("kernel");
    const arrays: (ReferenceArray | undefined)[] = [...bound];
    for (const { kernel, inputs, output } of program.steps) {
      // A temporary is a fresh array each time: sharing memory is for backends that need to.
      const target = output < bound.length ? arrays[output]! : this.#array({
        dtype: kernel.dtype,
        size: sizeOf(outputShape(kernel)),
      });
      const operands = inputs.map((index) => arrays[index]!);
      if (observer) {
        observer(
          describeLaunch(this.name, kernel),
          () => interpret(kernel, operands, target),
        );
      } else interpret(kernel, operands, target);
      arrays[output] = target;
    }
  }

  #array({ dtype, size }: BufferSpec): ReferenceArray {
    const isDouble = dtype === "float32" && this.#precision === "float64";
    return isDouble ? new Float64Array(size) : hostArray(dtype, size);
  }

  #own(buffer: DeviceBuffer): ReferenceBuffer {
    return ownBuffer(buffer, this.#buffers);
  }
}
