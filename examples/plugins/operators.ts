/**
 * A plugin that brings operators in each of the ways there are: a function of tensors, a scalar
 * expression, kernels in TypeScript and in WebAssembly, which stay in the sandbox, and such in
 * WebAssembly and WGSL that are bound to their arrays, which the host runs amid its own.
 */
import {
  defineOperator,
  definePlugin,
  elementwise,
  type HostKernel,
  type Plugin,
  type Tensor,
  wasmKernel,
  wgslKernel,
} from "@spiraltorch/spiraltorch/plugin";

/** x / (1 + |x|), element by element. */
function softsign([x]: Parameters<HostKernel>[0]): Float32Array {
  return Float32Array.from(x!, (value) => value / (1 + Math.abs(value)));
}

/** A module of 145 bytes that computes x / (1 + |x|), plus an attribute, as docs/wasm_kernels.md says. */
const SOFTSIGN_WASM =
  "AGFzbQEAAAABBgFgAX8BfwMCAQAFBgEBAYCAAQcQAgZtZW1vcnkCAANydW4AAAphAV8BA38g" +
  "ACgCDCEBIAAoAiAhAiABIAAoAhBBAnRqIQMCQANAIAEgA08NASACIAEqAgBDAACAPyABKgIA" +
  "i5KVIAAoAgQrAwC2kjgCACABQQRqIQEgAkEEaiECDAALC0EACw==";

/**
 * A module of 323 bytes that computes x / (1 + |x|) where its arrays are, 16 elements a turn, as
 * docs/wasm_kernels.md says.
 */
const LINKED_SOFTSIGN_WASM =
  "AGFzbQEAAAABBgFgAn9/AAIlAgd0ZW5zb3JzBmlucHV0MAIAAAd0ZW5zb3JzBm91dHB1dAIA" +
  "AAMCAQAHBwEDcnVuAAAK/AEB+QEDAXsBfwF7/QwAAIA/AACAPwAAgD8AAIA/IQIgAEECdCEA" +
  "IAFBAnQhASABQcAAayEDIAAgA0wEQANAIAD9AAQAIQQgACAEIAIgBP3gAf3kAf3nAf0LRAEA" +
  "IAD9AAQQIQQgACAEIAIgBP3gAf3kAf3nAf0LRAEQIAD9AAQgIQQgACAEIAIgBP3gAf3kAf3n" +
  "Af0LRAEgIAD9AAQwIQQgACAEIAIgBP3gAf3kAf3nAf0LRAEwIABBwABqIQAgACADTA0ACwsC" +
  "QANAIAAgAU4NASAA/VwCACEEIAAgBCACIAT94AH95AH95wH9WkIBAAAgAEEEaiEADAALCws=";

/** A shader that computes x / (1 + |x|), four elements an invocation, as docs/wgsl_kernels.md says. */
const SOFTSIGN_WGSL = `
  @group(0) @binding(0) var<storage, read> x: array<vec4f>;
  @group(0) @binding(1) var<storage, read_write> y: array<vec4f>;

  @compute @workgroup_size(256)
  fn softsign(@builtin(global_invocation_id) at: vec3<u32>) {
    let i = at.x;
    if (i < arrayLength(&y)) { y[i] = x[i] / (1 + abs(x[i])); }
  }`;

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
}

/** The gradient of x / (1 + |x|). */
function softsignSlope(x: Tensor, gradient: Tensor): Tensor {
  const t = x.abs().add(1);
  return gradient.div(t.mul(t));
}

const plugin: Plugin = definePlugin({
  metadata: {
    id: "example.operators",
    version: "1.0.0",
    description: "Operators in each of the ways to define one.",
    capabilities: ["Operators"],
  },
  onLoad({ operators }) {
    operators.register({
      name: "operators:softsign",
      description: "x / (1 + |x|), as a function of tensors.",
      aliases: ["operators:soft_sign"],
      inputs: ["x"],
      forward: ([x]) => x!.div(x!.abs().add(1)),
    });
    operators.register({
      name: "operators:gelu",
      description: "x / 2 (1 + erf(x / √2)), as a scalar expression.",
      inputs: ["x"],
      forward: elementwise((x) =>
        x!.mul(0.5).mul(x!.mul(Math.SQRT1_2).erf().add(1))
      ),
    });
    operators.register({
      name: "operators:leaky",
      description: "The larger of x and slope × x, with an attribute.",
      inputs: ["x"],
      attributes: { slope: { kind: "number", default: 0.01 } },
      forward: ([x], { slope }) => x!.maximum(x!.mul(slope as number)),
    });
    operators.register(defineOperator({
      name: "operators:remote_softsign",
      description: "x / (1 + |x|), computed in the sandbox.",
      inputs: ["x"],
      infer: { shape: "same", dtype: "float32" },
      kernels: { reference: softsign },
      vjp: ({ inputs: [x], gradient }) => [softsignSlope(x!, gradient)],
    }));
    operators.register(defineOperator({
      name: "operators:wasm_softsign",
      description: "x / (1 + |x|) + shift, by a module of its own.",
      inputs: ["x"],
      attributes: { shift: { kind: "number", default: 0 } },
      infer: { shape: "same", dtype: "float32" },
      kernels: {
        reference: wasmKernel(bytesOf(SOFTSIGN_WASM)),
      },
      vjp: ({ inputs: [x], gradient }) => [softsignSlope(x!, gradient)],
    }));
    const linked = wasmKernel(bytesOf(LINKED_SOFTSIGN_WASM));
    operators.register(defineOperator({
      name: "operators:linked_softsign",
      description: "x / (1 + |x|), by a module that runs amid the host's own.",
      inputs: ["x"],
      infer: { shape: "same", dtype: "float32" },
      kernels: { wasm: linked, reference: linked },
      vjp: ({ inputs: [x], gradient }) => [softsignSlope(x!, gradient)],
    }));
    const shader = wgslKernel(SOFTSIGN_WGSL, {
      inputs: ["float32"],
      output: "float32",
      elementsPerInvocation: 4,
    });
    operators.register(defineOperator({
      name: "operators:shader_softsign",
      description: "x / (1 + |x|), by a shader where there is a GPU.",
      inputs: ["x"],
      infer: { shape: "same", dtype: "float32" },
      kernels: { webgpu: shader, wasm: linked, reference: linked },
      vjp: ({ inputs: [x], gradient }) => [softsignSlope(x!, gradient)],
    }));
  },
});

export default plugin;
