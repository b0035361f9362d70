import { assertEquals } from "@std/assert";
import type { LogRecord } from "../plugin/context.ts";
import { quietLog } from "./quiet_log.ts";

const RECORD: LogRecord = {
  level: "info",
  source: "host",
  message: "hello",
  fields: {},
};

Deno.test("quietLog() passes records on, and swallows what the log throws", () => {
  const records: LogRecord[] = [];
  const log = quietLog((record) => {
    records.push(record);
    throw new Error("disk full");
  });
  log(RECORD);
  quietLog(undefined)(RECORD);
  assertEquals(records, [RECORD]);
});
