/**
 * What `deno task test` preloads: from then on every backend verifies every program before it compiles
 * it, so that no schedule runs in a test unchecked, whichever helper or default backend it came by.
 *
 * Not part of the library: a program that `realize` made is trusted there.
 *
 * @module
 */
import type { Backend, Program } from "../kernels/mod.ts";
import { createReferenceBackend } from "../kernels/reference/mod.ts";
import { createWasmBackend } from "../kernels/wasm/mod.ts";
import { verifyProgram } from "../testing/mod.ts";

/** Makes all backends of one class verify what they compile. */
function verifyPrograms(backend: Backend): void {
  const shared: Pick<Backend, "compile"> = Object.getPrototypeOf(backend);
  const { compile } = shared;
  shared.compile = function (this: Backend, program: Program) {
    verifyProgram(program);
    return compile.call(this, program);
  };
}

verifyPrograms(createReferenceBackend());
verifyPrograms(createWasmBackend({ memoryBytes: 2 ** 20, threads: 1 }));
