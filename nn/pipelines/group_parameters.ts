import { didYouMean, printable, suggest } from "../../core/base/mod.ts";
import type { Tensor } from "../../ops/mod.ts";
import { joinPath } from "../discovery/paths.ts";
import { pipelineInvalid } from "../errors.ts";
import type { Module } from "../module.ts";
import { matchesName } from "../optimizers/match_name.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { parameterGroups } from "../optimizers/parameter_groups.ts";
import type { GroupItem } from "./description.ts";

/**
 * Makes one optimizer of those of a description's groups.
 *
 * @param optimizer Takes the steps of all parameters that belong to no group.
 * @param groups The groups.
 * @param others The optimizer of each.
 * @returns The optimizer.
 */
export function groupedOptimizer(
  optimizer: Optimizer,
  groups: readonly GroupItem[],
  others: readonly Optimizer[],
): Optimizer {
  const groupOf = (name: string, parameter: Tensor) =>
    groups.findIndex((group) => belongs(group, name, parameter));
  return parameterGroups([
    // First: its learning rate is the one that is reported.
    { optimizer, select: (...parameter) => groupOf(...parameter) < 0 },
    ...others.map((other, i) => ({
      optimizer: other,
      select: (...parameter: [string, Tensor]) => groupOf(...parameter) === i,
    })),
  ]);
}

/**
 * Requires that the groups of a description name parameters that are there: a pattern that nothing fits
 * is a mistake that would go unseen.
 *
 * @param groups The groups.
 * @param model The model.
 * @throws {NnError} `PIPELINE_INVALID` with an issue for each pattern that fits none.
 */
export function assertGroups(
  groups: readonly GroupItem[],
  model: Module,
): void {
  const names = [...model.parameters()]
    .flatMap(([name, { trainable }]) => trainable ? [name] : []);
  const issues = groups.flatMap(({ parameters = [] }, i) =>
    parameters.flatMap((pattern, j) => {
      if (names.some((name) => matchesName(pattern, name))) return [];
      const hint = didYouMean(suggest(pattern, names));
      return [{
        code: "PARAMETER_UNKNOWN",
        path: joinPath("groups", i, "parameters", j),
        message: `Found "${
          printable(pattern, 100)
        }", wanted a name or pattern that a parameter fits`,
        ...hint === "" ? {} : { hint },
      }];
    })
  );
  if (issues.length > 0) throw pipelineInvalid(issues);
}

function belongs(
  { parameters, maxRank = Infinity }: GroupItem,
  name: string,
  { rank }: Tensor,
): boolean {
  const isNamed = parameters?.some((pattern) => matchesName(pattern, name));
  return (isNamed ?? true) && rank <= maxRank;
}
