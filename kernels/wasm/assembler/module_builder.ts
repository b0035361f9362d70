import { assertInvariant } from "../../../core/base/mod.ts";
import { ByteWriter } from "./byte_writer.ts";
import { FunctionBuilder } from "./function_builder.ts";
import {
  type AddressBytes,
  byteOfType,
  type FunctionReference,
  resolveType,
  type Signature,
} from "./function_types.ts";

/** Size of a Wasm page. */
export const PAGE_BYTES = 65536;

/** What a module imports: a module name and a name in it. */
type ImportName = readonly [module: string, name: string];

/**
 * Writes a Wasm module: one imported memory, imported functions, functions of its own, exports.
 *
 * Source: WebAssembly core specification 3.0, section 5.5, "Modules".
 */
export class ModuleBuilder {
  readonly #types = new Map<string, number>();
  readonly #typeEntries = new ByteWriter();
  readonly #imports = new ByteWriter();
  readonly #functions: { type: number; code: Uint8Array }[] = [];
  readonly #exports = new ByteWriter();
  #addressBytes: AddressBytes = 4;
  #importCount = 0;
  #importedFunctionCount = 0;
  #exportCount = 0;

  /**
   * Imports the memory, before anything uses it. Its size is fixed, which makes it a constant of the
   * code.
   *
   * @param name Where it comes from.
   * @param pages Its size.
   * @param options Whether threads share it, and how wide its addresses are.
   */
  importMemory(
    [module, name]: ImportName,
    pages: number,
    { isShared = false, addressBytes = 4 }: {
      readonly isShared?: boolean;
      readonly addressBytes?: AddressBytes;
    } = {},
  ): void {
    this.#addressBytes = addressBytes;
    this.#imports.name(module);
    this.#imports.name(name);
    // All kinds state a maximum.
    const kind = (isShared ? 0x03 : 0x01) | (addressBytes === 8 ? 0x04 : 0);
    this.#imports.bytes([0x02, kind]);
    this.#imports.unsigned(pages);
    this.#imports.unsigned(pages);
    this.#importCount++;
  }

  /**
   * Imports a function, before the first of the module's own.
   *
   * @param name Where it comes from.
   * @param signature What it takes and gives.
   * @returns The function.
   */
  importFunction(
    [module, name]: ImportName,
    signature: Signature,
  ): FunctionReference {
    assertInvariant(
      this.#functions.length === 0,
      "imported functions are numbered before others",
    );
    this.#imports.name(module);
    this.#imports.name(name);
    this.#imports.byte(0x00);
    this.#imports.unsigned(this.#typeOf(signature));
    this.#importCount++;
    return { ...signature, index: this.#importedFunctionCount++ };
  }

  /**
   * Writes a function.
   *
   * @param signature What it takes and gives.
   * @param write Writes its code.
   * @returns The function.
   */
  define(
    signature: Signature,
    write: (builder: FunctionBuilder) => void,
  ): FunctionReference {
    const builder = new FunctionBuilder(
      signature.parameters,
      this.#addressBytes,
    );
    write(builder);
    const place = this.#functions.push({
      type: this.#typeOf(signature),
      code: builder.finish(),
    }) - 1;
    return { ...signature, index: this.#importedFunctionCount + place };
  }

  /**
   * Makes a function visible from outside.
   *
   * @param name Its name there.
   * @param reference The function.
   */
  export(name: string, reference: FunctionReference): void {
    this.#exports.name(name);
    this.#exports.byte(0x00);
    this.#exports.unsigned(reference.index);
    this.#exportCount++;
  }

  /**
   * Puts the module together.
   *
   * @returns The binary.
   */
  build(): Uint8Array<ArrayBuffer> {
    const writer = new ByteWriter();
    writer.bytes([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
    section(writer, 1, this.#types.size, this.#typeEntries);
    section(writer, 2, this.#importCount, this.#imports);
    const declarations = new ByteWriter();
    const bodies = new ByteWriter();
    for (const { type, code } of this.#functions) {
      declarations.unsigned(type);
      bodies.sized(code);
    }
    section(writer, 3, this.#functions.length, declarations);
    section(writer, 7, this.#exportCount, this.#exports);
    section(writer, 10, this.#functions.length, bodies);
    return writer.toBytes();
  }

  #typeOf({ parameters, results }: Signature): number {
    const [takes, gives] = [parameters, results].map((types) =>
      types.map((type) => byteOfType(resolveType(type, this.#addressBytes)))
    ) as [number[], number[]];
    const key = `${takes}:${gives}`;
    const known = this.#types.get(key);
    if (known !== undefined) return known;
    this.#typeEntries.byte(0x60);
    this.#typeEntries.sized(takes);
    this.#typeEntries.sized(gives);
    this.#types.set(key, this.#types.size);
    return this.#types.size - 1;
  }
}

/** Writes a section: its number, its size, and how many entries follow. */
function section(
  writer: ByteWriter,
  id: number,
  count: number,
  entries: ByteWriter,
): void {
  if (count === 0) return;
  const content = new ByteWriter();
  content.unsigned(count);
  content.bytes(entries.toBytes());
  writer.byte(id);
  writer.sized(content.toBytes());
}
