/**
 * A GPU on a thread of its own. Waiting for a GPU blocks the thread that waits in Deno, and so does
 * compiling shaders: here the thread that computes is not the one that answers requests.
 *
 * What WebGPU hands out are stand-ins that number their objects: calls are collected, told to the thread
 * in order once this turn of the event loop is over, and made there.
 *
 * @module
 */
import type { AdapterSource } from "../open_device.ts";
import { DEVICE_PROGRAM } from "./device_program.ts";
import {
  type MessageThread,
  type StartThread,
  startThread,
} from "./start_thread.ts";

/** Numbers of the objects that are there from the start. */
const DEVICE = 0;
const QUEUE = 1;

interface Call {
  readonly object: number;
  readonly method: string;
  readonly args: readonly unknown[];
  /** Number of the object that it gives. */
  readonly result?: number;
  /** Number of the answer that is wanted. */
  readonly question?: number;
}

/** What the thread says. */
type Saying =
  | { readonly lost: GPUDeviceLostInfo }
  | {
    readonly answer: number;
    readonly value?: unknown;
    readonly reason?: string;
  };

/** What an adapter and a device are like. */
interface Traits {
  readonly limits: GPUSupportedLimits;
  readonly features: readonly GPUFeatureName[];
}

/**
 * Gives a GPU that is used by a thread of its own, so that the calling one stays responsive while it
 * computes and compiles: for servers, and for programs with something to show.
 *
 * Cost: a run takes some tens of microseconds more, and elements are copied once more. Each adapter has
 * a thread, which ends with its device.
 *
 * @example A backend beside the event loop
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import {
 *   createWebGpuBackend,
 *   threadGpu,
 * } from "@spiraltorch/spiraltorch/kernels/webgpu";
 *
 * if (await navigator.gpu?.requestAdapter()) {
 *   await using backend = await createWebGpuBackend({ gpu: threadGpu() });
 *   const x = backend.allocate({ dtype: "float32", size: 2 });
 *   backend.write(x, Float32Array.of(1, 2));
 *   assertEquals(await backend.read(x), Float32Array.of(1, 2));
 * }
 * ```
 *
 * @returns The GPU, for `createWebGpuBackend`. It has no adapter where there are no threads.
 */
export function threadGpu(): AdapterSource {
  return remoteGpu(startThread);
}

/**
 * Gives a GPU that is used by threads.
 *
 * @param start What starts one.
 * @returns The GPU.
 */
export function remoteGpu(start: StartThread): AdapterSource {
  return {
    requestAdapter: (options) => new RemoteGpu(start).requestAdapter(options),
  };
}

