import { assert, assertEquals } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import { ThreadError, threadFailed } from "./errors.ts";

Deno.test("threadFailed() names what is known", () => {
  const error = threadFailed("wasm", "RuntimeError: unreachable");
  assert(error instanceof ThreadError && isCoded(error));
  assertEquals(error.code, "THREAD_FAILED");
  assertEquals(
    error.message,
    'Cannot finish work on backend "wasm": a thread failed (RuntimeError: unreachable)',
  );
  assertEquals<unknown>(error.details, {
    backend: "wasm",
    reason: "RuntimeError: unreachable",
  });
});
