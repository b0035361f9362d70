import type {
  AddressBytes,
  FunctionReference,
} from "./assembler/function_types.ts";
import { ModuleBuilder } from "./assembler/module_builder.ts";
import type { ValueType } from "./assembler/opcodes.ts";
import { VectorCode } from "./lanes/vector_code.ts";

/** What code may use beyond plain SIMD. */
export interface Features {
  /** Size of the memory, in pages. */
  readonly pages: number;
  /** Whether threads share it. */
  readonly isShared: boolean;
  /** How wide its addresses are. */
  readonly addressBytes: AddressBytes;
  /** Whether there is relaxed SIMD: multiply-add in one instruction. */
  readonly relaxedSimd: boolean;
}

/**
 * Parameters of a kernel's function: the first unit, the one after the last, the address of the
 * table of its parameters, the number of the thread.
 */
const RANGE: readonly ValueType[] = ["i32", "i32", "i32", "i32"];
/** Which of them is the address. */
const TABLE = 2;

/** Logarithm of the bytes at whose multiples tables start, where addresses have 64 bits. */
export const TABLE_UNIT_BITS = 6;

/**
 * One Wasm module of kernel code: what it imports, and the functions that its code shares.
 */
export class KernelModule {
  /** Whether there is relaxed SIMD. */
  readonly relaxedSimd: boolean;
  readonly #builder = new ModuleBuilder();
  readonly #helpers = new Map<string, FunctionReference>();

  /**
   * Constructs a new instance.
   *
   * @param features What its code may use.
   */
  constructor({ pages, isShared, addressBytes, relaxedSimd }: Features) {
    this.relaxedSimd = relaxedSimd;
    this.#builder.importMemory(["host", "memory"], pages, {
      isShared,
      addressBytes,
    });
    for (const name of ["cos", "sin"]) {
      this.#helpers.set(
        `host ${name}`,
        this.#builder.importFunction(["host", name], {
          parameters: ["f64"],
          results: ["f64"],
        }),
      );
    }
  }

  /**
   * Finds a function of the host.
   *
   * @param name Which.
   * @returns The function, from f64 to f64.
   */
  host(name: "cos" | "sin"): FunctionReference {
    return this.#helpers.get(`host ${name}`)!;
  }

  /**
   * Finds a function that code shares, or writes it.
   *
   * @param name Its name.
   * @param signature What it takes and gives.
   * @param write Writes its code.
   * @returns The function.
   */
  helper(
    name: string,
    signature: {
      readonly parameters: readonly ValueType[];
      readonly results: readonly ValueType[];
    },
    write: (code: VectorCode) => void,
  ): FunctionReference {
    const known = this.#helpers.get(name);
    if (known) return known;
    const written = this.#builder.define(
      signature,
      (f) => write(new VectorCode(f, this)),
    );
    this.#helpers.set(name, written);
    return written;
  }

  /**
   * Writes a function that can be called from outside.
   *
   * Its parameters are those of a kernel. An address of 64 bits is handed over in units.
   *
   * @param name Its name there.
   * @param write Writes its code.
   */
  export(name: string, write: (code: VectorCode) => void): void {
    const written = this.#builder.define(
      { parameters: RANGE, results: [] },
      (f) => {
        f.widen(TABLE, TABLE_UNIT_BITS);
        write(new VectorCode(f, this));
      },
    );
    this.#builder.export(name, written);
  }

  /**
   * Puts the module together.
   *
   * @returns The binary.
   */
  build(): Uint8Array<ArrayBuffer> {
    return this.#builder.build();
  }
}
