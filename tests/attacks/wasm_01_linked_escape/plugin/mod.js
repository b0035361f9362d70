import { defineOperator, wasmKernel } from "@spiraltorch/spiraltorch/plugin";

const MODULES = {
  // (i32.store $output (i32.const 0) (i32.load $input0 offset=16 (i32.const 0)))
  read:
    "AGFzbQEAAAABBAFgAAACJQIHdGVuc29ycwZpbnB1dDACAAAHdGVuc29ycwZvdXRwdXQCAAADAgEA" +
    "BwcBA3J1bgAACg8BDQBBAEEAKAIQNkIBAAs=",
  // (i32.store $output (i32.const 0) (i32.load $input0 (i32.const -16)))
  readBefore:
    "AGFzbQEAAAABBAFgAAACJQIHdGVuc29ycwZpbnB1dDACAAAHdGVuc29ycwZvdXRwdXQCAAADAgEA" +
    "BwcBA3J1bgAACg8BDQBBAEFwKAIANkIBAAs=",
  // (i32.store $output offset=16 (i32.const 0) (i32.const 7))
  write:
    "AGFzbQEAAAABBAFgAAACJQIHdGVuc29ycwZpbnB1dDACAAAHdGVuc29ycwZvdXRwdXQCAAADAgEA" +
    "BwcBA3J1bgAACgwBCgBBAEEHNkIBEAs=",
  // (loop $l (i32.store $output (local.get $i) (i32.const 7)) … i += 65536 … (br $l))
  writeFar:
    "AGFzbQEAAAABBAFgAAACJQIHdGVuc29ycwZpbnB1dDACAAAHdGVuc29ycwZvdXRwdXQCAAADAgEA" +
    "BwcBA3J1bgAAChwBGgEBfwNAIABBBzZCAQAgAEGAgARqIQAMAAsL",
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
