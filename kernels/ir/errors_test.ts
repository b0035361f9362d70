import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import {
  arrayTooLarge,
  backendDisposed,
  BackendError,
  backendUnavailable,
  backendUnknown,
  kernelTrapped,
  outOfMemory,
} from "./errors.ts";

Deno.test.each<{
  code: string;
  error: BackendError;
  message: string;
  details: Record<string, unknown>;
}>([
  {
    code: "ARRAY_TOO_LARGE",
    error: arrayTooLarge("wasm", { bytes: 10, bytesMax: 8 }),
    message:
      'Cannot hold an array on backend "wasm": found 10 bytes, wanted at most 8',
    details: { backend: "wasm", bytes: 10, bytesMax: 8 },
  },
  {
    code: "BACKEND_DISPOSED",
    error: backendDisposed("wasm"),
    message: 'Cannot use backend "wasm": it has been disposed',
    details: { backend: "wasm" },
  },
  {
    code: "BACKEND_UNAVAILABLE",
    error: backendUnavailable("wasm", "the engine has no SIMD"),
    message: 'Cannot start backend "wasm": the engine has no SIMD',
    details: { backend: "wasm", reason: "the engine has no SIMD" },
  },
  {
    code: "BACKEND_UNKNOWN",
    error: backendUnknown("cuda\n", ["auto", "wasm"]),
    message: 'Cannot find backend "cuda\\n": known are "auto", "wasm"',
    details: { backend: "cuda\n", known: ["auto", "wasm"] },
  },
  {
    code: "KERNEL_TRAPPED",
    error: kernelTrapped("acme:x", "wasm", { reason: "unreachable" }),
    message: 'Cannot run the code of acme:x on backend "wasm": unreachable',
    details: { operator: "acme:x", backend: "wasm", reason: "unreachable" },
  },
  {
    code: "OUT_OF_MEMORY",
    error: outOfMemory("wasm", {
      wantedBytes: 10,
      usedBytes: 5,
      totalBytes: 12,
    }),
    message:
      'Cannot allocate 10 bytes on backend "wasm": found 5 of 12 bytes in use, wanted fewer tensors at a time or more memory',
    details: { backend: "wasm", wantedBytes: 10, usedBytes: 5, totalBytes: 12 },
  },
])(
  "errors: $code names what was found",
  ({ code, error, message, details }) => {
    assert(isCoded(error));
    assertEquals<string>(error.code, code);
    assertEquals(error.message, message);
    assertEquals<unknown>(error.details, details);
  },
);

Deno.test("BackendError keeps its cause", () => {
  const cause = new RangeError("no room");
  const error = new BackendError("OUT_OF_MEMORY", "Cannot", {}, { cause });
  assertEquals(error.cause, cause);
  assertStringIncludes(String(error), "BackendError: Cannot");
});
