import { printable } from "../../core/base/mod.ts";
import type { WasmCode } from "../../kernels/ir/mod.ts";
import {
  ByteReader,
  parseDirectModule,
  SECTION,
  sectionsOf,
} from "../../kernels/opaque/mod.ts";
import { wasmKernelInvalid } from "./errors.ts";

/** Most bytes of a module, and most pages of its memory: 1 GiB. */
const BYTES_MAX = 2 ** 20;
const PAGES_MAX = 2 ** 14;

/**
 * Compiles the module of a kernel, if it can do no harm. Either it imports nothing, runs nothing before
 * it is asked to, and has one memory of its own, of bounded size, which nobody else sees. Or its arrays
 * are memories that it imports, and it can be linked to reach nothing else.
 *
 * **Source**: WebAssembly core specification 2.0, section 5.5, "Modules".
 *
 * @param bytes The module.
 * @returns The code.
 * @throws {TensorError} `WASM_KERNEL_INVALID` if it is none, or breaks a rule.
 */
export function compileKernelModule(bytes: Uint8Array): WasmCode {
  const given: unknown = bytes;
  if (!(given instanceof Uint8Array)) {
    throw wasmKernelInvalid(`found ${typeof given}, wanted a Uint8Array`);
  }
  if (given.length > BYTES_MAX) {
    throw wasmKernelInvalid(
      `found ${given.length} bytes, wanted at most ${BYTES_MAX}`,
    );
  }
  // A copy: what is checked is what is run, whatever the caller does with the bytes.
  const copy = new Uint8Array(given);
  let module: WebAssembly.Module;
  try {
    module = new WebAssembly.Module(copy);
  } catch (error) {
    throw wasmKernelInvalid(printable((error as Error).message, 200));
  }
  // The engine has accepted the bytes: sections are as long as they say.
  const sections = new Map(
    sectionsOf(copy).map(({ id, content }) => [id, content]),
  );
  const imports = sections.get(SECTION.imports);
  const isDirect = imports !== undefined &&
    new ByteReader(imports, 0).unsigned() > 0;
  if (isDirect) parseDirectModule(copy, wasmKernelInvalid);
  else {
    checkMemory(sections);
    checkExports(module);
  }
  return {
    language: "wasm",
    module,
    bytes: copy,
    arrays: isDirect ? "imported" : "copied",
  };
}

function checkMemory(sections: ReadonlyMap<number, Uint8Array>): void {
  if (sections.has(SECTION.start)) {
    throw wasmKernelInvalid("found a start function, wanted none");
  }
  const memories = sections.get(SECTION.memories);
  if (!memories) throw wasmKernelInvalid("found no memory, wanted one");
  const reader = new ByteReader(memories, 0);
  const count = reader.unsigned();
  if (count !== 1) {
    throw wasmKernelInvalid(`found ${count} memories, wanted one`);
  }
  // Bit 0: a maximum is stated; others: shared, 64 bits wide, pages of another size.
  const flags = reader.byte();
  if (flags !== 1) {
    throw wasmKernelInvalid(
      `found a memory of kind ${flags}, wanted one of 32 bits that is not shared and states its maximum`,
    );
  }
  reader.skipNumber();
  const most = reader.unsigned();
  if (most > PAGES_MAX) {
    throw wasmKernelInvalid(
      `found a memory of up to ${most} pages, wanted at most ${PAGES_MAX}`,
    );
  }
}

function checkExports(module: WebAssembly.Module): void {
  const kinds = new Map(
    WebAssembly.Module.exports(module).map(({ name, kind }) => [name, kind]),
  );
  const wanted = [["memory", "memory"], ["run", "function"]] as const;
  for (const [name, kind] of wanted) {
    if (kinds.get(name) === kind) continue;
    throw wasmKernelInvalid(
      `found ${kinds.get(name) ?? "nothing"} as "${name}", wanted a ${kind}`,
    );
  }
}
