/**
 * An operator with a shader of its own for GPUs: softplus, `log(1 + exp(x))`, in WGSL. It is checked before
 * it runs anywhere; where there is no GPU, or for gradients, the function of tensors beside it computes.
 *
 * Permissions: none.
 *
 * `deno run examples/wgsl_operator.ts`
 *
 * @module
 */
import {
  createBackend,
  defineOperator,
  gradients,
  isCoded,
  opcheck,
  tensor,
  terminal,
  wgslKernel,
} from "@spiraltorch/spiraltorch";
import { realizeOn } from "@spiraltorch/spiraltorch/ops";

const SHADER = `
  @group(0) @binding(0) var<storage, read> x: array<f32>;
  @group(0) @binding(1) var<storage, read_write> y: array<f32>;

  @compute @workgroup_size(64)
  fn softplus(@builtin(global_invocation_id) at: vec3<u32>) {
    let i = at.x;
    if (i < arrayLength(&y)) {
      // Of a large x the exponential has no room: log(1 + exp(x)) = x + log(1 + exp(-x)).
      y[i] = max(x[i], 0) + log(1 + exp(-abs(x[i])));
    }
  }`;

const softplus = defineOperator({
  name: "example:softplus",
  description: "Softplus, log(1 + exp(x)).",
  inputs: ["x"],
  forward: ([x]) => x!.maximum(0).add(x!.abs().neg().exp().add(1).log()),
  kernels: {
    webgpu: wgslKernel(SHADER, { inputs: ["float32"], output: "float32" }),
  },
});

/**
 * Runs the program.
 *
 * @param print Writes one line.
 */
export async function runWgslOperator(
  print: (line: string) => void,
): Promise<void> {
  for (const name of ["wasm", "webgpu"] as const) {
    try {
      await using backend = await createBackend(name);
      const x = tensor([-100, 0, 1, 100]);
      const y = softplus(x);
      const [slope] = gradients(y.sum(), [x]);
      await realizeOn([y, slope!], { backend });
      const [values, slopes] = [await y.data(), await slope!.data()];
      const text = (numbers: ArrayLike<number>) =>
        Array.from(numbers, (number) => number.toFixed(3)).join(" ");
      print(`${name}: ${text(values)}, slopes ${text(slopes)}`);
    } catch (error) {
      if (!isCoded(error) || error.code !== "BACKEND_UNAVAILABLE") throw error;
      print(`${name}: there is none here`);
    }
  }
  const { ok } = await opcheck(softplus, [{ inputs: [[2, 3]] }]);
  print(`Keeps what an operator promises: ${ok}`);
}

if (import.meta.main) {
  const out = terminal();
  await runWgslOperator((line) => out.write(`${line}\n`));
}
