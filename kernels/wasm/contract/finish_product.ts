import { itemBytes, sizeOf } from "../../../core/base/mod.ts";
import type { CompiledKernel } from "../compiled_kernel.ts";
import type { Engine } from "../engine.ts";
import { InnerKernel } from "../inner_kernel.ts";
import { inputSlot, OUTPUT_SLOT, SCRATCH_SLOT } from "../lanes/views.ts";
import { roundUp } from "../round_up.ts";
import type { Tables } from "../tables.ts";
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
  const { tables } = engine.memory;
  if (!kernel) return new BareProduct(product, tables);
  const { mapCode } = await import("../map/map_code.ts");
  const epilogue = engine.compileRange(mapCode(kernel));
  return new FinishedProduct(finish, { tables, product, epilogue });
}

/** A product that is the output as it is. */
class BareProduct implements CompiledKernel {
  readonly scratchBytes: number;
  readonly #product: Product;
  readonly #tables: Tables;

  constructor(product: Product, tables: Tables) {
    this.scratchBytes = product.scratchBytes;
    this.#product = product;
    this.#tables = tables;
  }

  launch(parameters: number): void {
    const tables = this.#tables;
    this.#product.multiply(tables.read(parameters, SCRATCH_SLOT), {
      left: tables.read(parameters, inputSlot(0)),
      right: tables.read(parameters, inputSlot(1)),
      target: tables.read(parameters, OUTPUT_SLOT),
    });
  }
}

/** A product, and the elementwise kernel that makes the output from it. */
class FinishedProduct implements CompiledKernel {
  readonly scratchBytes: number;
  readonly #tables: Tables;
  readonly #product: Product;
  readonly #epilogue: InnerKernel;
  readonly #inputs: number;
  /** Where, in the scratch memory, the epilogue's own memory is. */
  readonly #own: number;
  /** Where the product is, if not in the output. */
  readonly #held: number | undefined;

  constructor(
    { shape, operands, dtype }: Finish,
    { tables, product, epilogue }: {
      readonly tables: Tables;
      readonly product: Product;
      readonly epilogue: CompiledKernel;
    },
  ) {
    this.#tables = tables;
    this.#product = product;
    this.#inputs = operands.length;
    const inputs = operands.length - 1;
    this.#epilogue = new InnerKernel(epilogue, { inputs, tables });
    this.#own = roundUp(product.scratchBytes, 64);
    const held = roundUp(this.#own + this.#epilogue.bytes, 64);
    // Anything narrower cannot hold the product on the way.
    const isHeld = itemBytes(dtype) < 4;
    this.#held = isHeld ? held : undefined;
    this.scratchBytes = isHeld ? held + 4 * sizeOf(shape) : held;
  }

  launch(parameters: number): void {
    const tables = this.#tables;
    const scratch = tables.read(parameters, SCRATCH_SLOT);
    const output = tables.read(parameters, OUTPUT_SLOT);
    const target = this.#held === undefined ? output : scratch + this.#held;
    this.#product.multiply(scratch, {
      left: tables.read(parameters, inputSlot(0)),
      right: tables.read(parameters, inputSlot(1)),
      target,
    });
    const inputs = [target];
    for (let i = 2; i < this.#inputs; i++) {
      inputs.push(tables.read(parameters, inputSlot(i)));
    }
    this.#epilogue.launch(scratch + this.#own, { output, inputs });
  }
}
