import { assertFunction, invalidOption, listOf } from "../../core/base/mod.ts";
import { optionsOf, type Tensor } from "../../ops/mod.ts";
import { assertText } from "../check/assert_text.ts";
import { assertOptimizer } from "./assert_optimizer.ts";
import { matchesName } from "./match_name.ts";
import type { Optimizer } from "./optimizer.ts";

/** Parameters that take their steps by one rule. */
export interface ParameterGroup {
  /** The rule. */
  readonly optimizer: Optimizer;
  /**
   * Which parameters belong to the group: names, in which `*` stands for any text, or a function of name
   * and parameter. All that are left do if this is left out.
   */
  readonly select?: string | readonly string[] | SelectParameter;
}

/**
 * Tells whether a parameter belongs to a group.
 *
 * @param name Its name, `0.linear.bias`.
 * @param parameter The parameter.
 * @returns Whether it does.
 */
export type SelectParameter = (name: string, parameter: Tensor) => boolean;

/**
 * Makes an optimizer of several: each parameter takes its steps by the first group that it belongs to. A
 * schedule changes all learning rates by the same factor.
 *
 * @example No weight decay for biases and norms
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { AdamW, parameterGroups } from "@spiraltorch/spiraltorch/nn";
 * import { zeros } from "@spiraltorch/spiraltorch/ops";
 *
 * const optimizer = parameterGroups([
 *   {
 *     optimizer: new AdamW({ weightDecay: 0 }),
 *     select: ["*bias", "*norm*"],
 *   },
 *   { optimizer: new AdamW({ weightDecay: 0.1 }) },
 * ]);
 * const parameters = new Map([["weight", zeros([2, 2])], ["bias", zeros([2])]]);
 * assertEquals(
 *   [...optimizer.initialState(parameters).keys()].filter((name) =>
 *     name.includes("mean")
 *   ),
 *   ["0.mean.bias", "1.mean.weight"],
 * );
 * ```
 *
 * @param groups The groups, one at least; the learning rate is that of the first.
 * @returns The optimizer. What the groups remember has their places before its name.
 * @throws {OptionError} `INVALID_OPTION` if there is no group, the first takes no steps while another
 * does, or a parameter belongs to none.
 */
export function parameterGroups(groups: readonly ParameterGroup[]): Optimizer {
  const all = listOf("groups of parameterGroups", groups);
  const [first] = all;
  if (first === undefined) {
    throw invalidOption("parameterGroups", [], "one group or more");
  }
  const selects = all.map(selectOf);
  const { learningRate } = first.optimizer;
  const ratios = all.map(({ optimizer }) =>
    ratioOf(optimizer.learningRate, learningRate)
  );
  return {
    learningRate,
    initialState(parameters) {
      const parts = share(selects, parameters);
      return new Map(
        all.flatMap(({ optimizer }, i) =>
          [...optimizer.initialState(parts[i]!)].map((
            [name, value],
          ) => [`${i}.${name}`, value] as const)
        ),
      );
    },
    update(step) {
      const parts = share(selects, step.parameters);
      return new Map(all.flatMap(({ optimizer }, i) => {
        const prefix = `${i}.`;
        const state = [...step.state].filter(([name]) =>
          name.startsWith(prefix)
        ).map(([name, value]) => [name.slice(prefix.length), value] as const);
        return [...optimizer.update({
          parameters: parts[i]!,
          gradients: step.gradients,
          state: new Map(state),
          learningRate: step.learningRate.mul(ratios[i]!),
        })];
      }));
    },
  };
}

/** What decides, of a group that is one. */
function selectOf(group: ParameterGroup): SelectParameter {
  const { optimizer, select } = optionsOf("a group of parameters", group);
  assertOptimizer("a group of parameters", optimizer);
  if (select === undefined) return () => true;
  if (typeof select === "string" || Array.isArray(select)) {
    const patterns: readonly unknown[] = [select].flat();
    for (const pattern of patterns) assertText("select of a group", pattern);
    return (name) =>
      patterns.some((pattern) => matchesName(String(pattern), name));
  }
  assertFunction("select of a group", select);
  return select as SelectParameter;
}

function ratioOf(rate: number, first: number): number {
  if (rate === first) return 1;
  if (first > 0) return rate / first;
  throw invalidOption(
    "learning rate of the first group",
    first,
    "a number above 0, or the same for all groups",
  );
}

/** The parameters of each group. */
function share(
  selects: readonly SelectParameter[],
  parameters: ReadonlyMap<string, Tensor>,
): Map<string, Tensor>[] {
  const parts = selects.map(() => new Map<string, Tensor>());
  for (const [name, parameter] of parameters) {
    const i = selects.findIndex((select) => select(name, parameter));
    if (i < 0) {
      throw invalidOption(
        "parameterGroups",
        name,
        "a group for each parameter",
      );
    }
    parts[i]!.set(name, parameter);
  }
  return parts;
}
