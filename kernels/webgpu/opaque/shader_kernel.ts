import { itemBytes, sizeOf } from "../../../core/base/mod.ts";
import type { KernelIn, WgslCode } from "../../ir/mod.ts";
import { boundShader, hasLoops } from "../../opaque/mod.ts";
import type { BoundArray, GpuKernel, GpuTraits } from "../gpu_kernel.ts";
import { callWords } from "./call_words.ts";
import type { ShaderInterface } from "./read_interface.ts";

/** Turns of loops that every call may take, and as many more for each element of its arrays. */
const TURNS_MIN = 2 ** 28;
const ELEMENT_TURNS = 2 ** 12;
/** Most turns of one invocation: more than a second of a device's time. */
const INVOCATION_TURNS_MAX = 2 ** 24;
/** Most turns of one invocation of a software device: what it ends by itself, it says nothing of. */
const FOREIGN_TURNS_MAX = 60_000;

const WORD_BYTES = 4;
const VECTOR_BYTES = 16;

/**
 * Compiles a kernel of foreign code. Zeros are not written first where each is overwritten, unseen.
 *
 * @param kernel The kernel.
 * @param slots For each operand, the number of its array.
 * @param options What the shader declares, and what is known of the device.
 * @returns The shader.
 */
export function shaderKernel(
  kernel: KernelIn<WgslCode>,
  slots: readonly number[],
  { entryPoint, workgroupSize, readsCall, storesAll, isSoftware }:
    & ShaderInterface
    & GpuTraits,
): GpuKernel {
  const { name, code, operands, inputShapes, shape, dtype } = kernel;
  const size = sizeOf(shape);
  if (size === 0) return { passes: [] };
  const each = code.elementsPerInvocation === "row"
    ? shape.at(-1) ?? 1
    : code.elementsPerInvocation;
  const workgroups = Math.ceil(size / (each * workgroupSize));
  const arrays: BoundArray[] = operands.map(({ dtype }, i) => ({
    of: "step",
    place: slots[i]!,
    isWritten: false,
    bytes: wordBytes(sizeOf(inputShapes[i]!) * itemBytes(dtype)),
  }));
  const bytes = wordBytes(size * itemBytes(dtype));
  const unit = code.isVectors?.at(-1) ? VECTOR_BYTES : WORD_BYTES;
  const isStored = storesAll && bytes % unit === 0 &&
    workgroups * workgroupSize >= bytes / unit;
  const isCleared = (code.clearsOutput ?? false) && !isStored;
  arrays.push({ of: "step", place: 0, isWritten: true, bytes, isCleared });
  const constants = readsCall ? callWords(kernel) : [];
  if (readsCall) {
    const bytes = 4 * constants.length;
    arrays.push({ of: "constants", place: 0, isWritten: false, bytes });
  }
  const binding = arrays.length;
  const mayEnd = hasLoops(code.text);
  if (mayEnd) {
    const word = { isWritten: true, bytes: 4, isCleared: true };
    arrays.push({ of: "ended", place: 0, ...word });
  }
  const elements = [...inputShapes, shape].reduce((n, s) => n + sizeOf(s), 0);
  const turns = turnsOf(elements, workgroups * workgroupSize, isSoftware);
  const shader = boundShader(code.text, { turns, binding });
  return {
    passes: [{ shader, entryPoint, arrays, workgroups }],
    constants,
    ...mayEnd ? { mayEnd: name } : {},
  };
}

/** A power of two, where the device has any number: shaders for similar sizes are the same. */
function turnsOf(
  elements: number,
  invocations: number,
  isSoftware: boolean,
): number {
  const all = TURNS_MIN + ELEMENT_TURNS * elements;
  const share = Math.min(all / invocations, INVOCATION_TURNS_MAX);
  const turns = 2 ** Math.floor(Math.log2(share));
  return isSoftware ? Math.min(turns, FOREIGN_TURNS_MAX) : turns;
}

function wordBytes(bytes: number): number {
  return Math.ceil(bytes / WORD_BYTES) * WORD_BYTES;
}
