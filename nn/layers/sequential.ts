import { assertInstance, invalidOption } from "../../core/base/mod.ts";
import { optionsOf, type Tensor } from "../../ops/mod.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import { assertText } from "../check/assert_text.ts";
import { Module } from "../module.ts";
import { namedModules } from "./named_modules.ts";

/** Options of {@linkcode Sequential}. */
export interface SequentialOptions {
  /** What the model is called. */
  readonly name?: string;
  /** Names for what modules give: the module's name, by that of the output. */
  readonly outputs?: ReadonlyMap<string, string>;
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
  /** Names for what modules give: the module's name, by that of the output. */
  readonly outputs: ReadonlyMap<string, string>;
  readonly #modules: ReadonlyMap<string, Module>;

  /**
   * Constructs a new instance.
   *
   * @param modules The modules in order. In a map, parameters are named after its keys, in a list
   * after places: `0.weight`.
   * @param options What the model and its outputs are called.
   * @throws {OptionError} `INVALID_OPTION` if something among the modules is none, or an output is of one
   * that is not there.
   */
  constructor(
    modules: readonly Module[] | ReadonlyMap<string, Module>,
    options?: SequentialOptions,
  ) {
    super();
    const { name, outputs = new Map() } = optionsOf("Sequential", options);
    this.name = name;
    this.#modules = namedModules("modules of Sequential", modules);
    if (name !== undefined) assertText("Sequential name", name);
    assertInstance("Sequential outputs", outputs, Map);
    this.outputs = new Map(outputs);
    for (const module of this.outputs.values()) {
      if (this.#modules.has(module)) continue;
      const known = [...this.#modules.keys()].join(", ");
      throw invalidOption("Sequential outputs", module, `one of ${known}`);
    }
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
    assertTensor("Sequential", x);
    let value = x;
    for (const module of this.#modules.values()) value = module.forward(value);
    return value;
  }

  /**
   * Describes all modules, and what those give whose outputs have names.
   *
   * @param x What the first module is applied to.
   * @returns What the modules give, by names of outputs.
   */
  forwardOutputs(x: Tensor): Map<string, Tensor> {
    const given = new Map<string, Tensor>();
    let value = x;
    for (const [name, module] of this.#modules) {
      value = module.forward(value);
      given.set(name, value);
    }
    return new Map(
      [...this.outputs].map(([output, module]) => [output, given.get(module)!]),
    );
  }
}
