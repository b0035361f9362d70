import { resolveAxis } from "../../core/base/mod.ts";
import { concat } from "../builtin/concat.ts";
import { sliceAxis } from "../builtin/slice.ts";
import type { Node } from "../graph/node.ts";
import { type Axes, Tensor, toNode } from "../tensor.ts";
import type { ComplexLike } from "./complex_transforms.ts";

/**
 * Moves the frequency 0 from the first place to the one in the middle.
 *
 * **Source**: NumPy `fft.fftshift`.
 *
 * @example Frequencies in ascending order
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fft } from "@spiraltorch/spiraltorch";
 *
 * const frequencies = fft.fftshift(fft.fftfreq(4));
 * assertEquals(await frequencies.array(), [-0.5, -0.25, 0, 0.25]);
 * ```
 *
 * @typeParam X A tensor, or complex numbers.
 * @param x What is moved.
 * @param axes Along which axes; all if left out.
 * @returns The same, moved.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis.
 * @throws {OptionError} `INVALID_OPTION` if `x` is neither a tensor nor two.
 */
export function fftshift<X extends ComplexLike>(x: X, axes?: Axes): X {
  return eachPart(
    "fftshift",
    x,
    (part) =>
      shift("fftshift", part, { axes, middle: (size) => (size + 1) >> 1 }),
  );
}

/**
 * Moves the frequency 0 from the place in the middle to the first one: the inverse of
 * {@linkcode fftshift}.
 *
 * **Source**: NumPy `fft.ifftshift`.
 *
 * @typeParam X A tensor, or complex numbers.
 * @param x What is moved.
 * @param axes Along which axes; all if left out.
 * @returns The same, moved.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis.
 * @throws {OptionError} `INVALID_OPTION` if `x` is neither a tensor nor two.
 */
export function ifftshift<X extends ComplexLike>(x: X, axes?: Axes): X {
  return eachPart(
    "ifftshift",
    x,
    (part) => shift("ifftshift", part, { axes, middle: (size) => size >> 1 }),
  );
}

function eachPart<X extends ComplexLike>(
  operation: string,
  x: X,
  move: (part: Node) => Node,
): X {
  const moved = (part: unknown) => new Tensor(move(toNode(operation, part)));
  const result: ComplexLike = x instanceof Tensor
    ? moved(x)
    : { real: moved(x?.real), imaginary: moved(x?.imaginary) };
  return result as X; // A tensor for a tensor, a pair for a pair.
}

function shift(
  operation: string,
  x: Node,
  { axes, middle }: {
    readonly axes: Axes | undefined;
    readonly middle: (size: number) => number;
  },
): Node {
  const { shape } = x.type;
  const listed = axes ?? [...shape.keys()];
  return [listed].flat().reduce<Node>((moved, axis) => {
    const along = resolveAxis(operation, axis, shape);
    const size = shape[along]!;
    const start = middle(size);
    return concat([
      sliceAxis(moved, along, { start, end: size }),
      sliceAxis(moved, along, { start: 0, end: start }),
    ], along);
  }, x);
}
