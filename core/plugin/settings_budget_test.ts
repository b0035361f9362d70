import { assertEquals } from "@std/assert";
import { SettingsBudget } from "./settings_budget.ts";

const MEBIBYTE = "x".repeat(2 ** 20);

Deno.test("SettingsBudget takes as many settings as a plugin may have, and no more", () => {
  const budget = new SettingsBudget();
  for (let i = 0; i < 1000; i++) {
    assertEquals(budget.take(`key${i}`, i), undefined);
  }
  assertEquals(budget.take("other", 1)?.code, "QUOTA_EXCEEDED");
  assertEquals(budget.take("key7", 8), undefined);
  budget.give("key7");
  assertEquals(budget.take("other", 1), undefined);
});

Deno.test("SettingsBudget takes as much text as a plugin may have, whatever was there before", () => {
  const budget = new SettingsBudget();
  assertEquals(budget.take("a", MEBIBYTE)?.code, "QUOTA_EXCEEDED");
  const half = MEBIBYTE.slice(0, 2 ** 19);
  assertEquals(budget.take("a", half), undefined);
  assertEquals(budget.take("b", half)?.code, "QUOTA_EXCEEDED");
  assertEquals(budget.take("a", half), undefined);
  budget.give("a");
  budget.give("a");
  assertEquals(budget.take("b", half), undefined);
});

Deno.test("SettingsBudget takes no name without end", () => {
  const budget = new SettingsBudget();
  assertEquals(budget.take("k".repeat(256), 1), undefined);
  assertEquals(budget.take("k".repeat(257), 1)?.code, "KEY_TOO_LONG");
});
