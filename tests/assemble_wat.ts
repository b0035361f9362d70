import initWabt from "wabt";

const wabt = await initWabt();

// The declarations of wabt do not know all of them.
const FEATURES = Object.fromEntries(
  ["multi_memory", "multi_value", "simd"].map((name) => [name, true]),
);

/**
 * Assembles a module for a test.
 *
 * @param text The module in WebAssembly's text format.
 * @returns Its bytes.
 */
export function assembleWat(text: string): Uint8Array<ArrayBuffer> {
  const module = wabt.parseWat("test.wat", text, FEATURES);
  try {
    return new Uint8Array(module.toBinary({}).buffer);
  } finally {
    module.destroy();
  }
}
