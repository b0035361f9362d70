/**
 * A backend that somebody has brought, as others get it. They hold nothing of the backend itself, neither
 * it nor its arrays, so it can be taken back: from then on everything ends with `BACKEND_REVOKED`, what is
 * under way too. What its code throws without a code is wrapped, once, here.
 *
 * @module
 */
import { isCoded } from "../core/base/mod.ts";
import type {
  Backend,
  BufferSpec,
  DeviceBuffer,
  Executable,
  HostElements,
  Program,
} from "./backend.ts";
import {
  backendDisposed,
  type BackendError,
  backendFailed,
  backendRevoked,
  type BroughtBackend,
  type Kernel,
} from "./ir/mod.ts";
import { OwnBuffer, ownBuffer } from "./own_buffer.ts";

/** What a backend must be able to do. */
const METHODS = [
  "refuses",
  "allocate",
  "free",
  "write",
  "read",
  "compile",
  Symbol.asyncDispose,
] as const;

/** Where a backend comes from. */
interface LendOptions {
  readonly from: BroughtBackend;
  readonly onEnd: () => void;
}

/** An array as its user holds it. */
class LentBuffer extends OwnBuffer {
  readonly inner: DeviceBuffer;

  constructor(backend: Backend, spec: BufferSpec, inner: DeviceBuffer) {
    super(backend, spec);
    this.inner = inner;
  }
}

/** A backend that can be taken back. */
export class LentBackend implements Backend {
  /** The name under which it was brought. */
  readonly name: string;
  readonly #from: BroughtBackend;
  readonly #onEnd: () => void;
  readonly #inner: Backend;
  readonly #buffers = { backend: this, type: LentBuffer };
  /** Ends what is under way. */
  readonly #waiting = new Set<(reason: BackendError) => void>();
  #end: (() => BackendError) | undefined;
  #disposal: Promise<void> | undefined;

  /**
   * Constructs a new instance.
   *
   * @param inner The backend, which is disposed with it.
   * @param options Who has brought it and under which name, and what is done first at its end.
   * @throws {BackendError} `BACKEND_FAILED` if it is no backend.
   */
  constructor(inner: Backend, { from, onEnd }: LendOptions) {
    const found = Object(inner);
    const lacking = METHODS.find((name) => typeof found[name] !== "function");
    if (lacking !== undefined) {
      throw backendFailed(from, `create gave no ${String(lacking)}`);
    }
    this.name = from.name;
    this.#from = from;
    this.#onEnd = onEnd;
    this.#inner = inner;
  }

  /** @inheritDoc */
  refuses(kernel: Kernel): string | undefined {
    return this.#attempt("refuses", () => this.#inner.refuses(kernel));
  }

  /** @inheritDoc */
  allocate(spec: BufferSpec): DeviceBuffer {
    const inner = this.#attempt("allocate", () => this.#inner.allocate(spec));
    return new LentBuffer(this, spec, inner);
  }

  /** @inheritDoc */
  free(buffer: DeviceBuffer): void {
    if (this.#end) return;
    const own = ownBuffer(buffer, this.#buffers);
    own.isFree = true;
    this.#attempt("free", () => this.#inner.free(own.inner));
  }

  /** @inheritDoc */
  write(buffer: DeviceBuffer, elements: HostElements): void {
    const inner = this.#innerOf(buffer);
    this.#attempt("write", () => this.#inner.write(inner, elements));
  }

  /** @inheritDoc */
  async read(buffer: DeviceBuffer): Promise<HostElements> {
    const inner = this.#innerOf(buffer);
    return await this.#attempt("read", () => this.#inner.read(inner));
  }

  /** @inheritDoc */
  compile(program: Program): Executable | Promise<Executable> {
    const compiled = this.#attempt(
      "compile",
      () => this.#inner.compile(program),
    );
    return compiled instanceof Promise
      ? compiled.then((inner) => this.#executable(inner))
      : this.#executable(compiled);
  }

  /**
   * Takes it back.
   *
   * @returns Resolves when the backend itself is disposed.
   */
  revoke(): Promise<void> {
    this.#end ??= () => backendRevoked(this.#from);
    for (const reject of this.#waiting) reject(this.#end());
    this.#waiting.clear();
    return this.#dispose();
  }

  /** Disposes it. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#end ??= () => backendDisposed(this.name);
    return this.#dispose();
  }

  #dispose(): Promise<void> {
    return this.#disposal ??= (async () => {
      this.#onEnd();
      await this.#inner[Symbol.asyncDispose]();
    })();
  }

  #executable(inner: Executable): Executable {
    type Buffers = readonly DeviceBuffer[];
    const own = (buffers: Buffers) => buffers.map((one) => this.#innerOf(one));
    const { runTimed } = inner;
    return {
      run: (inputs, outputs) => {
        const [given, filled] = [own(inputs), own(outputs)];
        return this.#attempt("run", () => inner.run(given, filled));
      },
      ...runTimed && {
        runTimed: async (inputs: Buffers, outputs: Buffers) => {
          const [given, filled] = [own(inputs), own(outputs)];
          return await this.#attempt(
            "run",
            () => runTimed.call(inner, given, filled),
          );
        },
      },
      [Symbol.dispose]: () => {
        // With the backend went its code.
        if (!this.#end) this.#attempt("free", () => inner[Symbol.dispose]());
      },
    };
  }

  #innerOf(buffer: DeviceBuffer): DeviceBuffer {
    return ownBuffer(buffer, this.#buffers).inner;
  }

  /** Does something while the backend is there, and gives what it throws a code. */
  #attempt<Result>(method: string, work: () => Result): Result {
    if (this.#end) throw this.#end();
    try {
      const result = work();
      return result instanceof Promise
        ? this.#whileThere(method, result) as Result
        : result;
    } catch (error) {
      throw this.#coded(method, error);
    }
  }

  /** Waits for work, unless the backend is taken back meanwhile. */
  #whileThere<Value>(method: string, work: Promise<Value>): Promise<Value> {
    const { promise, resolve, reject } = Promise.withResolvers<Value>();
    this.#waiting.add(reject);
    work.then(resolve, (error) => reject(this.#coded(method, error)))
      .finally(() => this.#waiting.delete(reject));
    return promise;
  }

  #coded(method: string, cause: unknown): unknown {
    if (isCoded(cause)) return cause;
    return backendFailed(this.#from, `${method} threw ${String(cause)}`, {
      cause,
    });
  }
}
