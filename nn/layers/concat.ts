import { optionsOf } from "../../ops/mod.ts";
import type { Module } from "../module.ts";
import { Parallel } from "./parallel.ts";

/** Options of {@linkcode Concat}. */
export interface ConcatOptions {
  /**
   * The axis along which results are laid one after another.
   *
   * @default {-1}
   */
  readonly axis?: number;
}

/**
 * Modules side by side whose results are laid one after another: a {@linkcode Parallel} that merges by
 * `concat`, as which pipelines describe it.
 *
 * **Shapes**: results `[…, n₁, …]`, `[…, n₂, …]` `-> [..., n₁ + n₂, …]`; other sizes must be equal.
 *
 * @example Windows of two sizes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Concat, Conv2d } from "@spiraltorch/spiraltorch/nn";
 * import { ones } from "@spiraltorch/spiraltorch/ops";
 *
 * const channels = { inChannels: 1, outChannels: 2, padding: "same" } as const;
 * const windows = new Concat([
 *   new Conv2d({ ...channels, kernelSize: 3 }),
 *   new Conv2d({ ...channels, kernelSize: 5 }),
 * ], { axis: 1 });
 * assertEquals(windows.forward(ones([1, 1, 8, 8])).shape, [1, 4, 8, 8]);
 * ```
 */
export class Concat extends Parallel {
  /**
   * Constructs a new instance.
   *
   * @param paths The modules. In a map, parameters are named after its keys, in a list after places.
   * @param options The axis.
   * @throws {OptionError} `INVALID_OPTION` if there is no module, or something else among them.
   */
  constructor(
    paths: readonly Module[] | ReadonlyMap<string, Module>,
    options?: ConcatOptions,
  ) {
    const { axis = -1 } = optionsOf("Concat", options);
    super(paths, { merge: "concat", axis });
  }
}
