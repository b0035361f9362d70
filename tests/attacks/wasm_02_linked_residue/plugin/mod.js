import { defineOperator, wasmKernel } from "@spiraltorch/spiraltorch/plugin";

const MODULES = {
  // (func (export "run") (param i32 i32))
  residue:
    "AGFzbQEAAAABBgFgAn9/AAIlAgd0ZW5zb3JzBmlucHV0MAIAAAd0ZW5zb3JzBm91dHB1dAIAAAMC" +
    "AQAHBwEDcnVuAAAKBAECAAs=",
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
