// All float16 numbers, read as such and as halves of words. The oracle is the host's own decoder.

import { assert, assertEquals } from "@std/assert";
import { decodeHalf } from "../../../core/base/mod.ts";
import { seenGpu } from "../seen_gpu_test.ts";
import { createWebGpuBackend } from "../webgpu_backend.ts";
import { halfReader, withHalfArrays } from "./half_arrays.ts";

const adapter = await navigator.gpu?.requestAdapter();
const hasHalf = adapter?.features.has("shader-f16") ?? false;
const COUNT = 2 ** 16;

/** Reads all of them as float32; tells whether any shader asked for the feature. */
async function readAll(
  features: readonly GPUFeatureName[],
): Promise<{ readonly got: Float32Array; readonly isHard: boolean }> {
  const own = (await navigator.gpu.requestAdapter())!;
  Object.defineProperty(own, "features", { value: new Set(features) });
  let isHard = false;
  const gpu = seenGpu((device) => {
    const create = device.createShaderModule.bind(device);
    device.createShaderModule = (descriptor) => {
      isHard ||= descriptor.code.startsWith("enable f16;");
      return create(descriptor);
    };
  }, { requestAdapter: () => Promise.resolve(own) });
  await using backend = await createWebGpuBackend({ gpu });
  const spec = { dtype: "float32", size: COUNT } as const;
  const half = { dtype: "float16", size: COUNT } as const;
  const [x, y] = [backend.allocate(half), backend.allocate(spec)];
  backend.write(
    x,
    decodeHalf("float16", Uint16Array.from({ length: COUNT }, (_, i) => i)),
  );
  using program = await backend.compile({
    inputs: [half],
    outputs: [spec],
    temporaries: [],
    steps: [{
      kernel: {
        kind: "map",
        shape: [COUNT],
        operands: [{ dtype: "float16", strides: [1], offset: 0 }],
        body: [{ kind: "load", operand: 0, dtype: "float32" }],
        dtype: "float32",
      },
      inputs: [0],
      output: 1,
    }],
  });
  await program.run([x], [y]);
  return { got: Float32Array.from(await backend.read(y)), isHard };
}

Deno.test.each(
  [
    {
      name: "a device that knows them",
      features: ["shader-f16"],
      ignore: !hasHalf,
    },
    { name: "a device that does not", features: [], ignore: !adapter },
  ].map((one) => ({
    ...one,
    features: one.features as readonly GPUFeatureName[],
    absence: one.ignore ? " (skipped: no such device here)" : "",
  })).map((one) => ({ ...one, name: `${one.name}${one.absence}` })),
)(
  "float16 numbers are read as they are by $name",
  { ignore: !adapter },
  async ({ features, ignore }) => {
    if (ignore) return;
    const { got, isHard } = await readAll(features);
    assertEquals(isHard, features.length > 0);
    const want = decodeHalf(
      "float16",
      Uint16Array.from({ length: COUNT }, (_, i) => i),
    );
    assert(want.every((each, i) => Object.is(each, got[i])));
  },
);

Deno.test("withHalfArrays() changes arrays that are read as float16 only", () => {
  const reader = halfReader("half_step_1", "step_1", "f16Value");
  const shader = (access: string, rest = "") =>
    `@group(0) @binding(0) var<storage, ${access}> step_1: array<u32>;\n${reader}\n${rest}`;
  const changed = withHalfArrays(shader("read"));
  assert(changed.startsWith("enable f16;"));
  assert(changed.includes("step_1: array<f16>"));
  assert(changed.includes("return f32(step_1[at]); }"));
  for (
    const same of [
      "fn main() {}",
      shader("read_write"),
      shader("read", "let word = step_1[0];"),
    ]
  ) assertEquals(withHalfArrays(same), same);
});
