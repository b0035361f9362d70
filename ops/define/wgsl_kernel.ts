/**
 * Kernels in WGSL, which `docs/wgsl_kernels.md` describes: shaders that are bound to the arrays of a
 * call, and to nothing else.
 *
 * @module
 */
import {
  type DType,
  DTYPES,
  invalidOption,
  optionsOf,
} from "../../core/base/mod.ts";
import { type WgslCode, wgslKernelInvalid } from "../../kernels/ir/mod.ts";
import {
  checkShader,
  plainShader,
  shaderTokens,
} from "../../kernels/opaque/mod.ts";
import type { HostKernel } from "../graph/node.ts";

/** Most inputs: every device binds so many arrays, an output and a description. */
const INPUTS_MAX = 6;

/** Options of {@linkcode wgslKernel}: what the shader declares. */
export interface WgslKernelOptions {
  /** How the elements of each input are stored: those of bindings 0, 1 and on. */
  readonly inputs: readonly DType[];
  /** How those of the output are, which is bound after the inputs. */
  readonly output: DType;
  /**
   * How many elements of the output an invocation computes, or a whole row of them.
   *
   * @default {1}
   */
  readonly elementsPerInvocation?: number | "row";
  /**
   * Whether the output is zeros at first, rather than anything. Shaders that a sandbox sends always begin
   * so: what others left in memory is none of their business. It costs another write of the output, unless
   * it is sure that each invocation overwrites what has its number, and reads none.
   *
   * @default {false}
   */
  readonly clearsOutput?: boolean;
  /** Is aborted when the kernel may not be run any more; its reason is what is thrown then. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes a kernel of a shader, for `webgpu` among the kernels of an operator. It runs amid the programs of
 * that backend, bound to the inputs of a call, which it may only read, to the output, and to nothing
 * else. Other backends compute the operator by what stands beside the kernel; so does `webgpu` where the
 * inputs are of other dtypes.
 *
 * What it may not contain is checked now, what it declares before it first runs, by a parser that is
 * loaded then.
 *
 * @example The sine's square, where there is a GPU
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { defineOperator, tensor, wgslKernel } from "@spiraltorch/spiraltorch";
 *
 * const shader = `
 *   @group(0) @binding(0) var<storage, read> x: array<f32>;
 *   @group(0) @binding(1) var<storage, read_write> y: array<f32>;
 *   @compute @workgroup_size(64)
 *   fn squares(@builtin(global_invocation_id) at: vec3<u32>) {
 *     if (at.x < arrayLength(&y)) { y[at.x] = pow(sin(x[at.x]), 2); }
 *   }`;
 * const squares = defineOperator({
 *   name: "acme:sin_squared",
 *   inputs: ["x"],
 *   forward: ([x]) => x!.sin().pow(2), // what other backends and gradients use
 *   kernels: {
 *     webgpu: wgslKernel(shader, { inputs: ["float32"], output: "float32" }),
 *   },
 * });
 * assertAlmostEquals(await squares(tensor(1)).item(), Math.sin(1) ** 2, 1e-6);
 * ```
 *
 * @param source The shader.
 * @param options What it declares, and when it may not be run any more.
 * @returns The kernel, for `kernels.webgpu` of `defineOperator`.
 * @throws {BackendError} `WGSL_KERNEL_INVALID` if the shader breaks a rule.
 * @throws {OptionError} `INVALID_OPTION` if an option is of another kind.
 */
export function wgslKernel(
  source: string,
  options: WgslKernelOptions,
): HostKernel {
  const { inputs, output, elementsPerInvocation = 1, ...rest } = optionsOf<
    WgslKernelOptions
  >("wgslKernel", options);
  const { clearsOutput = false, signal } = rest;
  const types = checkedTypes(inputs, output);
  checkEach(elementsPerInvocation);
  if (typeof clearsOutput !== "boolean") {
    throw invalidOption("wgslKernel clearsOutput", clearsOutput, "a boolean");
  }
  const given: unknown = source;
  if (typeof given !== "string") {
    throw wgslKernelInvalid(
      `found ${typeof given}, wanted the text of a shader`,
    );
  }
  const text = plainShader(source, wgslKernelInvalid);
  checkShader(shaderTokens(text), wgslKernelInvalid);
  const code: WgslCode = {
    language: "wgsl",
    text,
    ...types,
    isVectors: [...types.inputs, types.output].map((_, binding) =>
      isVectorArray(text, binding)
    ),
    elementsPerInvocation,
    clearsOutput,
    ...signal ? { signal } : {},
  };
  function refuseOnHost(): never {
    throw wgslKernelInvalid('found a call on the host, wanted "webgpu"');
  }
  return Object.assign(refuseOnHost, { code });
}

function checkedTypes(
  inputs: unknown,
  output: unknown,
): Pick<WgslCode, "inputs" | "output"> {
  const wanted = `one of ${DTYPES.join(", ")}`;
  if (!isDType(output)) {
    throw invalidOption("wgslKernel output", output, wanted);
  }
  if (
    !Array.isArray(inputs) || inputs.length > INPUTS_MAX ||
    !inputs.every(isDType)
  ) {
    throw invalidOption(
      "wgslKernel inputs",
      inputs,
      `a list of at most ${INPUTS_MAX}, each ${wanted}`,
    );
  }
  return { inputs: [...inputs], output };
}

function isDType(value: unknown): value is DType {
  return DTYPES.some((dtype) => dtype === value);
}

/** Whether the array of a binding is declared as one of vectors. */
function isVectorArray(text: string, binding: number): boolean {
  const declaration = new RegExp(
    `@\\s*binding\\s*\\(\\s*${binding}u?\\s*\\)[^;]*:\\s*array\\s*<\\s*vec4[fiu]\\s*>`,
  );
  return declaration.test(text);
}

function checkEach(each: unknown): void {
  const isFine = each === "row" ||
    (typeof each === "number" && Number.isSafeInteger(each) && each >= 1);
  if (isFine) return;
  throw invalidOption(
    "wgslKernel elementsPerInvocation",
    each,
    'a whole number above 0, or "row"',
  );
}