class RemoteGpu {
  readonly #thread: MessageThread | undefined;
  readonly #numbers = new WeakMap<object, number>();
  readonly #answers = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #lost = Promise.withResolvers<GPUDeviceLostInfo>();
  readonly #collected = new FinalizationRegistry<number>((object) => {
    this.#released.push(object);
    this.#tellSoon();
  });
  #calls: Call[] = [];
  #released: number[] = [];
  #bytes: ArrayBuffer[] = [];
  #isTelling = false;
  #next = QUEUE + 1;

  constructor(start: StartThread) {
    this.#thread = start(DEVICE_PROGRAM, {
      hear: (message) => this.#hear(message as Saying),
      miss: (reason) => this.#end(`its thread is gone: ${reason}`),
    });
  }

  async requestAdapter(
    options?: GPURequestAdapterOptions,
  ): Promise<GPUAdapter | null> {
    if (!this.#thread) return null;
    const found = await this.#ask<
      Traits & Pick<GPUAdapter, "info"> | null
    >("requestAdapter", [options ?? {}]);
    if (!found) {
      await this.#thread.end();
      return null;
    }
    return this.#standIn<GPUAdapter>(undefined, {
      limits: found.limits,
      features: new Set(found.features),
      info: found.info,
      requestDevice: (descriptor) => this.#requestDevice(descriptor),
    });
  }

  async #requestDevice(descriptor?: GPUDeviceDescriptor): Promise<GPUDevice> {
    const { limits, features } = await this.#ask<Traits>("requestDevice", [
      descriptor ?? {},
    ]);
    return this.#standIn<GPUDevice>(DEVICE, {
      limits,
      features: new Set(features),
      lost: this.#lost.promise,
      queue: this.#standIn<GPUQueue>(QUEUE, {}),
      popErrorScope: async () => {
        const reason = await this.#ask<string | undefined>("popErrorScope", []);
        return reason === undefined ? null : new GPUValidationError(reason);
      },
      createBuffer: (descriptor) => this.#createBuffer(descriptor),
      createQuerySet: (descriptor) =>
        this.#create<GPUQuerySet>(DEVICE, "createQuerySet", {
          args: [descriptor],
          own: { count: descriptor.count },
        }),
    });
  }

  #createBuffer(descriptor: GPUBufferDescriptor): GPUBuffer {
    let bytes = new ArrayBuffer(0);
    const number = this.#next;
    return this.#create<GPUBuffer>(DEVICE, "createBuffer", {
      args: [descriptor],
      own: {
        size: descriptor.size,
        mapAsync: async (mode, offset, size) => {
          const args = [mode, offset, size];
          bytes = await this.#ask<ArrayBuffer>("mapAsync", args, number);
          return undefined;
        },
        getMappedRange: () => bytes,
      },
    });
  }

  /** An object of another thread: what it has itself is here, what else it is asked for is told there. */
  #standIn<T extends object>(number: number | undefined, own: Partial<T>): T {
    const standIn = new Proxy<T>(own as T, {
      get: (target, name) => {
        if (name in target) return Reflect.get(target, name);
        // Whoever awaits it looks whether it is a promise.
        if (
          number === undefined || typeof name !== "string" || name === "then"
        ) {
          return undefined;
        }
        return (...args: unknown[]) => this.#call(number, name, args);
      },
    });
    if (number !== undefined) this.#numbers.set(standIn, number);
    return standIn;
  }

  #call(object: number, method: string, args: readonly unknown[]): unknown {
    if (/^(create|begin|finish)/.test(method)) {
      return this.#create(object, method, { args, own: {} });
    }
    this.#tell({ object, method, args: this.#plain(args) });
    return undefined;
  }

  #create<T extends object>(
    object: number,
    method: string,
    { args, own }: {
      readonly args: readonly unknown[];
      readonly own: Partial<T>;
    },
  ): T {
    const result = this.#next++;
    this.#tell({ object, method, args: this.#plain(args), result });
    const standIn = this.#standIn<T>(result, own);
    this.#collected.register(standIn, result);
    return standIn;
  }

  #ask<T>(
    method: string,
    args: readonly unknown[],
    object = DEVICE,
  ): Promise<T> {
    const question = this.#next++;
    const answer = Promise.withResolvers<T>();
    this.#answers.set(question, answer as PromiseWithResolvers<unknown>);
    this.#thread?.hold();
    this.#tell({ object, method, args: this.#plain(args), question });
    return answer.promise;
  }

  /** Arguments as they can be sent: objects of the thread by their numbers, bytes handed over. */
  #plain(args: readonly unknown[]): unknown[] {
    return args.map((value) => this.#plainValue(value));
  }

  #plainValue(value: unknown): unknown {
    if (value === null || typeof value !== "object") return value;
    const object = this.#numbers.get(value);
    if (object !== undefined) return { object };
    if (ArrayBuffer.isView(value)) {
      // The caller goes on with its own.
      const { buffer, byteOffset, byteLength } = value;
      const bytes = new Uint8Array(buffer, byteOffset, byteLength).slice();
      this.#bytes.push(bytes.buffer);
      return bytes;
    }
    if (Array.isArray(value)) return this.#plain(value);
    return Object.fromEntries(
      Object.entries(value).map((
        [name, each],
      ) => [name, this.#plainValue(each)]),
    );
  }

  #tell(call: Call): void {
    this.#calls.push(call);
    this.#tellSoon();
  }

  #tellSoon(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      const [calls, released, bytes] = [
        this.#calls,
        this.#released,
        this.#bytes,
      ];
      [this.#calls, this.#released, this.#bytes] = [[], [], []];
      this.#thread?.post({ calls, released }, bytes);
    });
  }

  #hear(saying: Saying): void {
    if ("lost" in saying) {
      this.#lost.resolve(saying.lost);
      void this.#thread?.end();
      return;
    }
    const answer = this.#answers.get(saying.answer);
    this.#answers.delete(saying.answer);
    if (this.#answers.size === 0) this.#thread?.letGo();
    if (saying.reason === undefined) answer?.resolve(saying.value);
    else answer?.reject(new Error(saying.reason));
  }

  /** Nobody answers any more. */
  #end(message: string): void {
    // It is the only reason that Deno has a name for; the message tells.
    this.#lost.resolve({ reason: "destroyed", message });
    for (const { reject } of this.#answers.values()) reject(new Error(message));
    this.#answers.clear();
    this.#thread?.letGo();
  }
}
