import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../base/mod.ts";
import { DEFAULT_LIMITS, sandboxLimits } from "./limits.ts";

Deno.test("sandboxLimits() keeps the defaults where nothing is set", () => {
  assertEquals(sandboxLimits(), DEFAULT_LIMITS);
  assertEquals(sandboxLimits({ hookMs: 1 }), { ...DEFAULT_LIMITS, hookMs: 1 });
});

Deno.test.each([{ hookMs: 0 }, { hookMs: -1 }, { hookMs: NaN }, {
  hookMs: Infinity,
}])("sandboxLimits() refuses $hookMs", (limits) => {
  const error = assertThrows(() => sandboxLimits(limits), OptionError);
  assertEquals(error.details.option, "limits.hookMs");
});
