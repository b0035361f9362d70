import { invalidOption } from "../../core/base/mod.ts";
import { concat, optionsOf, stack, type Tensor } from "../../ops/mod.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertOneOf } from "../check/assert_one_of.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import { Module } from "../module.ts";
import { namedModules } from "./named_modules.ts";

/** How the results of several modules become one. */
export type Merge = "add" | "mul" | "mean" | "max" | "concat" | "stack";

/** Every {@linkcode Merge}. */
export const MERGES: readonly Merge[] = [
  "add",
  "mul",
  "mean",
  "max",
  "concat",
  "stack",
];

/** Options of {@linkcode Parallel}. */
export interface ParallelOptions {
  /** How the results become one. */
  readonly merge: Merge;
  /**
   * The axis for `concat` and `stack`.
   *
   * @default {-1}
   */
  readonly axis?: number;
}

/**
 * Modules side by side: all are applied to the same input, and their results become one.
 *
 * @example Features of two kinds
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Linear, Parallel } from "@spiraltorch/spiraltorch/nn";
 * import { ones } from "@spiraltorch/spiraltorch/ops";
 *
 * const sides = new Parallel([
 *   new Linear({ inFeatures: 4, outFeatures: 2 }),
 *   new Linear({ inFeatures: 4, outFeatures: 3 }),
 * ], { merge: "concat" });
 * assertEquals(sides.forward(ones([1, 4])).shape, [1, 5]);
 * ```
 */
export class Parallel extends Module {
  /** How the results become one. */
  readonly merge: Merge;
  /** The axis for `concat` and `stack`. */
  readonly axis: number;
  readonly #paths: ReadonlyMap<string, Module>;

  /**
   * Constructs a new instance.
   *
   * @param paths The modules. In a map, parameters are named after its keys, in a list after places.
   * @param options How the results become one.
   * @throws {OptionError} `INVALID_OPTION` if there is no module, or something else among them, or no
   * such way.
   */
  constructor(
    paths: readonly Module[] | ReadonlyMap<string, Module>,
    options: ParallelOptions,
  ) {
    super();
    const { merge, axis = -1 } = optionsOf("Parallel", options);
    assertOneOf("Parallel merge", merge, MERGES);
    this.merge = merge;
    assertNumber("Parallel axis", axis, { min: -Number.MAX_VALUE });
    this.axis = axis;
    this.#paths = namedModules("paths of Parallel", paths);
    if (this.#paths.size === 0) {
      throw invalidOption("Parallel paths", [], "one module or more");
    }
  }

  /**
   * Lists the modules.
   *
   * @returns The modules by name, in order.
   */
  override children(): Map<string, Module> {
    return new Map(this.#paths);
  }

  /**
   * Describes what becomes of the results.
   *
   * @param x What all modules are applied to.
   * @returns The results as one.
   * @throws {ShapeError} `SHAPE_MISMATCH` if their shapes do not go together.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("Parallel", x);
    const results = [...this.#paths.values()].map((path) => path.forward(x));
    return mergeTensors(results, this);
  }
}

/** Makes one tensor of several. */
function mergeTensors(
  tensors: readonly Tensor[],
  { merge, axis }: Required<ParallelOptions>,
): Tensor {
  switch (merge) {
    case "add":
      return tensors.reduce((sum, each) => sum.add(each));
    case "mul":
      return tensors.reduce((product, each) => product.mul(each));
    case "mean":
      return tensors.reduce((sum, each) => sum.add(each)).div(tensors.length);
    case "max":
      return tensors.reduce((largest, each) => largest.maximum(each));
    case "concat":
      return concat(tensors, axis);
    case "stack":
      return stack(tensors, axis);
    default:
      return merge satisfies never;
  }
}
