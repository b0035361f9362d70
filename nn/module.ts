import {
  assertInstance,
  defineDisplay,
  displayTable,
  type MediaBundle,
  optionsOf,
} from "../core/base/mod.ts";
import type { Tensor } from "../ops/tensor.ts";
import { assertFlags } from "./check/assert_flags.ts";
import { type StateDictDifference, stateDictMismatch } from "./errors.ts";
import { Parameter } from "./parameter.ts";
import { compareStates, replaceElements } from "./state_dict.ts";

/** Options of {@linkcode Module.loadStateDict}. */
export interface LoadStateDictOptions {
  /**
   * Whether names that only one side has are an error.
   *
   * @default {true}
   */
  readonly strict?: boolean;
}

/** What {@linkcode Module.loadStateDict} left alone. */
export type LoadReport = Pick<StateDictDifference, "missing" | "unexpected">;

/**
 * A part of a model: parameters, other modules, and a pure function of tensors.
 *
 * Parameters and modules are found in the fields of the object, in the order of their declaration;
 * modules in a field's list too. What lies elsewhere, in `#private` fields say, is announced by
 * overriding {@linkcode Module.ownParameters} and {@linkcode Module.children}.
 *
 * @example A module with one parameter
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Module, Parameter } from "@spiraltorch/spiraltorch/nn";
 * import { ones, type Tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * class Scale extends Module {
 *   factor: Parameter = new Parameter(ones([2]));
 *
 *   override forward(x: Tensor): Tensor {
 *     return x.mul(this.factor);
 *   }
 * }
 *
 * assertEquals([...new Scale().parameters().keys()], ["factor"]);
 * ```
 */
export abstract class Module implements Disposable {
  #isTraining = true;
  /** What parameters are to hold after the step that is being described. */
  readonly #updates = new Map<Parameter, Tensor>();

  /**
   * Describes what the module computes.
   *
   * @param inputs What it is applied to.
   * @returns The result, not computed yet.
   */
  abstract forward(...inputs: Tensor[]): Tensor;

  /** Whether the module is being trained, which is the case unless `eval()` was called. */
  get isTraining(): boolean {
    return this.#isTraining;
  }

  /**
   * Lists the parameters of the module itself, without those of its children.
   *
   * @returns The parameters by name, in order.
   */
  ownParameters(): Map<string, Parameter> {
    const found = new Map<string, Parameter>();
    for (const [name, value] of fieldsOf(this)) {
      if (value instanceof Parameter) found.set(name, value);
    }
    return found;
  }

  /**
   * Lists the modules that this one is made of, without theirs.
   *
   * @returns The modules by name, in order; `blocks.0` for one in a list.
   */
  children(): Map<string, Module> {
    const found = new Map<string, Module>();
    for (const [name, value] of fieldsOf(this)) {
      if (value instanceof Module) found.set(name, value);
      if (!Array.isArray(value)) continue;
      for (const [i, item] of value.entries()) {
        if (item instanceof Module) found.set(`${name}.${i}`, item);
      }
    }
    return found;
  }

  /**
   * Lists the module and everything it is made of.
   *
   * @returns Modules by dotted path, parents first, this one under the empty path. One that occurs
   * several times is listed once, where it occurs first.
   */
  modules(): Map<string, Module> {
    return new Map(walk(this, "", new Set()));
  }

  /**
   * Lists all parameters: the module's own, then those of its children.
   *
   * @returns Parameters by dotted name, in order. One that occurs several times is listed once,
   * where it occurs first.
   */
  parameters(): Map<string, Parameter> {
    const found = new Map<string, Parameter>();
    const seen = new Set<Parameter>();
    for (const [path, module] of this.modules()) {
      for (const [name, parameter] of module.ownParameters()) {
        if (seen.has(parameter)) continue;
        seen.add(parameter);
        found.set(join(path, name), parameter);
      }
    }
    return found;
  }

