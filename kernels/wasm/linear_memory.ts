import { invalidOption } from "../../core/base/mod.ts";
import { backendUnavailable } from "../ir/mod.ts";
import { PAGE_BYTES } from "./assembler/module_builder.ts";

/** All that 32-bit addresses reach. */
const BYTES_MAX = 2 ** 32;
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
  /** All of it as `float32`. */
  readonly float32: Float32Array;
  /** All of it as `int32`. */
  readonly int32: Int32Array;
  /** All of it as bytes. */
  readonly bytes: Uint8Array;
}

/**
 * Reserves a memory. Pages take room on the machine when they are first written to.
 *
 * @param bytes Its size; without, 4 GiB or as much of that as the system grants.
 * @param options Whether threads share it.
 * @returns The memory.
 * @throws {OptionError} `INVALID_OPTION` if `bytes` is not from 1 MiB to 4 GiB.
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
      "a whole number from 1 MiB to 4 GiB",
    );
  }
  let wanted = bytes ?? BYTES_MAX;
  const least = bytes ?? BYTES_MIN;
  while (true) {
    const pages = Math.floor(wanted / PAGE_BYTES);
    try {
      const memory = new WebAssembly.Memory({
        initial: pages,
        maximum: pages,
        shared: isShared,
      });
      const { buffer } = memory;
      return {
        memory,
        pages,
        isShared,
        float32: new Float32Array(buffer),
        int32: new Int32Array(buffer),
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
