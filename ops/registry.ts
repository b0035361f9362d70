import { compareText, invalidOption, LayeredMap } from "../core/base/mod.ts";
import { apply } from "./apply.ts";
import { BUILTIN_OPERATORS } from "./builtin/all.ts";
import {
  operatorExists,
  operatorNotFound,
  operatorOwned,
  operatorProtected,
} from "./errors.ts";
import type { Attributes, Operator } from "./graph/node.ts";
import { Tensor, type TensorLike, toOperand } from "./tensor.ts";

/** Options of {@linkcode OperatorRegistry.register}. */
export interface RegisterOperatorOptions {
  /** Who adds it: a plugin's id. Nobody in particular if left out. */
  readonly owner?: string;
  /**
   * Which generation of the owner adds it: it covers an operator of the same name that an older
   * generation has added, until one of the two is taken out.
   *
   * @default {1}
   */
  readonly generation?: number;
}

/** What changed in a registry of operators. */
export interface OperatorChange {
  /** Whether an operator came or went. */
  readonly kind: "registered" | "unregistered";
  /** Name of the operator. */
  readonly name: string;
  /** Who added it: a plugin's id; `undefined` for the host. */
  readonly owner: string | undefined;
}

/** Options of {@linkcode OperatorRegistry}. */
export interface OperatorRegistryOptions {
  /**
   * Called after each change, when it can be seen.
   *
   * @param change What changed.
   */
  readonly onChange?: (change: OperatorChange) => void;
}

interface Entry {
  readonly operator: Operator;
  readonly owner: string | undefined;
  readonly generation: number;
}

/**
 * Operators by name: the built-in ones, and those that plugins or the host add. A value: two
 * registries share nothing.
 *
 * @example Calling an operator by name
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { defineOperator, OperatorRegistry, tensor } from "@spiraltorch/spiraltorch";
 *
 * const registry = new OperatorRegistry();
 * using _registration = registry.register(
 *   defineOperator({ name: "acme:square", inputs: ["x"], forward: ([x]) => x!.mul(x!) }),
 * );
 * const [y] = registry.execute("acme:square", [tensor([1, 2, 3])]);
 * assertEquals(await y!.array(), [1, 4, 9]);
 * ```
 */
export class OperatorRegistry {
  readonly #added = new LayeredMap<Entry>();
  readonly #onChange: (change: OperatorChange) => void;

  /**
   * Constructs a new instance, which holds the operators of the library.
   *
   * @param options Who hears of changes.
   */
  constructor({ onChange = () => {} }: OperatorRegistryOptions = {}) {
    this.#onChange = onChange;
  }

  /**
   * Adds an operator.
   *
   * @param operator The operator.
   * @param options Who adds it.
   * @returns Its place; disposing it takes the operator out, unless another has its name by then.
   * @throws {TensorError} `OPERATOR_EXISTS` if the name is taken.
   */
  register(
    operator: Operator,
    { owner, generation = 1 }: RegisterOperatorOptions = {},
  ): Disposable {
    const name: unknown = operator?.name;
    if (typeof name !== "string") {
      throw invalidOption("an operator", operator, "what defineOperator gives");
    }
    if (BUILTIN_OPERATORS.has(name)) {
      throw operatorExists(name, "the library");
    }
    const entry: Entry = { operator, owner, generation };
    if (!this.#added.accepts(name, entry)) {
      const known = this.#added.get(name)?.owner;
      throw operatorExists(
        name,
        known === undefined ? "the host" : `plugin "${known}"`,
      );
    }
    this.#added.put(name, entry);
    this.#onChange({ kind: "registered", name, owner });
    return { [Symbol.dispose]: () => void this.#remove(name, entry) };
  }

  /**
   * Finds an operator.
   *
   * @param name Its name.
   * @returns The operator, or `undefined`.
   */
  get(name: string): Operator | undefined {
    return BUILTIN_OPERATORS.get(name) ?? this.#added.get(name)?.operator;
  }

  /**
   * Tells whether there is an operator of a name.
   *
   * @param name The name.
   * @returns Whether there is.
   */
  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /**
   * Lists all operators.
   *
   * @returns Their names, sorted.
   */
  listOperators(): string[] {
    return [...BUILTIN_OPERATORS.keys(), ...this.#added.keys()]
      .sort(compareText);
  }

  /**
   * Calls an operator by name. Nothing is computed yet.
   *
   * @param name Its name.
   * @param inputs Its inputs, in order.
   * @param attributes Its settings.
   * @returns The results.
   * @throws {TensorError} `OPERATOR_NOT_FOUND` if no operator has that name.
   * @throws {TensorError} `OPERATOR_ARITY` or `ATTRIBUTE_INVALID` if the call does not fit it.
   */
  execute(
    name: string,
    inputs: readonly TensorLike[],
    attributes: Attributes = {},
  ): Tensor[] {
    const operator = this.get(name);
    if (!operator) throw operatorNotFound(name, this.listOperators());
    if (!Array.isArray(inputs)) {
      throw invalidOption(`the inputs of ${name}`, inputs, "a list");
    }
    const operands = inputs.map((input) => toOperand(name, input));
    return [new Tensor(apply(operator, operands, attributes))];
  }

  /**
   * Takes an operator out that the host added.
   *
   * @param name Its name.
   * @returns Whether there was one.
   * @throws {TensorError} `OPERATOR_PROTECTED` if it is built in.
   * @throws {TensorError} `OPERATOR_OWNED` if it belongs to a plugin, with which it goes.
   */
  unregister(name: string): boolean {
    if (BUILTIN_OPERATORS.has(name)) throw operatorProtected(name);
    const entry = this.#added.get(name);
    if (entry === undefined) return false;
    if (entry.owner !== undefined) throw operatorOwned(name, entry.owner);
    return this.#remove(name, entry);
  }

  #remove(name: string, entry: Entry): boolean {
    const isGone = this.#added.remove(name, entry);
    const { owner } = entry;
    if (isGone) this.#onChange({ kind: "unregistered", name, owner });
    return isGone;
  }
}
