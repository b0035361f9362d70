/**
 * Moving averages along columns, forwards and then backwards, in blocks.
 *
 * `f_0 = a_0`, `f_j = f_{j-1} + β (a_j - f_{j-1})`; then the same from the last column to the first. An
 * average within a block of 16 columns is a product with a small triangular matrix; what a block leaves
 * to those after it is one number, and those numbers are averaged by another small matrix. So a pass
 * has no chain of dependent steps, and its gradient is that of products.
 *
 * **Cost**: about 70 multiplications a value, in two passes over the values.
 *
 * **Source**: Blelloch, "Prefix sums and their applications" (1990), §1.4, for linear recurrences in
 * blocks.
 *
 * @module
 */
import { full, type Tensor, tensor } from "../../../ops/mod.ts";

/** Powers below this count as 0: what they add is lost, and products of such numbers take their time. */
const NEGLIGIBLE = 1e-18;

/** Columns of a block. */
const BLOCK = 16;

/**
 * Averages rows forwards and backwards.
 *
 * @param a Rows, `[rows, columns]`.
 * @param beta The share of a new value: a number, or one that is learned, a scalar.
 * @returns The averages, `[rows, columns]`.
 */
export function averageBothWays(a: Tensor, beta: number | Tensor): Tensor {
  const [rows, columns] = a.shape as [number, number];
  const blocks = Math.ceil(columns / BLOCK);
  const share = typeof beta === "number" ? full([], beta) : beta;
  const keep = share.neg().add(1);
  const within = powers(BLOCK, keep, 0);
  const across = powers(blocks, keep.pow(BLOCK), -1);
  const steps = keep.pow(counting(BLOCK, (i) => i));
  const total = blocks * BLOCK;
  // The first value enters whole in the one direction, the last in the other; what lies beyond the
  // last column must not come back.
  const entering = ends(total, { columns, whole: 0, share });
  const leaving = ends(total, { columns, whole: columns - 1, share });

  const padded = total === columns ? a : a.pad([[0, 0], [0, total - columns]]);
  const first = inBlocks(padded.mul(entering)).matmul(within);
  const carried = first.select(BLOCK - 1, 2).mul(keep).matmul(across);
  const forward = first.add(carried.unsqueeze(2).mul(steps));

  // In blocks, so that it is one pass over the values with the line before.
  const back = forward.mul(leaving.reshape([blocks, BLOCK]))
    .matmul(within.transpose());
  const returned = back.select(0, 2).mul(keep).matmul(across.transpose());
  const backward = back.add(returned.unsqueeze(2).mul(steps.flip(0)))
    .reshape([rows, total]);
  return total === columns ? backward : backward.slice([null, [0, columns]]);

  function inBlocks(x: Tensor): Tensor {
    return x.reshape([rows, blocks, BLOCK]);
  }
}

/** `keep` to the power of how far a column lies right of a row, `shift` added; 0 where that is below 0. */
function powers(size: number, keep: Tensor, shift: number): Tensor {
  const column = counting(size, (i) => i);
  const gap = column.sub(column.unsqueeze(1)).add(shift);
  const power = keep.pow(gap.maximum(0));
  return gap.less(0).or(power.less(NEGLIGIBLE)).where(0, power);
}

/** By what values enter an average: the share, 1 at one column, 0 beyond the last. */
function ends(
  total: number,
  { columns, whole, share }: {
    readonly columns: number;
    readonly whole: number;
    readonly share: Tensor;
  },
): Tensor {
  const fixed = counting(total, (j) => j === whole ? 1 : 0);
  const shared = counting(total, (j) => j < columns && j !== whole ? 1 : 0);
  return shared.mul(share).add(fixed);
}

function counting(size: number, value: (i: number) => number): Tensor {
  return tensor(Float64Array.from({ length: size }, (_, i) => value(i)));
}
