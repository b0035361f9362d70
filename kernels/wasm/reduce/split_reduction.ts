import {
  contiguousStrides,
  itemBytes,
  sizeOf,
} from "../../../core/base/mod.ts";
import type { Operand, ReduceKernel } from "../../ir/mod.ts";
import type { CompiledKernel } from "../compiled_kernel.ts";
import type { Engine } from "../engine.ts";
import { inputSlot, OUTPUT_SLOT, SCRATCH_SLOT } from "../lanes/views.ts";
import type { LinearMemory } from "../linear_memory.ts";
import { columnCode } from "./column_code.ts";
import { reduceCode } from "./reduce_code.ts";
import { isByColumns, planReduction, type ReducePlan } from "./reduce_plan.ts";
import { rowCode } from "./row_code.ts";
import { roundUp } from "../round_up.ts";

/** Elements of a block, at least: what one call combines. */
export const BLOCK_ELEMENTS: number = 1 << 15;

/** Steps of a block along the axis that is split, at least: results of blocks stay small beside it. */
const BLOCK_STEPS = 64;

/** Outputs up to which there are few: more of them are shared by threads as they are. */
const OUTPUTS_MAX = 16;

/** Columns up to which there are few: whole rows of them are combined, rather than parts. */
const COLUMNS_MAX = 4096;

/** Rows of such columns up to which there are few: for all of them a block is read once from afar. */
const ROWS_MAX = 8;

/** Blocks from which a reduction is split: fewer are not worth other threads. */
const BLOCKS_MIN = 4;

/**
 * Decides how many steps along the first combined axis make a block.
 *
 * @param plan The reduction.
 * @returns The number of steps, or `undefined` if the reduction is better computed in one piece. It
 * does not depend on the number of threads.
 */
export function stepsOfBlock(plan: ReducePlan): number | undefined {
  const { kernel, outer, over } = plan;
  const hasPlaces = kernel.body.some(({ kind }) =>
    kind === "coordinate" || kind === "gather"
  );
  const isFew = isByColumns(plan)
    ? outer.at(-1)! <= COLUMNS_MAX &&
      sizeOf(outer.slice(0, -1)) <= ROWS_MAX
    : sizeOf(outer) <= OUTPUTS_MAX;
  if (!isFew || hasPlaces || over.length === 0) return undefined;
  const stepElements = sizeOf([...outer, ...over.slice(1)]);
  const steps = Math.max(
    stepElements === 1 ? 1 : BLOCK_STEPS,
    Math.ceil(BLOCK_ELEMENTS / stepElements),
  );
  return over[0]! >= BLOCKS_MIN * steps ? steps : undefined;
}

/**
 * A reduction of few outputs, computed in blocks that threads can share. The blocks are always the
 * same and their results are always combined in the same order, whichever thread computed them.
 *
 * Numerics: each block's sum is rounded to `float32`; they are added like any sum.
 */
export class SplitReduction implements CompiledKernel {
  readonly scratchBytes: number;
  readonly #memory: LinearMemory;
  readonly #inputs: number;
  /** The whole blocks, and what is left over from them. */
  readonly #blocks: CompiledKernel;
  readonly #rest: CompiledKernel | undefined;
  /** Where, in the scratch memory, the result of the rest goes. */
  readonly #restResult: number;
  /** What makes the output from the results of the blocks. */
  readonly #finish: CompiledKernel;
  /** Where, in the scratch memory, the parts' parameters and their scratch memory are. */
  readonly #parameters: number;
  readonly #scratch: number;

  /**
   * Constructs a new instance.
   *
   * @param plan The reduction.
   * @param steps How many steps along the first combined axis make a block.
   * @param engine What turns code into functions.
   */
  constructor(plan: ReducePlan, steps: number, engine: Engine) {
    const { kernel, over, outer, combination } = plan;
    const whole = Math.floor(over[0]! / steps);
    const left = over[0]! % steps;
    const count = whole + (left > 0 ? 1 : 0);
    const codeOf = isByColumns(plan) ? columnCode : rowCode;
    const compile = (part: ReduceKernel) =>
      engine.compileRange(codeOf(planReduction(part)));
    this.#memory = engine.memory;
    this.#inputs = kernel.operands.length;
    this.#blocks = compile(partOf(plan, { first: 0, whole, steps }));
    this.#rest = left > 0
      ? compile(partOf(plan, { first: whole * steps, whole: 1, steps: left }))
      : undefined;
    this.#finish = engine.compileRange(reduceCode(finishOf(plan, count)));
    const resultBytes = itemBytes(combination.dtype) * sizeOf(outer);
    this.#restResult = whole * resultBytes;
    this.#parameters = roundUp(count * resultBytes, 64);
    this.#scratch = this.#parameters +
      roundUp(this.#memory.tables.slotBytes * inputSlot(this.#inputs + 1), 64);
    this.scratchBytes = this.#scratch + Math.max(
      this.#blocks.scratchBytes,
      this.#rest?.scratchBytes ?? 0,
      this.#finish.scratchBytes,
    );
  }

  launch(parameters: number): void {
    const { tables } = this.#memory;
    const results = tables.read(parameters, SCRATCH_SLOT);
    const own = results + this.#parameters;
    const inputs = Array.from(
      { length: this.#inputs },
      (_, i) => tables.read(parameters, inputSlot(i)),
    );
    tables.write(own, SCRATCH_SLOT, results + this.#scratch);
    tables.write(own, OUTPUT_SLOT, results);
    inputs.forEach((address, i) => tables.write(own, inputSlot(i), address));
    this.#blocks.launch(own);
    if (this.#rest) {
      tables.write(own, OUTPUT_SLOT, results + this.#restResult);
      this.#rest.launch(own);
    }
    tables.write(own, OUTPUT_SLOT, tables.read(parameters, OUTPUT_SLOT));
    tables.write(own, inputSlot(0), results);
    inputs.forEach((address, i) =>
      tables.write(own, inputSlot(i + 1), address)
    );
    this.#finish.launch(own);
  }
}

/** The reduction of some blocks, one result after the other. */
function partOf(
  { kernel, outer, over, bodyViews, combination }: ReducePlan,
  { first, whole, steps }: {
    readonly first: number;
    readonly whole: number;
    readonly steps: number;
  },
): ReduceKernel {
  const { dtype } = combination;
  const operands = kernel.operands.map((operand, i): Operand => {
    const view = bodyViews.find(({ name }) => name === `@${i}`);
    const strides = view?.strides ??
      new Array<number>(outer.length + over.length).fill(0);
    const step = strides[outer.length]!;
    return {
      dtype: operand.dtype,
      offset: operand.offset + first * step,
      strides: [steps * step, ...strides],
    };
  });
  return {
    ...kernel,
    shape: [whole, ...outer],
    over: [steps, ...over.slice(1)],
    operands,
    epilogue: [{ kind: "accumulator", dtype }],
    dtype,
  };
}

/** The combination of the blocks' results, and the epilogue. */
function finishOf(
  { kernel, combination: { dtype } }: ReducePlan,
  count: number,
): ReduceKernel {
  const { shape } = kernel;
  const strides = [...contiguousStrides(shape), sizeOf(shape)];
  return {
    ...kernel,
    over: [count],
    operands: [{ dtype, strides, offset: 0 }, ...kernel.operands],
    body: [{ kind: "load", operand: 0, dtype }],
    epilogue: kernel.epilogue.map((instruction) =>
      instruction.kind === "load" || instruction.kind === "gather"
        ? { ...instruction, operand: instruction.operand + 1 }
        : instruction
    ),
  };
}
