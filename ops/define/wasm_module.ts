import { printable } from "../../core/base/mod.ts";
import { wasmKernelInvalid } from "./errors.ts";

/** Most bytes of a module, and most pages of its memory: 1 GiB. */
const BYTES_MAX = 2 ** 20;
const PAGES_MAX = 2 ** 14;

/** Numbers of the sections that are looked at. */
const IMPORTS = 2;
const MEMORIES = 5;
const START = 8;

/**
 * Compiles the module of a kernel, if it can do no harm: it imports nothing, runs nothing before it is
 * asked to, and has one memory of its own, of bounded size, which nobody else sees.
 *
 * **Source**: WebAssembly core specification 2.0, section 5.5, "Modules".
 *
 * @param bytes The module.
 * @returns The compiled module.
 * @throws {TensorError} `WASM_KERNEL_INVALID` if it is none, or breaks a rule.
 */
export function compileKernelModule(bytes: Uint8Array): WebAssembly.Module {
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
  checkSections(copy);
  checkExports(module);
  return module;
}

function checkSections(bytes: Uint8Array): void {
  let hasMemory = false;
  for (const { id, start } of sectionsOf(bytes)) {
    if (id === IMPORTS && readNumber(bytes, start).value > 0) {
      throw wasmKernelInvalid("found imports, wanted none");
    }
    if (id === START) {
      throw wasmKernelInvalid("found a start function, wanted none");
    }
    if (id === MEMORIES) {
      hasMemory = true;
      checkMemory(bytes, start);
    }
  }
  if (!hasMemory) throw wasmKernelInvalid("found no memory, wanted one");
}

function* sectionsOf(
  bytes: Uint8Array,
): Generator<{ readonly id: number; readonly start: number }> {
  // Behind the magic number and the version.
  let offset = 8;
  while (offset < bytes.length) {
    const id = bytes[offset]!;
    const { value: length, end } = readNumber(bytes, offset + 1);
    yield { id, start: end };
    offset = end + length;
  }
}

function checkMemory(bytes: Uint8Array, start: number): void {
  const count = readNumber(bytes, start);
  if (count.value !== 1) {
    throw wasmKernelInvalid(`found ${count.value} memories, wanted one`);
  }
  // Bit 0: a maximum is stated; others: shared, 64 bits wide, pages of another size.
  const flags = bytes[count.end];
  if (flags !== 1) {
    throw wasmKernelInvalid(
      `found a memory of kind ${flags}, wanted one of 32 bits that is not shared and states its maximum`,
    );
  }
  const least = readNumber(bytes, count.end + 1);
  const most = readNumber(bytes, least.end);
  if (most.value > PAGES_MAX) {
    throw wasmKernelInvalid(
      `found a memory of up to ${most.value} pages, wanted at most ${PAGES_MAX}`,
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

/** An unsigned number of 32 bits, seven bits a byte, the lowest first. */
function readNumber(
  bytes: Uint8Array,
  start: number,
): { readonly value: number; readonly end: number } {
  let value = 0;
  let end = start;
  for (let shift = 0;; shift += 7) {
    const byte = bytes[end++]!;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, end };
  }
}