  /**
   * Lists what has to be saved to bring the model back.
   *
   * @returns Tensors by dotted name: the parameters themselves, which later training changes.
   */
  stateDict(): Map<string, Tensor> {
    return new Map<string, Tensor>(this.#persistentParameters());
  }

  /**
   * Replaces the elements of the parameters, all or none. What was compiled with the parameters
   * stays valid.
   *
   * @param state Tensors by dotted name, which are copied.
   * @param options Whether every name must be on both sides.
   * @returns The names that only one side has; none when `strict`.
   * @throws {NnError} `STATE_DICT_MISMATCH` with every name that is missing, not expected, or of
   * another dtype or shape. Nothing has been replaced then.
   * @throws {OptionError} `INVALID_OPTION` if the state is no map.
   */
  async loadStateDict(
    state: ReadonlyMap<string, Tensor>,
    options?: LoadStateDictOptions,
  ): Promise<LoadReport> {
    const { strict = true } = optionsOf("loadStateDict", options);
    assertFlags("loadStateDict", { strict });
    assertInstance("state of loadStateDict", state, Map);
    const parameters = this.#persistentParameters();
    const difference = compareStates(state, parameters);
    const { missing, unexpected, mismatched } = difference;
    const isOneSided = missing.length + unexpected.length > 0;
    if (mismatched.length > 0 || strict && isOneSided) {
      throw stateDictMismatch(difference);
    }
    const updates = new Map<Tensor, Tensor>();
    for (const [name, parameter] of parameters) {
      const value = state.get(name);
      if (value) updates.set(await parameter.realize(), value);
    }
    await replaceElements(updates);
    return { missing, unexpected };
  }

  /**
   * Takes what `forward` noted in training: new values of parameters that are not trained, such as
   * running means. Whoever runs the step stores them; a `Trainer` does.
   *
   * @returns The new values by parameter. They are forgotten here.
   */
  takeUpdates(): Map<Tensor, Tensor> {
    const taken = new Map<Tensor, Tensor>();
    for (const module of this.modules().values()) {
      for (const [parameter, value] of module.#updates) {
        taken.set(parameter, value);
      }
      module.#updates.clear();
    }
    return taken;
  }

  /**
   * Stores what `forward` noted in training, where no `Trainer` does it.
   *
   * @returns When the parameters hold their new values.
   */
  async storeUpdates(): Promise<void> {
    const updates = this.takeUpdates();
    for (const parameter of updates.keys()) await parameter.realize();
    await replaceElements(updates);
  }

  /**
   * Finds the value that a parameter has by now, in the step that is being described.
   *
   * @param parameter One of the module's own.
   * @returns The value noted last, or the parameter itself.
   */
  protected currentOf(parameter: Parameter): Tensor {
    return this.#updates.get(parameter) ?? parameter;
  }

  /**
   * Notes what a parameter is to hold after the step that is being described.
   *
   * @param parameter One of the module's own, which is not trainable.
   * @param value Its next value, of the same dtype and shape.
   */
  protected note(parameter: Parameter, value: Tensor): void {
    this.#updates.set(parameter, value);
  }

  /**
   * Prepares the module, and all it is made of, for training.
   *
   * @returns The module itself.
   */
  train(): this {
    return this.#setTraining(true);
  }

  /**
   * Prepares the module, and all it is made of, for use.
   *
   * @returns The module itself.
   */
  eval(): this {
    return this.#setTraining(false);
  }

  /**
   * Computes the first values of all parameters, if that has not been done.
   *
   * @returns The module itself.
   */
  async realize(): Promise<this> {
    for (const parameter of this.parameters().values()) {
      await parameter.realize();
    }
    return this;
  }

  // Notebooks show its parts, with their parameters.
  static {
    defineDisplay(Module.prototype, displayModule);
  }

  /** Gives the memory of all parameters back. */
  dispose(): void {
    for (const parameter of this.parameters().values()) parameter.dispose();
  }

  /** Gives the memory of all parameters back, at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  #persistentParameters(): Map<string, Parameter> {
    return new Map(
      [...this.parameters()].filter(([, { persistent }]) => persistent),
    );
  }

  #setTraining(isTraining: boolean): this {
    for (const module of this.modules().values()) {
      module.#isTraining = isTraining;
    }
    return this;
  }
}

function displayModule(module: Module): MediaBundle {
  let total = 0;
  const rows = Array.from(module.modules(), ([path, part]) => {
    const own = [...part.ownParameters()];
    total += own.reduce((sum, [, { size }]) => sum + size, 0);
    const shapes = own.map(([name, { shape }]) => `${name} [${shape}]`);
    return [path, part.constructor.name, shapes.join(", ")];
  });
  const caption = `${module.constructor.name}, ${total} parameters`;
  return displayTable({ caption, head: ["path", "type", "own"], rows });
}

function fieldsOf(module: Module): readonly [name: string, value: unknown][] {
  return Object.entries(module);
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function* walk(
  module: Module,
  path: string,
  seen: Set<Module>,
): Generator<[path: string, module: Module]> {
  if (seen.has(module)) return;
  seen.add(module);
  yield [path, module];
  for (const [name, child] of module.children()) {
    yield* walk(child, join(path, name), seen);
  }
}
