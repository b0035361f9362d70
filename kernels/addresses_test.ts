/** Backends whose arrays lie where addresses have 32 bits, and where they need more. */
import type { Backend } from "./backend.ts";
import { createWasmBackend, type WasmOptions } from "./wasm/mod.ts";

/** Bytes that 32-bit addresses reach. */
const NARROW_BYTES = 2 ** 32;
/** No array may be larger than 2 GiB. */
const BLOCKS = 4;

/** How wide addresses are. */
export type Addresses = "32-bit" | "64-bit";

/** Why the system grants no memory with 64-bit addresses, if it does not. */
export const WIDE_REFUSAL: string | undefined = await refusal();

/** What can be tested here. */
export const ADDRESSES: readonly Addresses[] = WIDE_REFUSAL === undefined
  ? ["32-bit", "64-bit"]
  : ["32-bit"];

/**
 * Makes a backend. Where addresses have 64 bits, all that 32 bits reach is taken by arrays that nobody
 * writes to, and so takes no room on the machine.
 *
 * @param addresses How wide addresses are.
 * @param options Options of the backend, and how many bytes are free.
 * @returns The backend, for the caller to dispose.
 */
export function createTestBackend(
  addresses: Addresses,
  { memoryBytes, ...options }: WasmOptions & { readonly memoryBytes: number },
): Backend {
  if (addresses === "32-bit") {
    return createWasmBackend({ memoryBytes, ...options });
  }
  const backend = createWasmBackend({
    memoryBytes: NARROW_BYTES + memoryBytes,
    ...options,
  });
  for (let i = 0; i < BLOCKS; i++) {
    backend.allocate({ dtype: "bool", size: NARROW_BYTES / BLOCKS });
  }
  return backend;
}

async function refusal(): Promise<string | undefined> {
  try {
    await using _backend = createWasmBackend({ memoryBytes: 6 * 2 ** 30 });
    return undefined;
  } catch (error) {
    return String(error);
  }
}
