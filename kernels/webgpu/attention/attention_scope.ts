import type { AttentionKernel, Operand } from "../../ir/mod.ts";
import { attentionSpaces } from "../../ir/mod.ts";
import { loadText, wordText } from "../wgsl/elements.ts";
import { distanceText } from "../wgsl/indices.ts";
import type { ProductSide } from "../contract/product.ts";
import type { ShaderText } from "../wgsl/shader_text.ts";
import { bindableVectors, isWord, VECTOR } from "../wgsl/vector_views.ts";

/** Up to here what is done for each number of a vector is written out. */
const WRITTEN_OUT_MAX = 64;

/**
 * Writes what is done for each number of a vector: without a loop where they are few, so that vectors
 * stay in registers.
 *
 * @param shader Where to write.
 * @param count How many numbers.
 * @param line Writes the statement, given which number.
 * @returns The statements.
 */
export function forEachNumber(
  shader: ShaderText,
  count: number,
  line: (at: string) => string,
): readonly string[] {
  if (count <= WRITTEN_OUT_MAX) {
    return Array.from({ length: count }, (_, e) => line(`${e}u`));
  }
  const at = shader.fresh("e");
  return [`for (var ${at} = 0u; ${at} < ${count}u; ${at}++) {`, line(at), "}"];
}

/** Reads what an attention is computed from; `batch` is known. */
export class AttentionScope {
  readonly #shader: ShaderText;
  readonly #kernel: AttentionKernel;
  /** For each operand, whether its numbers are read by fours. */
  readonly #isVector: readonly boolean[];

  /**
   * Constructs a new instance.
   *
   * @param shader Where to write.
   * @param kernel The attention.
   * @param slots For each operand, the number of its array.
   */
  constructor(
    shader: ShaderText,
    kernel: AttentionKernel,
    slots: readonly number[],
  ) {
    this.#shader = shader;
    this.#kernel = kernel;
    const isVector = kernel.operands.map((operand, i) =>
      liesInFours(kernel, operand, i)
    );
    this.#isVector = bindableVectors(slots, isVector, false);
  }

  /**
   * Writes how an element is read.
   *
   * @param operand Number of the operand.
   * @param place Where along its axes behind those of the batch.
   * @returns The text of the value.
   */
  load(operand: number, ...place: readonly string[]): string {
    const { dtype, strides } = this.#kernel.operands[operand]!;
    if (this.#isVector[operand] && isWord(dtype)) {
      // Compilers take what is read of one vector together.
      const vector = this.#vector(operand, place);
      return wordText(dtype, `${vector}[${place.at(-1)} % ${VECTOR}u]`);
    }
    const number = `i32(${place.at(-1)}) * ${strides.at(-1)}`;
    const array = this.#shader.operand(operand);
    const at = `(${this.#line(operand, place)} + ${number})`;
    return loadText(this.#shader, dtype, { array, at });
  }

  /**
   * Shows a matrix of numbers as a side of a product.
   *
   * @param operand Number of the operand.
   * @param place Tells its line and the number in it from a row and a column of the side.
   * @returns How the side is read.
   */
  loads(
    operand: number,
    place: (row: string, column: string) => readonly [string, string],
  ): Pick<ProductSide, "load" | "loadFour"> {
    return {
      load: (row, column) => this.load(operand, ...place(row, column)),
      ...this.#isVector[operand] && {
        loadFour: (row, column) =>
          `bitcast<vec4<f32>>(${this.#vector(operand, place(row, column))})`,
      },
    };
  }

  /** The vector that an element lies in. */
  #vector(operand: number, place: readonly string[]): string {
    const array = this.#shader.operandVectors(operand);
    const line = this.#line(operand, place);
    return `${array}[u32(${line}) / ${VECTOR}u + ${place.at(-1)} / ${VECTOR}u]`;
  }

  /** Where the line of an element begins. */
  #line(operand: number, place: readonly string[]): string {
    const { batch, operands } = this.#kernel;
    const { strides, offset } = operands[operand]!;
    return [
      `${offset} + ${distanceText(batch, strides, "batch")}`,
      ...place.slice(0, -1).map((name, axis) =>
        `i32(${name}) * ${strides[batch.length + axis]}`
      ),
    ].join(" + ");
  }

  /**
   * Writes the score of a query and a key, and does something with it if the query sees the key.
   *
   * @param q Writes a number of the query.
   * @param k Writes a number of the key.
   * @param use What to do with `score`, where `query` and `key` are known.
   * @returns The statements.
   */
  ifSeen(
    q: (at: string) => string,
    k: (at: string) => string,
    use: readonly string[],
  ): readonly string[] {
    const { operands, isCausal, depth, scale } = this.#kernel;
    const place = attentionSpaces(this.#kernel).length - 1;
    const mask = operands[place];
    const conditions = isCausal ? ["key <= query"] : [];
    if (mask) {
      const isTruth = mask.dtype === "bool";
      conditions.push(
        isTruth ? "mask" : "bitcast<u32>(mask) != 0xff800000u",
      );
    }
    const bias = mask && mask.dtype !== "bool" ? " + mask" : "";
    return [
      ...mask ? [`let mask = ${this.load(place, "query", "key")};`] : [],
      `if (${conditions.join(" && ") || "true"}) {`,
      "var product = 0.0;",
      ...forEachNumber(
        this.#shader,
        depth,
        (e) => `product = fma(${q(e)}, ${k(e)}, product);`,
      ),
      `let score = product * f32(${scale})${bias};`,
      "if (bitcast<u32>(score) != 0xff800000u) {",
      ...use,
      "}",
      "}",
    ];
  }
}

/** Whether the lines of an operand are vectors of numbers that lie side by side, in fours. */
function liesInFours(
  kernel: AttentionKernel,
  { dtype, strides, offset }: Operand,
  operand: number,
): boolean {
  const { batch } = kernel;
  const axes = attentionSpaces(kernel)[operand]!;
  const isMatrix = axes.length === batch.length + 2;
  const isMask = operand === attentionSpaces(kernel).length - 1;
  return isMatrix && !isMask && isWord(dtype) && strides.at(-1) === 1 &&
    [offset, ...strides.slice(0, -1)].every((step) => step % VECTOR === 0);
}
