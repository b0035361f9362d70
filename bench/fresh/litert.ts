// It reads models and expects a page: what gives it both is the bench's own, as it would be a user's.
import { loadLitert } from "../contestants/litert.ts";
import { ELEMENTS, finish, SIZE } from "./product.ts";

const input = { shape: [SIZE, SIZE], bound: 1 };
const { prepare } = await loadLitert();
const product = await prepare({
  kind: "formula",
  name: "matmul",
  inputs: [input, input],
  steps: [{ op: "matmul", left: 0, right: 1 }],
  repeats: 1,
  work: { kind: "time", unit: "ms", parts: 1 },
}, [ELEMENTS, ELEMENTS]);
await product.run();
finish((await product.read())[0]!);
