import { assertEquals, assertThrows } from "@std/assert";
import { PluginError } from "../errors.ts";
import { assertNoTwin, findTwin } from "./lookalike.ts";

const KNOWN = ["other", "acme.tools", "моя.наука"];

Deno.test.each([
  { name: "a letter of another script", id: "\u0430cme.tools" },
  {
    name: "letters of another script alone",
    id: "\u0430\u0441\u043c\u0435.\u0442\u043e\u03bfls",
  },
  { name: "a capital of another script", id: "\u0410cme.tools" },
  { name: "wide letters", id: "\uff41cme.tools" },
  { name: "letters of formulas", id: "\u{1d44e}cme.tools" },
  { name: "a mark", id: "acme.to\u0323ols" },
  { name: "a character that is not seen", id: "acme.\u00adtools" },
])("findTwin() finds what $name is taken for", ({ id }) => {
  assertEquals(findTwin(id, KNOWN), "acme.tools");
  assertEquals(findTwin("acme.tools", [id]), id);
});

Deno.test.each([
  "acme.tools",
  "acme.too1s",
  "ACME.tools",
  "acme.tool",
  "моя.наука",
  "größer",
  "模型",
])("findTwin() finds nothing for %s", (id) => {
  assertEquals(findTwin(id, KNOWN), undefined);
});

Deno.test("assertNoTwin() names the twin", () => {
  const error = assertThrows(
    () => assertNoTwin("\u0430cme.tools", KNOWN),
    PluginError,
    'which looks like "acme.tools"',
  );
  assertEquals(error.code, "PLUGIN_METADATA_INVALID");
});
