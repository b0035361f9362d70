import { itemBytes, sizeOf } from "../../../core/base/mod.ts";
import type { AttentionKernel } from "../../ir/mod.ts";
import type { CompiledKernel } from "../compiled_kernel.ts";
import { startsOf } from "../contract/matrix.ts";
import type { Engine } from "../engine.ts";
import { inputSlot, OUTPUT_SLOT, SCRATCH_SLOT } from "../lanes/views.ts";
import type { Task } from "../threads/thread_pool.ts";
import {
  ATTENTION_WORD,
  ATTENTION_WORDS,
  MASKS,
  type OperandName,
  REGIONS,
  regionWord,
} from "./attention_parameters.ts";
import { emitAttend } from "./attend.ts";
import { blocksOf } from "./blocks.ts";
import { emitPullBack } from "./pull_back.ts";

/** The operands of each role, in order; a mask may follow. */
const ROLE_OPERANDS: Readonly<
  Record<AttentionKernel["role"], readonly OperandName[]>
> = {
  output: ["query", "key", "value"],
  logSumExp: ["query", "key"],
  gradients: ["query", "key", "value", "gradient", "logSumExp", "delta"],
};

/** What one multiply-add takes, about. */
const MULTIPLY_NANOSECONDS = 0.06;

/** How long one call takes at least, about, where there are many small units. */
const CALL_NANOSECONDS = 30_000;

/**
 * Compiles an attention. Memory of its own holds blocks of operands and results only: it does not grow
 * with the number of queries or keys.
 *
 * @param kernel The kernel.
 * @param engine What turns code into functions.
 * @returns What runs it.
 */
export function attentionKernel(
  kernel: AttentionKernel,
  engine: Engine,
): CompiledKernel {
  return new Attention(kernel, engine);
}

class Attention implements CompiledKernel {
  readonly scratchBytes: number;
  readonly #engine: Engine;
  readonly #task: Task;
  readonly #names: readonly OperandName[];
  readonly #units: number;
  readonly #nanoseconds: number;
  /** Units of one call. */
  readonly #grain: number;
  /** Parameters that are the same in every launch. */
  readonly #fixed = new Int32Array(ATTENTION_WORDS);
  /** The operands' tables of starts, which stand behind the parameters. */
  readonly #starts: readonly Int32Array[];
  /** Where, in the scratch memory, the parameters are. */
  readonly #place: number;

  constructor(kernel: AttentionKernel, engine: Engine) {
    const { role, batch, operands, queries, keys, depth, width } = kernel;
    const count = sizeOf(batch);
    const blocks = blocksOf(kernel);
    const names = ROLE_OPERANDS[role];
    this.#engine = engine;
    this.#names = operands.length > names.length ? [...names, "mask"] : names;
    // Sizes and strides are parameters: all attentions share the functions.
    this.#task = role === "gradients"
      ? engine.task("attention gradients", emitPullBack)
      : engine.task("attention", emitAttend);
    const parts = role === "gradients"
      ? 1
      : Math.ceil(queries / blocks.queryBlock);
    this.#units = count * parts;
    const products = role === "gradients"
      ? 3 * depth + 2 * width
      : depth + width;
    this.#nanoseconds = count * queries * keys * products *
      MULTIPLY_NANOSECONDS;
    this.#grain = Math.ceil(
      CALL_NANOSECONDS * this.#units / Math.max(1, this.#nanoseconds),
    );
    const { regions, bytes } = blocks;
    this.#place = bytes * engine.threads;
    this.#starts = operands.map((operand) =>
      startsOf(operand, batch).map((start) => itemBytes(operand.dtype) * start)
    );
    this.scratchBytes = this.#place +
      engine.memory.tables.slotBytes * ATTENTION_WORDS +
      4 * operands.length * count;
    const words: Partial<Record<keyof typeof ATTENTION_WORD, number>> = {
      queries,
      keys,
      depth,
      width,
      isCausal: Number(kernel.isCausal),
      isSum: Number(role === "logSumExp"),
      queryBlock: blocks.queryBlock,
      keyBlock: blocks.keyBlock,
      blocks: parts,
      scratchStep: bytes,
    };
    for (const [name, value] of Object.entries(words)) {
      this.#fixed[ATTENTION_WORD[name as keyof typeof words]] = value;
    }
    new Float32Array(this.#fixed.buffer)[ATTENTION_WORD.scale] = kernel.scale;
    for (const region of REGIONS) {
      this.#fixed[regionWord(region)] = regions[region];
    }
    this.#fixOperands(kernel);
  }

  launch(parameters: number): void {
    if (this.#units === 0) return;
    const { int32, tables } = this.#engine.memory;
    const scratch = tables.read(parameters, SCRATCH_SLOT);
    const output = tables.read(parameters, OUTPUT_SLOT);
    const address = scratch + this.#place;
    tables.fill(address, this.#fixed);
    tables.write(address, ATTENTION_WORD.scratch, scratch);
    tables.write(address, ATTENTION_WORD.output, output);
    let end = address + tables.slotBytes * ATTENTION_WORDS;
    this.#names.forEach((name, i) => {
      const operand = tables.read(parameters, inputSlot(i));
      tables.write(address, ATTENTION_WORD[name], operand);
      tables.write(address, ATTENTION_WORD[`${name}Starts`], end);
      int32.set(this.#starts[i]!, end / 4);
      end += this.#starts[i]!.byteLength;
    });
    this.#engine.run(this.#task, {
      units: this.#units,
      grain: this.#grain,
      parameters: address,
      nanoseconds: this.#nanoseconds,
    });
  }

  /** Notes how the operands lie in memory. */
  #fixOperands({ batch, operands }: AttentionKernel): void {
    const fixed = this.#fixed;
    const rank = batch.length;
    operands.forEach((operand, i) => {
      const name = this.#names[i]!;
      const bytes = itemBytes(operand.dtype);
      const [line, step] = operand.strides.slice(rank) as [number, number];
      fixed[ATTENTION_WORD[`${name}Line`]] = bytes * line;
      if (name !== "logSumExp" && name !== "delta") {
        fixed[ATTENTION_WORD[`${name}Depth`]] = bytes * step;
      }
      if (name === "mask") {
        const kind = operand.dtype === "bool" ? "bool" : "float32";
        fixed[ATTENTION_WORD.maskKind] = MASKS.indexOf(kind);
      }
    });
  }
}
