/** What optimizers take, and what they remember. */
import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { zeros } from "../../ops/mod.ts";
import { AdamW } from "./adam_w.ts";
import { Lion } from "./lion.ts";
import type { Optimizer } from "./optimizer.ts";
import { RmsProp } from "./rms_prop.ts";

const PARAMETERS = new Map([["w", zeros([2, 3])]]);

Deno.test.each<{ name: string; rule: Optimizer; state: readonly string[] }>([
  {
    name: "AdamW",
    rule: new AdamW(),
    state: ["mean.w", "ones1", "ones2", "square.w"],
  },
  { name: "Lion", rule: new Lion(), state: ["mean.w"] },
  { name: "RmsProp", rule: new RmsProp(), state: ["square.w"] },
  {
    name: "RmsProp with momentum",
    rule: new RmsProp({ momentum: 0.5 }),
    state: ["square.w", "step.w"],
  },
])("$name remembers what it says", ({ rule, state }) => {
  const remembered = rule.initialState(PARAMETERS);
  assertEquals([...remembered.keys()].sort(), state);
});

Deno.test.each<{ name: string; make: () => Optimizer }>([
  { name: "AdamW beta1 1", make: () => new AdamW({ beta1: 1 }) },
  { name: "AdamW decay", make: () => new AdamW({ weightDecay: -1 }) },
  { name: "Lion beta2 1", make: () => new Lion({ beta2: 1 }) },
  { name: "Lion rate", make: () => new Lion({ learningRate: NaN }) },
  { name: "RmsProp decay 1", make: () => new RmsProp({ decay: 1 }) },
  { name: "RmsProp momentum", make: () => new RmsProp({ momentum: 1 }) },
  { name: "RmsProp epsilon", make: () => new RmsProp({ epsilon: -1 }) },
])("$name is refused", ({ make }) => {
  assertEquals(assertThrows(make, OptionError).code, "INVALID_OPTION");
});

Deno.test.each<{ name: string; rule: Optimizer }>([
  { name: "AdamW", rule: new AdamW() },
  { name: "Lion", rule: new Lion() },
  { name: "RmsProp", rule: new RmsProp() },
])("$name needs a slope for each parameter", ({ rule }) => {
  const step = {
    parameters: PARAMETERS,
    gradients: new Map(),
    state: rule.initialState(PARAMETERS),
    learningRate: zeros([]),
  };
  const error = assertThrows(() => rule.update(step), OptionError);
  assertEquals(error.code, "INVALID_OPTION");
});
