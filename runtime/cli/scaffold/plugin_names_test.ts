import { assertEquals, assertThrows } from "@std/assert";
import { CliError } from "../errors.ts";
import { pluginNames } from "./plugin_names.ts";

Deno.test("pluginNames() makes all names of an id", () => {
  assertEquals(pluginNames("acme.soft_step2"), {
    id: "acme.soft_step2",
    contribution: "acme:soft_step2",
    variable: "softStep2Op",
    className: "SoftStep2Layer",
    packageName: "@acme/soft-step2",
  });
});

Deno.test.each(
  ["swish", "Acme.swish", "acme.", "a.b.c", "acme.2x", "a.b-c"].map(
    (id) => ({ id }),
  ),
)("pluginNames() refuses $id", ({ id }) => {
  assertThrows(() => pluginNames(id), CliError, "wanted two names in small");
});
