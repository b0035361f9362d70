import type { DType } from "../../../core/base/mod.ts";
import type { Pass } from "../gpu_kernel.ts";
import { bitsText, elementsPerWord } from "./elements.ts";
import { ShaderText } from "./shader_text.ts";

const THREADS = 256;

/**
 * Where a kernel puts its elements when any invocation may write any of them. Elements that share a
 * word with others are kept in words of their own at first, and put together in a last pass.
 */
export class OutputArray {
  readonly #dtype: DType;
  readonly #size: number;
  readonly #scratch: number;

  /**
   * Constructs a new instance.
   *
   * @param dtype How elements are stored.
   * @param size How many.
   * @param scratch Number of the scratch array that may be used.
   */
  constructor(dtype: DType, size: number, scratch: number) {
    this.#dtype = dtype;
    this.#size = size;
    this.#scratch = scratch;
  }

  /** Bytes of the scratch array; none where there is no need of one. */
  get scratchBytes(): readonly number[] {
    return this.#isPacked ? [4 * this.#size] : [];
  }

  /**
   * Writes how an element is stored.
   *
   * @param shader Where to write.
   * @param at Which element, a `u32`.
   * @param value Its value.
   * @returns The statement.
   */
  store(shader: ShaderText, at: string, value: string): string {
    const array = this.#isPacked
      ? shader.scratch(this.#scratch, { isWritten: true })
      : shader.output();
    return `${array}[${at}] = ${bitsText(shader, this.#dtype, value)};`;
  }

  /** What is left to do when all elements are there. */
  get lastPasses(): readonly Pass[] {
    if (!this.#isPacked) return [];
    const shader = new ShaderText([]);
    const count = elementsPerWord(this.#dtype);
    const words = Math.ceil(this.#size / count);
    const source = shader.scratch(this.#scratch, { isWritten: false });
    const parts = Array.from({ length: count }, (_, i) => {
      const at = `word * ${count}u + ${i}u`;
      const element = `select(0u, ${source}[min(${at}, ${
        this.#size - 1
      }u)], ${at} < ${this.#size}u)`;
      return `(${element} << ${32 / count * i}u)`;
    });
    return [shader.pass({
      threads: THREADS,
      workgroups: Math.ceil(words / THREADS),
      body: [
        `let word = group * ${THREADS}u + thread;`,
        `if (word < ${words}u) {`,
        `${shader.output()}[word] = ${parts.join(" | ")};`,
        "}",
      ],
    })];
  }

  get #isPacked(): boolean {
    return elementsPerWord(this.#dtype) > 1;
  }
}
