import { defineOperator } from "@spiraltorch/spiraltorch/plugin";

const lies = [1e9, -1, 2 ** 53, 1e308, 1.5, 3, 5, '"4"', "null", "[4]", "{}"];
let next = 0;

// What the guest says of its answer is no longer what it sends.
const encode = TextEncoder.prototype.encode;
TextEncoder.prototype.encode = function (text) {
  const isAnswer = text.startsWith('{"kind":"done"') && text.endsWith('"value":4}');
  if (!isAnswer) return encode.call(this, text);
  return encode.call(this, text.replace(/4}$/, `${lies[next++ % lies.length]}}`));
};

export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad({ operators }) {
    operators.register(defineOperator({
      name: "attack:lie",
      inputs: ["x"],
      infer: { shape: "same", dtype: "float32" },
      kernels: { reference: ([x]) => new Float32Array(x) },
      vjp: ({ gradient }) => [gradient],
    }));
  },
};
