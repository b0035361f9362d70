import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../base/mod.ts";
import type { LogRecord } from "../plugin/context.ts";
import { WorkerTaints } from "./worker_taints.ts";

Deno.test("WorkerTaints reports workers that were not stopped, oldest first", () => {
  const log: LogRecord[] = [];
  const taints = new WorkerTaints({ log: (record) => void log.push(record) });
  const { permissions, onTaint } = taints.options;
  assertEquals(permissions, "inherit");
  for (const url of ["file:///a.ts", "file:///b.ts"]) {
    onTaint(url, { reason: "hook-timeout", isTainted: true });
  }
  assertEquals(taints.list(), [
    { url: "file:///a.ts", reason: "hook-timeout" },
    { url: "file:///b.ts", reason: "hook-timeout" },
  ]);
  assertEquals(
    log.map(({ level, source, fields }) => [level, source, fields]),
    [
      ["error", "host", { url: "file:///a.ts", reason: "hook-timeout" }],
      ["error", "host", { url: "file:///b.ts", reason: "hook-timeout" }],
    ],
  );
});

Deno.test("WorkerTaints refuses permissions that workers cannot have", () => {
  const workerPermissions: unknown = "some";
  const error = assertThrows(
    () => Reflect.construct(WorkerTaints, [{ workerPermissions }]),
    OptionError,
  );
  assertEquals(error.code, "INVALID_OPTION");
});
