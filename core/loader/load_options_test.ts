import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../base/mod.ts";
import { checkLoadOptions, type LoadOptions } from "./load_options.ts";

const DIGEST = `sha256-${"A".repeat(43)}=`;

Deno.test("checkLoadOptions() isolates by a process unless told otherwise", () => {
  assertEquals(checkLoadOptions({}, 2), {
    isolation: "process",
    integrity: undefined,
    permissions: undefined,
    update: false,
    timeoutMs: undefined,
    config: {},
    restart: undefined,
  });
  for (const isolation of ["inline", "worker"] as const) {
    assertEquals(checkLoadOptions({ isolation }, 1).isolation, isolation);
  }
  assertEquals(checkLoadOptions({ integrity: DIGEST }, 1).integrity, DIGEST);
});

Deno.test.each<
  { name: string; options: LoadOptions; count: number; option: string }
>([
  {
    name: "a digest of another kind",
    options: { integrity: "sha512-AAAA" },
    count: 1,
    option: "integrity",
  },
  {
    name: "one digest for two specifiers",
    options: { integrity: DIGEST },
    count: 2,
    option: "integrity",
  },
  {
    name: "a digest that nobody can check",
    options: { integrity: DIGEST, isolation: "inline" },
    count: 1,
    option: "integrity",
  },
  { name: "no time", options: { timeoutMs: 0 }, count: 1, option: "timeoutMs" },
  {
    name: "an update of what is no specifier",
    options: JSON.parse('{"update":[1]}'),
    count: 1,
    option: "update",
  },
  {
    name: "endless time",
    options: { timeoutMs: Infinity },
    count: 1,
    option: "timeoutMs",
  },
])("checkLoadOptions() refuses $name", ({ options, count, option }) => {
  const error = assertThrows(
    () => checkLoadOptions(options, count),
    OptionError,
  );
  assertEquals([error.code, error.details.option], ["INVALID_OPTION", option]);
});

Deno.test("checkLoadOptions() refuses an isolation that is none", () => {
  const options: LoadOptions = JSON.parse('{"isolation":"vm"}');
  assertThrows(() => checkLoadOptions(options, 1), OptionError, '"vm"');
});
