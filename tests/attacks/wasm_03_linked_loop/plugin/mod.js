import { defineOperator, wasmKernel } from "@spiraltorch/spiraltorch/plugin";

const MODULES = {
  // (loop $l (br $l))
  loop:
    "AGFzbQEAAAABBAFgAAACJQIHdGVuc29ycwZpbnB1dDACAAAHdGVuc29ycwZvdXRwdXQCAAADAgEA" +
    "BwcBA3J1bgAACgkBBwADQAwACws=",
  // (func $f (call $f) (call $f))
  calls:
    "AGFzbQEAAAABBAFgAAACJQIHdGVuc29ycwZpbnB1dDACAAAHdGVuc29ycwZvdXRwdXQCAAADAwIA" +
    "AAcHAQNydW4AAQoNAgYAEAAQAAsEABAACw==",
};

export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad({ operators }) {
    for (const [name, text] of Object.entries(MODULES)) {
      const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
      operators.register(defineOperator({
        name: `attack:${name}`,
        inputs: ["x"],
        infer: { shape: "same", dtype: "float32" },
        kernels: { wasm: wasmKernel(bytes) },
        vjp: ({ gradient }) => [gradient],
      }));
    }
  },
};
