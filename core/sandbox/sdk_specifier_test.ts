import { assertEquals } from "@std/assert";
import { SDK_SPECIFIER } from "./sdk_specifier.ts";

Deno.test.each(
  [
    ["@spiraltorch/spiraltorch/plugin", true],
    ["jsr:@spiraltorch/spiraltorch/plugin", true],
    ["jsr:@spiraltorch/spiraltorch@^1.2.0/plugin", true],
    ["jsr:/@spiraltorch/spiraltorch@1/plugin", true],
    ["spiraltorch/plugin", true],
    ["@spiraltorch/spiraltorch", false],
    ["@spiraltorch/spiraltorch/plugin/x", false],
    ["jsr:@spiraltorch/spiraltorch@1/../x/plugin", false],
    ["evil@spiraltorch/spiraltorch/plugin", false],
    ["npm:spiraltorch/plugin", false],
  ] as const,
)("SDK_SPECIFIER knows %s: %s", (specifier, want) => {
  assertEquals(SDK_SPECIFIER.test(specifier), want);
});
