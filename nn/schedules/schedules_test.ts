import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { constant } from "./constant.ts";
import { cosine } from "./cosine.ts";
import { linearWarmup } from "./linear_warmup.ts";
import { oneCycle } from "./one_cycle.ts";
import type { Schedule } from "./schedule.ts";
import { step } from "./step.ts";

// Expected values by hand.
Deno.test.each<{ name: string; schedule: Schedule; at: number; want: number }>([
  { name: "constant", schedule: constant(), at: 0.7, want: 1 },
  { name: "linearWarmup", schedule: linearWarmup(), at: 0, want: 0 },
  { name: "linearWarmup", schedule: linearWarmup(), at: 0.025, want: 0.25 },
  { name: "linearWarmup", schedule: linearWarmup(), at: 0.5, want: 1 },
  {
    name: "linearWarmup without a share",
    schedule: linearWarmup({ share: 0, then: cosine() }),
    at: 0,
    want: 1,
  },
  {
    name: "linearWarmup then cosine",
    schedule: linearWarmup({ share: 0.25, then: cosine() }),
    at: 0.75,
    want: 0.25,
  },
  { name: "step", schedule: step({ every: 0.25 }), at: 0.2, want: 1 },
  { name: "step", schedule: step({ every: 0.25 }), at: 0.25, want: 0.1 },
  {
    name: "step",
    schedule: step({ every: 0.25, factor: 0.5 }),
    at: 0.9,
    want: 0.125,
  },
  { name: "oneCycle", schedule: oneCycle(), at: 0, want: 0.04 },
  { name: "oneCycle", schedule: oneCycle(), at: 0.15, want: 0.52 },
  {
    name: "oneCycle",
    schedule: oneCycle({ rise: 0.5, final: 0 }),
    at: 0.75,
    want: 0.5,
  },
])("$name at $at is $want", ({ schedule, at, want }) => {
  assertAlmostEquals(schedule(at), want, 1e-12);
});

Deno.test.each<{ name: string; make: () => Schedule }>([
  { name: "linearWarmup", make: () => linearWarmup({ share: 1 }) },
  { name: "step", make: () => step({ every: 0 }) },
  { name: "step factor", make: () => step({ every: 1, factor: -1 }) },
  { name: "oneCycle rise", make: () => oneCycle({ rise: 0 }) },
  { name: "oneCycle initial", make: () => oneCycle({ initial: NaN }) },
  { name: "oneCycle final", make: () => oneCycle({ final: -1 }) },
])("$name refuses what it cannot use", ({ make }) => {
  assertEquals(assertThrows(make, OptionError).code, "INVALID_OPTION");
});
