import { optionsOf } from "../../../ops/mod.ts";
import { OptionChecks } from "../check_options.ts";
import { relatedThings, type Relation } from "./relation.ts";

/** Options of {@linkcode stepsBetween}. */
export interface StepsBetweenOptions {
  /** How many things there are: they are numbered from 0. */
  readonly count: number;
}

/**
 * Counts the least steps from each thing to each, along relations and against them: the distances of a
 * hierarchy, for {@linkcode distortionOf} and for losses.
 *
 * **Cost**: O(count · (count + relations)).
 *
 * @example Up and down again
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { stepsBetween } from "@spiraltorch/spiraltorch/nn";
 *
 * const steps = stepsBetween([[1, 0], [2, 0]], { count: 4 });
 * assertEquals([...steps.subarray(4, 8)], [1, 0, 2, Infinity]);
 * ```
 *
 * @param relations Which things are a step apart.
 * @param options How many things there are.
 * @returns The steps row by row, `[count * count]`; `Infinity` where there is no way.
 * @throws {OptionError} `INVALID_OPTION` if relations are none, one names a thing that is not there, or
 * the count is no whole number from 1 to 32768.
 */
export function stepsBetween(
  relations: readonly Relation[],
  options: StepsBetweenOptions,
): Float32Array<ArrayBuffer> {
  const { count } = optionsOf("stepsBetween", options);
  const checks = new OptionChecks("stepsBetween");
  checks.count("count", count, { max: 2 ** 15 });
  checks.end();
  const neighbors = relatedThings(relations, count);
  for (const [from, targets] of neighbors.map((own) => [...own]).entries()) {
    for (const target of targets) neighbors[target]!.add(from);
  }
  const steps = new Float32Array(count * count).fill(Infinity);
  for (let from = 0; from < count; from++) {
    const row = steps.subarray(from * count, (from + 1) * count);
    row[from] = 0;
    const open = [from];
    for (const next of open) {
      for (const other of neighbors[next]!) {
        if (row[other]! < Infinity) continue;
        row[other] = row[next]! + 1;
        open.push(other);
      }
    }
  }
  return steps;
}
