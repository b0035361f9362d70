import type { Tensor } from "../../ops/mod.ts";
import { Module } from "../module.ts";

/** Options of {@linkcode Sequential}. */
export interface SequentialOptions {
  /** What the model is called. */
  readonly name?: string;
}

/**
 * Modules one after another: each is applied to what the one before it gives. Without modules it
 * gives back what it is applied to.
 *
 * @example A small network
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Linear, Relu, Sequential } from "@spiraltorch/spiraltorch/nn";
 *
 * const model = new Sequential([
 *   new Linear({ inFeatures: 4, outFeatures: 8, seed: 1 }),
 *   new Relu(),
 *   new Linear({ inFeatures: 8, outFeatures: 2, seed: 2 }),
 * ]);
 * assertEquals([...model.parameters().keys()], [
 *   "0.weight",
 *   "0.bias",
 *   "2.weight",
 *   "2.bias",
 * ]);
 * ```
 */
export class Sequential extends Module {
  /** What the model is called, if it has a name. */
  readonly name: string | undefined;
  readonly #modules: ReadonlyMap<string, Module>;

  /**
   * Constructs a new instance.
   *
   * @param modules The modules in order. In a map, parameters are named after its keys, in a list
   * after places: `0.weight`.
   * @param options What the model is called.
   */
  constructor(
    modules: readonly Module[] | ReadonlyMap<string, Module>,
    { name }: SequentialOptions = {},
  ) {
    super();
    this.name = name;
    this.#modules = new Map(
      modules instanceof Map
        ? modules
        : Array.from(modules as readonly Module[], (module, i) => [
          String(i),
          module,
        ]),
    );
  }

  /**
   * Lists the modules.
   *
   * @returns The modules by name, in order.
   */
  override children(): Map<string, Module> {
    return new Map(this.#modules);
  }

  /**
   * Describes all modules, one after another.
   *
   * @param x What the first module is applied to.
   * @returns What the last module gives.
   */
  override forward(x: Tensor): Tensor {
    let value = x;
    for (const module of this.#modules.values()) value = module.forward(value);
    return value;
  }
}
