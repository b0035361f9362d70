import { assertEquals, assertThrows } from "@std/assert";
import { stub } from "@std/testing/mock";
import { OptionError } from "../../core/base/mod.ts";
import { consoleLog } from "./console_log.ts";

Deno.test("consoleLog() writes a line at its level, with what goes with it", () => {
  using warn = stub(console, "warn", () => {});
  using info = stub(console, "info", () => {});
  const line = { source: "acme.one", message: "Hot" };
  consoleLog({ ...line, level: "warn", fields: { degrees: 90 } });
  consoleLog({ ...line, level: "info", fields: {} });
  assertEquals(warn.calls[0]!.args, ['acme.one: Hot {"degrees":90}']);
  assertEquals(info.calls[0]!.args, ["acme.one: Hot"]);
});

Deno.test.each([
  { what: "nothing", change: undefined },
  { what: "an unknown level", change: { level: "table" } },
  { what: "no source", change: { source: undefined } },
  { what: "a message that is no text", change: { message: 7 } },
  { what: "no fields", change: { fields: null } },
])("consoleLog() refuses $what, and writes nothing", ({ change }) => {
  using table = stub(console, "table", () => {});
  using info = stub(console, "info", () => {});
  const record = change === undefined
    ? undefined
    : { level: "info", source: "host", message: "Hot", fields: {}, ...change };
  assertThrows(
    () => Reflect.apply(consoleLog, undefined, [record]),
    OptionError,
  );
  assertEquals([...table.calls, ...info.calls], []);
});
