import { invalidOption } from "../../../core/base/mod.ts";
import { CODE_VARIANTS, type CodeVariant } from "../gpu_kernel.ts";

/**
 * What has been found out about GPUs by trying: for an adapter and a class of kernels, which code was the
 * fastest. It is a value of whoever makes it, and can be written to a file and read again.
 *
 * @example Kept from one process to the next
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { TuningTable } from "@spiraltorch/spiraltorch/kernels/webgpu";
 *
 * const table = new TuningTable();
 * table.set("some GPU", "contract 0x10x10x10 float32 float32 rr", "shared");
 * const text = JSON.stringify(table);
 * const again = TuningTable.parse(JSON.parse(text));
 * assertEquals(again.size, 1);
 * ```
 */
export class TuningTable {
  readonly #choices = new Map<string, CodeVariant>();

  /**
   * Reads a table.
   *
   * @param value What `JSON.parse` gives for one that was written.
   * @returns The table.
   * @throws {OptionError} `INVALID_OPTION` if it is none.
   */
  static parse(value: unknown): TuningTable {
    const table = new TuningTable();
    const isTable = typeof value === "object" && value !== null &&
      !Array.isArray(value);
    for (const [key, variant] of isTable ? Object.entries(value) : []) {
      const known = CODE_VARIANTS.find((each) => each === variant);
      if (!known) {
        const wanted = CODE_VARIANTS.join(", ");
        throw invalidOption(`tuning "${key}"`, variant, wanted);
      }
      table.#choices.set(key, known);
    }
    if (!isTable) throw invalidOption("a tuning table", value, "an object");
    return table;
  }

  /** How many classes are known, of all adapters. */
  get size(): number {
    return this.#choices.size;
  }

  /**
   * Looks up a class.
   *
   * @param adapter Name of the adapter.
   * @param shapeClass The class.
   * @returns The fastest code, if it is known.
   */
  get(adapter: string, shapeClass: string): CodeVariant | undefined {
    return this.#choices.get(keyOf(adapter, shapeClass));
  }

  /**
   * Notes what was found out.
   *
   * @param adapter Name of the adapter.
   * @param shapeClass The class.
   * @param variant The fastest code.
   */
  set(adapter: string, shapeClass: string, variant: CodeVariant): void {
    this.#choices.set(keyOf(adapter, shapeClass), variant);
  }

  /**
   * Gives what `JSON.stringify` writes.
   *
   * @returns The choices by adapter and class.
   */
  toJSON(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#choices);
  }
}

function keyOf(adapter: string, shapeClass: string): string {
  return `${adapter}: ${shapeClass}`;
}
