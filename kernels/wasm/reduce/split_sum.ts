import type { Operand, ReduceKernel } from "../../ir/mod.ts";
import type { CompiledKernel } from "../compiled_kernel.ts";
import type { Engine } from "../engine.ts";
import {
  inputParameter,
  OUTPUT_PARAMETER,
  SCRATCH_PARAMETER,
} from "../lanes/views.ts";
import type { LinearMemory } from "../linear_memory.ts";
import { planReduction, type ReducePlan } from "./reduce_plan.ts";
import { rowCode } from "./row_code.ts";

/** Elements of a block: what one call sums. */
export const BLOCK_ELEMENTS: number = 1 << 15;

/**
 * One long sum, computed in blocks that threads can share. The blocks are always the same and their
 * sums are always added in the same order, whichever thread computed them.
 *
 * Numerics: each block's sum is rounded to `float32`; they are added in `float64`.
 */
export class SplitSum implements CompiledKernel {
  readonly scratchBytes: number;
  readonly #memory: LinearMemory;
  readonly #inputs: number;
  /** How many sums of blocks there are. */
  readonly #count: number;
  /** The whole blocks, and what is left over from them. */
  readonly #blocks: CompiledKernel;
  readonly #rest: CompiledKernel | undefined;
  /** What makes the output from the sum. */
  readonly #finish: CompiledKernel;
  /** Where, in the scratch memory, the parts' parameters and their scratch memory are. */
  readonly #parameters: number;
  readonly #scratch: number;

  /**
   * Constructs a new instance.
   *
   * @param plan The sum: one output, one combined axis.
   * @param engine What turns code into functions.
   */
  constructor(plan: ReducePlan, engine: Engine) {
    const { kernel } = plan;
    const length = plan.over[0]!;
    const whole = Math.floor(length / BLOCK_ELEMENTS);
    const left = length % BLOCK_ELEMENTS;
    const compile = (part: ReduceKernel) =>
      engine.compileRange(rowCode(planReduction(part)));
    this.#memory = engine.memory;
    this.#inputs = kernel.operands.length;
    this.#count = whole + (left > 0 ? 1 : 0);
    this.#blocks = compile(partOf(plan, { first: 0, whole }));
    this.#rest = left > 0
      ? compile(partOf(plan, { first: whole * BLOCK_ELEMENTS, left }))
      : undefined;
    this.#finish = compile(finishOf(kernel));
    const roundUp = (bytes: number) => Math.ceil(bytes / 64) * 64;
    this.#parameters = roundUp(4 * this.#count);
    this.#scratch = this.#parameters +
      roundUp(inputParameter(this.#inputs + 1));
    this.scratchBytes = this.#scratch + Math.max(
      this.#blocks.scratchBytes,
      this.#rest?.scratchBytes ?? 0,
      this.#finish.scratchBytes,
    );
  }

  launch(parameters: number): void {
    const { int32, float32 } = this.#memory;
    const from = parameters / 4;
    const sums = int32[from + SCRATCH_PARAMETER / 4]! >>> 0;
    const own = sums + this.#parameters;
    const to = own / 4;
    int32[to + SCRATCH_PARAMETER / 4] = sums + this.#scratch;
    int32[to + OUTPUT_PARAMETER / 4] = sums;
    const inputs = from + inputParameter(0) / 4;
    const end = inputs + this.#inputs;
    int32.copyWithin(to + inputParameter(0) / 4, inputs, end);
    this.#blocks.launch(own);
    if (this.#rest) {
      int32[to + OUTPUT_PARAMETER / 4] = sums + 4 * (this.#count - 1);
      this.#rest.launch(own);
    }
    const first = sums / 4;
    let total = 0;
    for (let i = 0; i < this.#count; i++) total += float32[first + i]!;
    float32[first] = total;
    int32[to + OUTPUT_PARAMETER / 4] = int32[from + OUTPUT_PARAMETER / 4]!;
    int32[to + inputParameter(0) / 4] = sums;
    int32.copyWithin(to + inputParameter(1) / 4, inputs, end);
    this.#finish.launch(own);
  }
}

/** The sums of whole blocks, or of fewer elements than a block has. */
function partOf(
  { kernel, bodyViews }: ReducePlan,
  { first, whole = 1, left = BLOCK_ELEMENTS }: {
    readonly first: number;
    readonly whole?: number;
    readonly left?: number;
  },
): ReduceKernel {
  const operands = kernel.operands.map(({ dtype, offset }, i): Operand => {
    const view = bodyViews.find(({ name }) => name === `@${i}`);
    const stride = view?.strides.at(-1) ?? 0;
    return {
      dtype,
      offset: offset + first * stride,
      strides: [BLOCK_ELEMENTS * stride, stride],
    };
  });
  return {
    ...kernel,
    shape: [whole],
    over: [left],
    operands,
    epilogue: [{ kind: "accumulator", dtype: "float32" }],
    dtype: "float32",
  };
}

/** The epilogue, over a sum of one element. */
function finishOf(kernel: ReduceKernel): ReduceKernel {
  const strides = new Array<number>(kernel.shape.length + 1).fill(0);
  return {
    ...kernel,
    over: [1],
    operands: [{ dtype: "float32", strides, offset: 0 }, ...kernel.operands],
    body: [{ kind: "load", operand: 0, dtype: "float32" }],
    epilogue: kernel.epilogue.map((instruction) =>
      instruction.kind === "load" || instruction.kind === "gather"
        ? { ...instruction, operand: instruction.operand + 1 }
        : instruction
    ),
  };
}
