import { invalidOption } from "../../core/base/mod.ts";
import { backendUnavailable } from "../ir/mod.ts";
import type { AddressBytes } from "./assembler/function_types.ts";
import { PAGE_BYTES } from "./assembler/module_builder.ts";
import { Tables } from "./tables.ts";

/** All that 32-bit addresses reach. */
const NARROW_BYTES_MAX = 2 ** 32;
/** All that V8 grants to 64-bit addresses. */
const BYTES_MAX = 2 ** 34;
/** What is asked for at least. */
const BYTES_MIN = 2 ** 20;

/**
 * The memory that all arrays of a backend live in. Its size never changes, so V8 compiles it into
 * the code as a constant, and these views stay valid.
 */
export interface LinearMemory {
  /** The memory, for modules to import. */
  readonly memory: WebAssembly.Memory;
  /** Its size, in pages. */
  readonly pages: number;
  /** Whether threads can share it. */
  readonly isShared: boolean;
  /** Tables in it, for functions to read; their slots are as wide as addresses. */
  readonly tables: Tables;
  /** All of it as `float32`. */
  readonly float32: Float32Array;
  /** All of it as `int32`. */
  readonly int32: Int32Array;
  /** All of it as bytes. */
  readonly bytes: Uint8Array;
}

/**
 * Reserves a memory. Pages take room on the machine when they are first written to. Addresses have
 * 64 bits where 32 are not enough.
 *
 * @param bytes Its size; without, 4 GiB or as much of that as the system grants.
 * @param options Whether threads share it.
 * @returns The memory.
 * @throws {OptionError} `INVALID_OPTION` if `bytes` is not from 1 MiB to 16 GiB.
 * @throws {BackendError} `BACKEND_UNAVAILABLE` if the system refuses.
 */
export function createLinearMemory(
  bytes?: number,
  { isShared = false }: { readonly isShared?: boolean } = {},
): LinearMemory {
  const isSize = bytes === undefined ||
    Number.isInteger(bytes) && bytes >= BYTES_MIN && bytes <= BYTES_MAX;
  if (!isSize) {
    throw invalidOption(
      "memoryBytes",
      bytes,
      "a whole number from 1 MiB to 16 GiB",
    );
  }
  let wanted = bytes ?? NARROW_BYTES_MAX;
  const least = bytes ?? BYTES_MIN;
  while (true) {
    const pages = Math.floor(wanted / PAGE_BYTES);
    try {
      const addressBytes = wanted > NARROW_BYTES_MAX ? 8 : 4;
      const memory = reserve(pages, { isShared, addressBytes });
      const { buffer } = memory;
      const int32 = new Int32Array(buffer);
      return {
        memory,
        pages,
        isShared,
        float32: new Float32Array(buffer),
        tables: new Tables(int32, addressBytes),
        int32,
        bytes: new Uint8Array(buffer),
      };
    } catch (error) {
      wanted /= 2;
      if (wanted >= least) continue;
      throw backendUnavailable(
        "wasm",
        `the system refuses ${wanted * 2} bytes of memory (${error})`,
      );
    }
  }
}

function reserve(
  pages: number,
  { isShared, addressBytes }: {
    readonly isShared: boolean;
    readonly addressBytes: AddressBytes;
  },
): WebAssembly.Memory {
  if (addressBytes === 4) {
    return new WebAssembly.Memory({
      initial: pages,
      maximum: pages,
      shared: isShared,
    });
  }
  // The types of TypeScript do not know memories with 64-bit addresses.
  return Reflect.construct(WebAssembly.Memory, [{
    address: "i64",
    initial: BigInt(pages),
    maximum: BigInt(pages),
    shared: isShared,
  }]);
}
