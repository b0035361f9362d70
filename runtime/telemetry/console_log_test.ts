import { assertEquals } from "@std/assert";
import { stub } from "@std/testing/mock";
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
