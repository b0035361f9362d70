/**
 * Operators that combine along an axis and keep what they had at each place.
 *
 * A family is a table: one row an operator, one rule for all of them. **Shapes**: `x [..., n, ...] ->
 * y [..., n, ...]`. `reverse` begins at the end of the axis; `exclusive` leaves an element's own value
 * out, so that the first is the neutral element: 0, 1, `-Infinity`, `Infinity`, or the limits of
 * `int32`. **Numerics**: `bool` and `int8` give `int32`, which wraps around; sums and products of
 * fractions are carried in `float64`, and each is rounded once; the running maximum and minimum are
 * `NaN` from the first `NaN` on. **Cost**: one pass; lines are shared by threads, one line is not.
 *
 * **Source**: ONNX `CumSum`, with its `exclusive` and `reverse`; PyTorch `cumsum`, `cumprod`,
 * `cummax`, `cummin`.
 *
 * @module
 */
import { dtypeMismatch, resolveAxis } from "../../core/base/mod.ts";
import type { ScanFn } from "../../kernels/ir/mod.ts";
import { apply } from "../apply.ts";
import type { Node, PrimitiveOperator } from "../graph/node.ts";
import { NUMBER_DTYPES, promoteWhole } from "./number_dtypes.ts";

/** Names of the operators. */
export type ScanName = "cummax" | "cummin" | "cumprod" | "cumsum";

/** Settings of a scan. */
export interface ScanAttributes {
  /** The axis. */
  readonly axis: number;
  /** Whether an element's own value is left out. */
  readonly exclusive: boolean;
  /** Whether it begins at the end of the axis. */
  readonly reverse: boolean;
}

const ROWS: Readonly<Record<ScanName, readonly [ScanFn, string]>> = {
  cummax: ["maximum", "The largest element so far along an axis."],
  cummin: ["minimum", "The smallest element so far along an axis."],
  cumprod: ["mul", "The product of the elements so far along an axis."],
  cumsum: ["add", "The sum of the elements so far along an axis."],
};

/** The operators by name. */
export const SCAN_OPERATORS: Readonly<Record<ScanName, PrimitiveOperator>> = {
  cummax: scanOperator("cummax"),
  cummin: scanOperator("cummin"),
  cumprod: scanOperator("cumprod"),
  cumsum: scanOperator("cumsum"),
};

function scanOperator(name: ScanName): PrimitiveOperator {
  const [combine, description] = ROWS[name];
  const takesTruth = combine === "add" || combine === "mul";
  return {
    kind: "primitive",
    name,
    version: "1.0.0",
    description,
    schema: {
      inputs: ["x"],
      attributes: { axis: "integer", exclusive: "boolean", reverse: "boolean" },
    },
    infer([x], { axis }) {
      const { dtype, shape } = x!;
      resolveAxis(name, axis as number, shape);
      if (dtype !== "bool") return { dtype: promoteWhole(dtype), shape };
      if (!takesTruth) throw dtypeMismatch(name, dtype, NUMBER_DTYPES);
      return { dtype: "int32", shape };
    },
    lowering: {
      kind: "scan",
      describe: (
        { inputs: [x], attributes: { axis, exclusive, reverse } },
      ) => ({
        axis: resolveAxis(name, axis as number, x!.shape),
        combine,
        isReverse: reverse === true,
        isExclusive: exclusive === true,
      }),
    },
  };
}

/**
 * Combines along an axis, and keeps what it had at each place.
 *
 * @param name Name of the operator.
 * @param x The input.
 * @param attributes Which axis, in which direction, and whether an element's own value counts.
 * @returns The running results.
 */
export function scan(
  name: ScanName,
  x: Node,
  { axis, exclusive, reverse }: ScanAttributes,
): Node {
  return apply(SCAN_OPERATORS[name], [x], { axis, exclusive, reverse });
}
