/**
 * Functions of tensors, planned once and replayed: the graph is built, scheduled and compiled at the
 * first call with tensors of some dtypes and shapes, and every further such call only runs it.
 *
 * @module
 */
import type { Backend } from "../kernels/backend.ts";
import { defaultBackend } from "../kernels/default/mod.ts";
import { invalidOption, optionsOf } from "../core/base/mod.ts";
import type { FallbackMode } from "./dispatch/fallbacks.ts";
import type { Step } from "./recording.ts";
import { Recordings } from "./recordings.ts";
import { type Tensor, toNode } from "./tensor.ts";
import type { TensorTree } from "./tensor_tree.ts";

/** Options of {@linkcode compile} and {@linkcode compileStep}. */
export interface CompileOptions {
  /** Where to compute; the default backend at each call if left out. */
  readonly backend?: Backend;
  /**
   * What is done where the backend, or an operator's kernel for it, cannot compute a call: `next` lets
   * the next backend or kernel do it, `error` refuses.
   *
   * @default {"next"}
   */
  readonly fallback?: FallbackMode;
}

/**
 * A compiled function. Disposing it frees its code and its temporaries.
 *
 * @typeParam Result What it gives back.
 */
export interface Compiled<Result extends TensorTree> extends Disposable {
  /**
   * Runs the function.
   *
   * @param tensors Its arguments.
   * @returns Its result, computed.
   */
  (...tensors: readonly Tensor[]): Promise<Result>;
}

/**
 * Compiles a function of tensors.
 *
 * The function is called once for each combination of its arguments' dtypes and shapes, with
 * tensors that have no elements: it must describe the same computation whatever the elements are. The
 * last 256 combinations are kept, and fewer where there is no room for their temporaries.
 * Tensors that it closes over are read anew at each call.
 *
 * @example The same plan for each call
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compile, tensor } from "@spiraltorch/spiraltorch";
 *
 * let calls = 0;
 * using double = compile((x) => (calls++, x.mul(2)));
 * assertEquals(await (await double(tensor([1, 2]))).array(), [2, 4]);
 * assertEquals(await (await double(tensor([3, 4]))).array(), [6, 8]);
 * assertEquals(calls, 1);
 * ```
 *
 * @param fn The function.
 * @param options Where to compute.
 * @returns The compiled function.
 */
export function compile<Result extends TensorTree>(
  fn: (...tensors: readonly Tensor[]) => Result,
  options?: CompileOptions,
): Compiled<Result> {
  assertFunction(fn);
  return compileStep((...tensors) => ({
    result: fn(...tensors),
    updates: new Map(),
  }), options);
}

/**
 * Compiles a function that also gives new values to tensors, such as one step of training.
 *
 * After the call's promise has resolved, each tensor in `updates` holds its new elements. Where each
 * depends on none of the old ones but its own, they are written over those: a tensor is never there
 * twice. Elements that a call should have replaced are not defined after it has failed on a backend.
 *
 * @example A counter
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compileStep, tensor } from "@spiraltorch/spiraltorch";
 *
 * const count = tensor(0);
 * using step = compileStep((by) => {
 *   const next = count.add(by!);
 *   return { result: next, updates: new Map([[count, next]]) };
 * });
 * await step(tensor(2));
 * await step(tensor(3));
 * assertEquals(await count.item(), 5);
 * ```
 *
 * @param fn The function.
 * @param options Where to compute.
 * @returns The compiled function.
 * @throws {TensorError} `UPDATE_TARGET_INVALID` at a call, if a tensor to be updated is not data, or
 * its new value has another dtype or shape.
 */
export function compileStep<Result extends TensorTree>(
  fn: (...tensors: readonly Tensor[]) => Step<Result>,
  options?: CompileOptions,
): Compiled<Result> {
  assertFunction(fn);
  const { backend, fallback } = optionsOf<CompileOptions>("compile", options);
  const recordings = new Recordings(fn, fallback);
  // Calls run one after another: each may read what the one before it wrote.
  let last: Promise<unknown> = Promise.resolve();
  let pending = 0;
  function end(): void {
    pending--;
  }
  async function call(...tensors: readonly Tensor[]): Promise<Result> {
    for (const tensor of tensors) toNode("a compiled function", tensor);
    const target = backend ?? defaultBackend();
    const turn = pending++ === 0
      ? recordings.run(tensors, target)
      : last.then(() => recordings.run(tensors, target));
    last = turn.then(end, end);
    return await turn;
  }
  return Object.assign(call, {
    [Symbol.dispose]() {
      // Not under calls that have begun.
      if (pending === 0) recordings.clear();
      else last = last.then(() => recordings.clear());
    },
  });
}

function assertFunction(fn: unknown): void {
  if (typeof fn === "function") return;
  throw invalidOption("what is compiled", fn, "a function of tensors");
}
