import { itemBytes, sizeOf } from "../../../core/base/mod.ts";
import type { CompiledKernel } from "../compiled_kernel.ts";
import type { Engine } from "../engine.ts";
import {
  inputParameter,
  OUTPUT_PARAMETER,
  SCRATCH_PARAMETER,
} from "../lanes/views.ts";
import { epilogueKernel, type Finish } from "./epilogue_kernel.ts";
import type { Product } from "./product.ts";

/**
 * Compiles what follows a product.
 *
 * @param product What computes the sums.
 * @param finish What becomes of them.
 * @param engine What turns code into functions.
 * @returns What runs both.
 */
export async function finishProduct(
  product: Product,
  finish: Finish,
  engine: Engine,
): Promise<CompiledKernel> {
  const kernel = epilogueKernel(finish);
  const words = engine.memory.int32;
  if (!kernel) return new BareProduct(product, words);
  const { mapCode } = await import("../map/map_code.ts");
  const epilogue = engine.compileRange(mapCode(kernel));
  return new FinishedProduct(finish, { words, product, epilogue });
}

/** A product that is the output as it is. */
class BareProduct implements CompiledKernel {
  readonly scratchBytes: number;
  readonly #product: Product;
  readonly #words: Int32Array;

  constructor(product: Product, words: Int32Array) {
    this.scratchBytes = product.scratchBytes;
    this.#product = product;
    this.#words = words;
  }

  launch(parameters: number): void {
    const words = this.#words;
    const word = parameters / 4;
    this.#product.multiply(words[word + SCRATCH_PARAMETER / 4]!, {
      left: words[word + inputParameter(0) / 4]!,
      right: words[word + inputParameter(1) / 4]!,
      target: words[word + OUTPUT_PARAMETER / 4]!,
    });
  }
}

/** A product, and the elementwise kernel that makes the output from it. */
class FinishedProduct implements CompiledKernel {
  readonly scratchBytes: number;
  readonly #words: Int32Array;
  readonly #product: Product;
  readonly #epilogue: CompiledKernel;
  readonly #inputs: number;
  /** Where, in the scratch memory, the epilogue's parameters are. */
  readonly #parameters: number;
  /** Where the product is, if not in the output. */
  readonly #held: number | undefined;

  constructor(
    { shape, operands, dtype }: Finish,
    { words, product, epilogue }: {
      readonly words: Int32Array;
      readonly product: Product;
      readonly epilogue: CompiledKernel;
    },
  ) {
    this.#words = words;
    this.#product = product;
    this.#epilogue = epilogue;
    this.#inputs = operands.length;
    this.#parameters = product.scratchBytes;
    const end = this.#parameters + inputParameter(operands.length);
    const held = Math.ceil(end / 64) * 64;
    // Anything narrower cannot hold the product on the way.
    const isHeld = itemBytes(dtype) < 4;
    this.#held = isHeld ? held : undefined;
    this.scratchBytes = isHeld ? held + 4 * sizeOf(shape) : end;
  }

  launch(parameters: number): void {
    const words = this.#words;
    const word = parameters / 4;
    const scratch = words[word + SCRATCH_PARAMETER / 4]!;
    const output = words[word + OUTPUT_PARAMETER / 4]!;
    const target = this.#held === undefined ? output : scratch + this.#held;
    this.#product.multiply(scratch, {
      left: words[word + inputParameter(0) / 4]!,
      right: words[word + inputParameter(1) / 4]!,
      target,
    });
    const start = (scratch + this.#parameters) >>> 0;
    const at = start / 4;
    words[at + OUTPUT_PARAMETER / 4] = output;
    words[at + inputParameter(0) / 4] = target;
    for (let i = 2; i < this.#inputs; i++) {
      words[at + inputParameter(i - 1) / 4] =
        words[word + inputParameter(i) / 4]!;
    }
    this.#epilogue.launch(start);
  }
}
