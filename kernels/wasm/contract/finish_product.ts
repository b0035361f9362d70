import { itemBytes, sizeOf } from "../../../core/base/mod.ts";
import type { CompiledKernel } from "../compiled_kernel.ts";
import type { Engine } from "../engine.ts";
import { inputSlot, OUTPUT_SLOT, SCRATCH_SLOT } from "../lanes/views.ts";
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
  readonly #epilogue: CompiledKernel;
  readonly #inputs: number;
  /** Where, in the scratch memory, the epilogue's parameters are. */
  readonly #parameters: number;
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
    this.#epilogue = epilogue;
    this.#inputs = operands.length;
    this.#parameters = product.scratchBytes;
    const end = this.#parameters +
      this.#tables.slotBytes * inputSlot(operands.length);
    const held = Math.ceil(end / 64) * 64;
    // Anything narrower cannot hold the product on the way.
    const isHeld = itemBytes(dtype) < 4;
    this.#held = isHeld ? held : undefined;
    this.scratchBytes = isHeld ? held + 4 * sizeOf(shape) : end;
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
    const start = scratch + this.#parameters;
    tables.write(start, OUTPUT_SLOT, output);
    tables.write(start, inputSlot(0), target);
    for (let i = 2; i < this.#inputs; i++) {
      const address = tables.read(parameters, inputSlot(i));
      tables.write(start, inputSlot(i - 1), address);
    }
    this.#epilogue.launch(start);
  }
}
