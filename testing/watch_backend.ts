import {
  assertFunction,
  assertInvariant,
  assertMethods,
} from "../core/base/mod.ts";
import type {
  Backend,
  BufferSpec,
  DeviceBuffer,
  Executable,
  HostElements,
  Program,
} from "../kernels/mod.ts";
import { optionsOf } from "../ops/mod.ts";

/** What is asked of a backend while it is watched. */
export type BackendCall = "allocate" | "compile" | "read" | "run";

/** Options of {@linkcode watchBackend}. */
export interface WatchOptions {
  /**
   * Is called before the backend does something. What it throws is thrown to whoever asked; a promise
   * from it is awaited, where the backend may take its time: in `compile`, `read` and `run`.
   */
  readonly onCall?: (call: BackendCall) => void | Promise<void>;
}

/** A backend that knows what is in use. */
export interface WatchedBackend extends Backend {
  /** Arrays that were allocated and have not been freed. */
  readonly liveBuffers: number;
  /** Compiled programs that have not been disposed. */
  readonly liveExecutables: number;
}

/**
 * Watches over a backend: counts what is in use, stops at an array that is used or freed after it was
 * freed, and lets a test fail or delay a call. It is what leaks and races are tested with.
 *
 * @example Memory that is given back
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { watchBackend } from "@spiraltorch/spiraltorch/testing";
 * import { createReferenceBackend } from "@spiraltorch/spiraltorch/kernels/reference";
 * import { realizeOn, tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * await using backend = watchBackend(createReferenceBackend());
 * {
 *   using x = tensor([1, 2]);
 *   using y = x.add(1);
 *   await realizeOn([y], { backend });
 *   assertEquals(backend.liveBuffers, 2);
 * }
 * assertEquals(backend.liveBuffers, 0);
 * ```
 *
 * @param backend The backend, which is disposed with the one returned.
 * @param options What to do before its calls.
 * @returns The same backend, watched.
 */
export function watchBackend(
  backend: Backend,
  options?: WatchOptions,
): WatchedBackend {
  const { onCall = () => {} } = optionsOf("watchBackend", options);
  assertFunction("onCall of watchBackend", onCall);
  assertMethods("backend of watchBackend", backend, "allocate", "compile");
  return new Watch(backend, onCall);
}

class Watch implements WatchedBackend {
  readonly name: string;
  readonly #backend: Backend;
  readonly #onCall: (call: BackendCall) => void | Promise<void>;
  readonly #buffers = new Map<DeviceBuffer, DeviceBuffer>();
  readonly #executables = new Set<Executable>();

  constructor(
    backend: Backend,
    onCall: (call: BackendCall) => void | Promise<void>,
  ) {
    this.name = backend.name;
    this.#backend = backend;
    this.#onCall = onCall;
  }

  get liveBuffers(): number {
    return this.#buffers.size;
  }

  get liveExecutables(): number {
    return this.#executables.size;
  }

  refuses(...args: Parameters<Backend["refuses"]>): string | undefined {
    return this.#backend.refuses(...args);
  }

  allocate(spec: BufferSpec): DeviceBuffer {
    this.#onCall("allocate");
    const { dtype, size } = spec;
    const buffer = { backend: this, dtype, size };
    this.#buffers.set(buffer, this.#backend.allocate({ dtype, size }));
    return buffer;
  }

  free(buffer: DeviceBuffer): void {
    this.#backend.free(this.#inner(buffer));
    this.#buffers.delete(buffer);
  }

  write(buffer: DeviceBuffer, elements: HostElements): void {
    this.#backend.write(this.#inner(buffer), elements);
  }

  async read(buffer: DeviceBuffer): Promise<HostElements> {
    const elements = this.#backend.read(this.#inner(buffer));
    await this.#onCall("read");
    return await elements;
  }

  compile(program: Program): Executable | Promise<Executable> {
    const delay = this.#onCall("compile");
    const compile = () => this.#backend.compile(program);
    const compiled = delay ? delay.then(compile) : compile();
    return compiled instanceof Promise
      ? compiled.then((executable) => this.#watch(executable))
      : this.#watch(compiled);
  }

  #watch(executable: Executable): Executable {
    const watched: Executable = {
      run: (inputs, outputs) => {
        assertInvariant(
          this.#executables.has(watched),
          "a program is not run after it was disposed",
        );
        const arrays = [inputs, outputs].map((buffers) =>
          buffers.map((buffer) => this.#inner(buffer))
        );
        const delay = this.#onCall("run");
        const run = () => executable.run(arrays[0]!, arrays[1]!);
        return delay ? delay.then(run) : run();
      },
      [Symbol.dispose]: () => {
        this.#executables.delete(watched);
        executable[Symbol.dispose]();
      },
    };
    this.#executables.add(watched);
    return watched;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#backend[Symbol.asyncDispose]();
  }

  #inner(buffer: DeviceBuffer): DeviceBuffer {
    const inner = this.#buffers.get(buffer);
    assertInvariant(inner, "an array is not used after it was freed");
    return inner;
  }
}
