// Kernels that stay on the other side of a border. The oracle is the kernel, called on this side.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { isCoded, type Json } from "../../core/base/mod.ts";
import { PluginError } from "../../core/mod.ts";
import {
  gradients,
  type HostKernel,
  type OperatorDefinition,
  OperatorRegistry,
  tensor,
} from "../../ops/mod.ts";
import { encodeOperator } from "../guest/encode_operator.ts";
import { decodeOperator } from "./decode_operator.ts";
import { remoteKernel } from "./remote_kernel.ts";
import { makeBorder, NO_EXPOSER } from "./toy_remote_test.ts";

function send(definition: OperatorDefinition) {
  const border = makeBorder();
  const { data } = encodeOperator(definition, border);
  return decodeOperator(JSON.parse(JSON.stringify(data)) as Json, {
    operators: new OperatorRegistry(),
    remote: border,
  });
}

const rows: HostKernel = ([x, i], { inputs, attributes }) => {
  const width = inputs[0]!.shape[1]!;
  return Float32Array.from(
    i!,
    (row) => x![row * width]! * Number(attributes.by),
  );
};

const FIRST: OperatorDefinition = {
  name: "t:first",
  inputs: ["x", "rows"],
  attributes: { by: "number" },
  infer: { shape: "n m, k -> k", dtype: "float32" },
  kernels: { reference: rows },
};

Deno.test("remoteKernel() computes on the other side, with arrays of each dtype", async () => {
  const first = send(FIRST);
  const x = tensor([[1, 2], [3, 4], [5, 6]]);
  for (const dtype of ["int32", "int8"] as const) {
    const index = tensor([2, 0, 1], { dtype });
    const [y] = first.execute([x, index], { by: 10 });
    assertEquals(await y!.array(), [50, 10, 30]);
  }
  const half = x.cast("float16");
  const [y] = first.execute([half, tensor([true, false])], { by: 1 });
  assertEquals(await y!.array(), [3, 1]);
  assertThrows(() => first.execute([x, x], { by: 1 }), RangeError, '"k"');
});

Deno.test("remoteKernel() stands beside a gradient and a function that were recorded", async () => {
  const doubled = send({
    name: "t:doubled",
    inputs: ["x"],
    kernels: { wasm: ([x]) => Float32Array.from(x!, (x) => 2 * x) },
    forward: ([x]) => x!.mul(2),
  });
  const x = tensor([1, 2]);
  assertEquals(await doubled(x).array(), [2, 4]);
  const [slope] = gradients(doubled(x).sum(), [x]);
  assertEquals(await slope!.array(), [2, 2]);
  const bent = send({
    name: "t:bent",
    inputs: ["x"],
    infer: "same",
    kernels: { reference: ([x]) => x! },
    vjp: ({ gradient }) => [gradient.mul(7)],
  });
  const [own] = gradients(bent(x).sum(), [x]);
  assertEquals(await own!.array(), [7, 7]);
});

Deno.test("encodeOperator() refuses kernels whose types only a function knows", () => {
  const error = assertThrows(() =>
    encodeOperator(
      { ...FIRST, infer: () => ({ dtype: "float32", shape: [] }) },
      NO_EXPOSER,
    )
  );
  assert(isCoded(error) && error.code === "INFER_NOT_TRACED");
});

Deno.test.each<{ name: string; result: unknown; code: string }>([
  {
    name: "too few elements",
    result: new Float32Array(1),
    code: "OPERATOR_INFER_MISMATCH",
  },
  { name: "no elements", result: null, code: "KERNEL_RESULT_INVALID" },
])("remoteKernel() reports $name", async ({ result, code }) => {
  const op = send({
    ...FIRST,
    kernels: { reference: () => result as Float32Array },
  });
  const [y] = op.execute([tensor([[1]]), tensor([0, 0])], { by: 1 });
  const error = await assertRejects(() => y!.data());
  assertEquals(isCoded(error) && error.code, code);
});

Deno.test.each<{ name: string; value: Json; bytes: number }>([
  { name: "bytes that are too few", value: 2, bytes: 4 },
  { name: "bytes that are too many", value: 2, bytes: 12 },
  { name: "a count beyond all measure", value: 2 ** 50, bytes: 8 },
  { name: "a count below 0", value: -1, bytes: 8 },
  { name: "a count that is no number", value: "2", bytes: 8 },
])("remoteKernel() refuses $name", async ({ value, bytes }) => {
  const kernel = remoteKernel("t:f", {
    handle: 0,
    remote: {
      call: () => Promise.resolve({ value, bytes: new Uint8Array(bytes) }),
    },
  });
  const type = { dtype: "float32", shape: [2] } as const;
  const call = { inputs: [], output: type, attributes: {} };
  const error = await assertRejects(async () => await kernel([], call));
  assertEquals(isCoded(error) && error.code, "CONTRIBUTION_INVALID");
});

Deno.test.each([
  { reason: "unloaded", code: "KERNEL_REVOKED" },
  { reason: "exit", code: "SANDBOX_DIED" },
])(
  "remoteKernel() of a sandbox that ended by $reason rejects with $code",
  async ({ reason, code }) => {
    const kernel = remoteKernel("t:f", {
      handle: 0,
      remote: {
        call: () =>
          Promise.reject(
            new PluginError("SANDBOX_DIED", "Gone", { reason }),
          ),
      },
    });
    const type = { dtype: "float32", shape: [2] } as const;
    const call = { inputs: [], output: type, attributes: {} };
    const error = await assertRejects(async () => await kernel([], call));
    assertEquals(isCoded(error) && error.code, code);
  },
);
