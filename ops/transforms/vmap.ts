import {
  invalidOption,
  optionsOf,
  resolveAxis,
  type Shape,
  shapeMismatch,
} from "../../core/base/mod.ts";
import {
  batchNodes,
  type BatchStep,
  type Examples,
} from "../batch/batch_nodes.ts";
import { expand } from "../builtin/expand.ts";
import { permute } from "../builtin/permute.ts";
import { type Node, placeholder } from "../graph/node.ts";
import { quietly } from "../observe_calls.ts";
import { Tensor, toNodes } from "../tensor.ts";
import { rebuildTree, type TensorTree } from "../tensor_tree.ts";
import { assertFunction, callWith, type TensorFunction } from "./call_fresh.ts";

/** Options of {@linkcode vmap}. */
export interface VmapOptions {
  /**
   * Along which axis of each argument the examples lie: one for all arguments, or one each; `null` where
   * all examples share the argument.
   *
   * @default {0}
   */
  readonly inAxes?: number | null | readonly (number | null)[];
  /**
   * Along which axis of the results the examples lie: one for all, or one each.
   *
   * @default {0}
   */
  readonly outAxes?: number | readonly number[];
}

/**
 * A function of many examples.
 *
 * @typeParam Result What it gives.
 */
export interface Vmapped<Result extends TensorTree>
  extends TensorFunction<Result> {
  /**
   * Tells how the calls of the function are computed for all examples, in order; computes nothing.
   *
   * @param tensors The arguments.
   * @returns One entry a call.
   */
  explain(...tensors: readonly Tensor[]): readonly BatchStep[];
}

/**
 * Makes a function of many examples out of one that is written for a single one: the graph for one
 * example is rewritten to compute all of them at once. It can be differentiated, compiled and batched
 * again, and so can what it is made of.
 *
 * The function is called once, with tensors that have no elements. Operators that plugins define are
 * rewritten through what they are made of, and keep a gradient that they bring. Random numbers depend
 * on their key and the number of the draw only: all examples draw the same ones, unless they have
 * numbers of their own. To draw all of them at once, draw outside and pass them in.
 *
 * Where nothing says what an operator does with more axes, it is called for one example after another;
 * `explain` tells so.
 *
 * @example Distances of many points from one
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { type Tensor, tensor, vmap } from "@spiraltorch/spiraltorch";
 *
 * const distance = (a: Tensor, b: Tensor) => a.sub(b).abs().sum();
 * const distances = vmap(distance, { inAxes: [0, null] });
 * const points = tensor([[1, 2], [3, 4], [5, 6]]);
 * assertEquals(await distances(points, tensor([1, 1])).array(), [1, 5, 9]);
 * ```
 *
 * @example Gradients of each example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { grad, tensor, vmap } from "@spiraltorch/spiraltorch";
 *
 * const slopes = vmap(grad((x) => x.mul(x).sum()));
 * assertEquals(await slopes(tensor([[1, 2], [3, 4]])).array(), [[2, 4], [6, 8]]);
 * ```
 *
 * @param fn A function of tensors, written for one example.
 * @param options Along which axes the examples lie.
 * @returns A function of as many tensors, which hold all examples.
 * @throws {OptionError} `INVALID_OPTION` if `fn` is no function of tensors; at a call, if an option does
 * not fit the arguments or the results.
 * @throws {ShapeError} `SHAPE_MISMATCH` at a call, if arguments hold different numbers of examples.
 * @throws {ShapeError} `AXIS_RANGE` at a call, if a tensor does not have the axis.
 */
export function vmap<Result extends TensorTree>(
  fn: TensorFunction<Result>,
  options?: VmapOptions,
): Vmapped<Result> {
  assertFunction("vmap", fn);
  const { inAxes = 0, outAxes = 0 } = optionsOf<VmapOptions>("vmap", options);
  function call(
    tensors: readonly Tensor[],
    observe?: (step: BatchStep) => void,
  ): Result {
    const { parameters, examples } = takeExamples(
      toNodes("vmap", tensors),
      inAxes,
    );
    const { result, outputs } = callWith("vmap", fn, parameters);
    const axes = axesFor("outAxes", outAxes, outputs.length);
    const found = quietly(() => {
      const all = batchNodes(
        outputs,
        observe ? { ...examples, observe } : examples,
        parameters,
      );
      return outputs.map((output, i) =>
        new Tensor(placeExamples(
          all[i] ?? expand(output, [examples.size, ...output.type.shape]),
          axes[i]!,
        ))
      );
    });
    return rebuildTree(result, found);
  }
  return Object.assign((...tensors: readonly Tensor[]) => call(tensors), {
    explain(...tensors: readonly Tensor[]) {
      const steps: BatchStep[] = [];
      call(tensors, (step) => void steps.push(step));
      return steps;
    },
  });
}

/** One example, and all of them along axis 0. */
function takeExamples(
  nodes: readonly Node[],
  inAxes: NonNullable<VmapOptions["inAxes"]> | null,
): { readonly parameters: readonly Node[]; readonly examples: Examples } {
  const axes = axesFor("inAxes", inAxes, nodes.length);
  const known = new Map<Node, Node>();
  let first: { readonly size: number; readonly shape: Shape } | undefined;
  const parameters = nodes.map((node, i) => {
    const wanted = axes[i];
    if (wanted === null || wanted === undefined) return node;
    const { dtype, shape } = node.type;
    const axis = resolveAxis("vmap", wanted, shape);
    const size = shape[axis]!;
    first ??= { size, shape };
    if (size !== first.size) {
      throw shapeMismatch("vmap", first.shape, shape, {
        rule: "all arguments must hold equally many examples",
      });
    }
    const example = placeholder(`example ${i}`, {
      dtype,
      shape: shape.toSpliced(axis, 1),
    });
    known.set(example, quietly(() => moveAxis(node, axis, 0)));
    return example;
  });
  if (first) return { parameters, examples: { size: first.size, known } };
  throw invalidOption(
    "inAxes of vmap",
    inAxes,
    "an axis for one argument at least",
  );
}

/** One axis each. */
function axesFor<Axis extends number | null>(
  option: string,
  axes: Axis | readonly Axis[],
  count: number,
): readonly Axis[] {
  const list = Array.isArray(axes)
    ? axes as readonly Axis[]
    : new Array<Axis>(count).fill(axes as Axis);
  const isList = list.length === count &&
    list.every((axis) =>
      Number.isInteger(axis) || (axis === null && option === "inAxes")
    );
  if (isList) return list;
  throw invalidOption(
    `${option} of vmap`,
    axes,
    `a whole number, or a list of ${count}`,
  );
}

/** Brings the axis of the examples to its place in a result. */
function placeExamples(x: Node, axis: number): Node {
  return moveAxis(x, 0, resolveAxis("vmap", axis, x.type.shape));
}

function moveAxis(x: Node, from: number, to: number): Node {
  if (from === to) return x;
  const axes = x.type.shape.map((_, axis) => axis);
  return permute(x, axes.toSpliced(from, 1).toSpliced(to, 0, from));
}
