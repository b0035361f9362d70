import { packageSpecifier } from "../contestants/names.ts";
import { encodeOnnx } from "../formats/onnx.ts";
import { ELEMENTS, finish, SIZE } from "./product.ts";

interface Session {
  run(
    feeds: Readonly<Record<string, unknown>>,
  ): Promise<Readonly<Record<string, { readonly data: Float32Array }>>>;
}

interface Ort {
  readonly env: { readonly wasm: { numThreads: number } };
  readonly InferenceSession: {
    create(
      model: Uint8Array,
      options: { readonly executionProviders: readonly "wasm"[] },
    ): Promise<Session>;
  };
  readonly Tensor: new (
    type: "float32",
    data: Float32Array,
    shape: readonly number[],
  ) => unknown;
}

const shape = [SIZE, SIZE];
// It reads models; most programs have theirs in a file.
const model = encodeOnnx({
  inputs: [{ name: "x", shape }],
  outputs: [{ name: "y", shape }],
  constants: [],
  nodes: [{ type: "MatMul", inputs: ["x", "x"], outputs: ["y"] }],
});
const ort: Ort = await import(
  `${packageSpecifier("ort", "onnxruntime-web")}/wasm`
);
ort.env.wasm.numThreads = 1;
const session = await ort.InferenceSession.create(model, {
  executionProviders: ["wasm"],
});
const x = new ort.Tensor("float32", ELEMENTS, shape);
finish((await session.run({ x }))["y"]!.data[0]!);
