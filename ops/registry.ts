import {
  compareText,
  invalidOption,
  isPlainObject,
  LayeredMap,
  optionsOf,
} from "../core/base/mod.ts";
import { type Backend, defaultBackend } from "../kernels/mod.ts";
import type { Operand } from "./apply.ts";
import { BUILTIN_OPERATORS } from "./builtin/all.ts";
import { checkBefore } from "./check_before.ts";
import type { OperatorSample } from "./check/sample.ts";
import {
  operatorExists,
  operatorNotFound,
  operatorOwned,
  operatorProtected,
} from "./errors.ts";
import { executeNodes } from "./execute_nodes.ts";
import {
  backendsNamed,
  LIBRARY_BACKENDS,
  STAND_INS,
} from "./dispatch/backend_names.ts";
import {
  type Dispatch,
  type DispatchOptions,
  explainCall,
} from "./dispatch/explain_dispatch.ts";
import type { Attributes, Operator } from "./graph/node.ts";
import type {
  FindByBackendOptions,
  OperatorChange,
  OperatorInfo,
  OperatorRegistryOptions,
  RegisterOperatorOptions,
} from "./registry_types.ts";
import { Tensor, type TensorLike, toOperand } from "./tensor.ts";

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
  /** Entries by every name that they can be found by, their own, aliases and those of outputs. */
  readonly #names = new LayeredMap<Entry>();
  readonly #onChange: (change: OperatorChange) => void;
  readonly #canOverride: NonNullable<OperatorRegistryOptions["canOverride"]>;
  readonly #backends: () => readonly Backend[];

  /**
   * Constructs a new instance, which holds the operators of the library.
   *
   * @param options Who hears of changes, and what may be covered.
   */
  constructor(options?: OperatorRegistryOptions) {
    const {
      onChange = () => {},
      canOverride = () => false,
      backends = () => [defaultBackend()],
    } = optionsOf<OperatorRegistryOptions>("OperatorRegistry", options);
    this.#onChange = onChange;
    this.#canOverride = canOverride;
    this.#backends = backends;
  }

  /**
   * Adds an operator, under its name and its aliases.
   *
   * @param operator The operator.
   * @param options Who adds it.
   * @returns Its place; disposing it takes the operator out, unless another has its name by then.
   * @throws {TensorError} `OPERATOR_EXISTS` if a name is taken.
   */
  register(
    operator: Operator,
    { owner, generation = 1 }: RegisterOperatorOptions = {},
  ): Disposable {
    const name: unknown = operator?.name;
    if (typeof name !== "string") {
      throw invalidOption("an operator", operator, "what defineOperator gives");
    }
    const entry: Entry = { operator, owner, generation };
    const names = namesOf(operator);
    for (const one of names) this.#assertFree(one, entry);
    for (const one of names) this.#names.put(one, entry);
    this.#added.put(name, entry);
    this.#onChange({ kind: "registered", name, owner });
    return { [Symbol.dispose]: () => void this.#remove(entry) };
  }

  /**
   * Adds an operator that `opcheck` finds nothing wrong with.
   *
   * @param operator The operator.
   * @param samples Calls to try; those that `opcheck` finds if left out.
   * @param options Who adds it.
   * @returns Its place, as `register` gives it.
   * @throws {TensorError} `OPERATOR_CHECK_FAILED` with the report, or `OPERATOR_EXISTS`.
   */
  async registerVerified(
    operator: Operator,
    samples?: readonly OperatorSample[],
    options?: RegisterOperatorOptions,
  ): Promise<Disposable> {
    await checkBefore(operator, samples);
    return this.register(operator, options);
  }

  /**
   * Finds an operator. Cost: O(1).
   *
   * @param name Its name, or an alias.
   * @returns The operator, or `undefined`.
   */
  get(name: string): Operator | undefined {
    const entry = this.#names.get(name);
    if (entry === undefined) return BUILTIN_OPERATORS.get(name);
    const { operator } = entry;
    return operator.parts?.find((part) => part.name === name) ?? operator;
  }

  /**
   * Tells whether there is an operator of a name.
   *
   * @param name The name, or an alias.
   * @returns Whether there is.
   */
  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /**
   * Lists all operators.
   *
   * @returns Their names, sorted; aliases are not among them.
   */
  listOperators(): string[] {
    return [...new Set([...BUILTIN_OPERATORS.keys(), ...this.#added.keys()])]
      .sort(compareText);
  }

  /**
   * Tells what is known of an operator: who brought it, what it takes.
   *
   * @param name Its name, or an alias.
   * @returns What is known.
   * @throws {TensorError} `OPERATOR_NOT_FOUND` if no operator has that name.
   */
  describe(name: string): OperatorInfo {
    const operator = this.#find(name);
    const { version, description, schema } = operator;
    const entry = this.#names.get(name);
    return {
      name: operator.name,
      version,
      description,
      aliases: [...operator.aliases ?? []],
      owner: entry ? entry.owner ?? "host" : "library",
      backends: [...operator.backends ?? []],
      schema,
      outputs: operator.parts?.length ?? 1,
    };
  }

  /**
   * Lists the operators that are said to be made for a backend. One that names no backend is made for
   * all there are, since what it is written out in runs there. None is for a name that nobody knows:
   * where a call is to run there, `explainDispatch` refuses it.
   *
   * @param backend Name of the backend in any case; `CPU` means `wasm` and `reference`, `WGPU`
   * `webgpu`.
   * @param options Whether only those are wanted that would run there now.
   * @returns The operators, by name.
   */
  findByBackend(
    backend: string,
    { runnable = false }: FindByBackendOptions = {},
  ): Operator[] {
    if (typeof backend !== "string") {
      throw invalidOption("a backend", backend, "a name");
    }
    const wanted = backendsNamed(backend);
    const chain = this.#backends().map(({ name }) => name);
    const present = [...(runnable ? STAND_INS : LIBRARY_BACKENDS), ...chain];
    return this.listOperators().map((name) => this.#find(name))
      .filter(({ backends = [] }) => {
        const labels = backends.length > 0 && !runnable
          ? backends.flatMap(backendsNamed)
          : present;
        return wanted.some((name) => labels.includes(name));
      });
  }

  /**
   * Calls an operator by name. Nothing is computed yet.
   *
   * @param name Its name, or an alias.
   * @param inputs Its inputs, in order.
   * @param attributes Its settings; those that have a default may be left out.
   * @returns The results.
   * @throws {TensorError} `OPERATOR_NOT_FOUND` if no operator has that name.
   * @throws {TensorError} `OPERATOR_ARITY` or `ATTRIBUTE_INVALID` if the call does not fit it.
   * @throws {OptionError} `INVALID_OPTION` if the name is no text, an input no tensor, or the settings
   * are no object.
   */
  execute(
    name: string,
    inputs: readonly TensorLike[],
    attributes: Attributes = {},
  ): Tensor[] {
    const operator = this.#find(name);
    if (!isPlainObject(attributes)) {
      throw invalidOption(
        `the attributes of ${name}`,
        attributes,
        "values by name",
      );
    }
    return executeNodes(operator, toOperands(name, inputs), attributes)
      .map((node) => new Tensor(node));
  }

  /**
   * Explains where a call would run, and why not elsewhere. Nothing is run.
   *
   * @example A label that promises nothing
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import {
   *   OperatorBuilder,
   *   OperatorRegistry,
   *   tensor,
   * } from "@spiraltorch/spiraltorch";
   *
   * const registry = new OperatorRegistry();
   * registry.register(
   *   new OperatorBuilder("acme:square", 1, 1)
   *     .withBackend("CUDA")
   *     .withForward(([x]) => x!.mul(x!))
   *     .build(),
   * );
   * const dispatch = registry.explainDispatch("acme:square", [tensor([1])], "CUDA");
   * assertEquals(dispatch.chosen?.via, "composite");
   * assertEquals(dispatch.rejected[0]?.reason, "BACKEND_UNAVAILABLE");
   * ```
   *
   * @param name Name of the operator, or an alias.
   * @param inputs The inputs of the call.
   * @param options The backend wanted, or that and the settings of the call.
   * @returns The backend that would run it, and why the others would not.
   * @throws {TensorError} `OPERATOR_NOT_FOUND` if no operator has that name.
   * @throws {BackendError} `BACKEND_UNKNOWN` if no backend has that name, and no operator names it.
   */
  explainDispatch(
    name: string,
    inputs: readonly TensorLike[],
    options: string | Omit<DispatchOptions, "chain" | "labels"> = {},
  ): Dispatch {
    const operator = this.#find(name);
    const given = typeof options === "string" ? { backend: options } : options;
    return explainCall(operator, toOperands(name, inputs), {
      ...given,
      chain: this.#backends(),
      labels: [...this.#added.keys()]
        .flatMap((added) => this.#find(added).backends ?? []),
    });
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
    const entry = this.#added.get(name);
    if (entry?.owner !== undefined) throw operatorOwned(name, entry.owner);
    if (entry) return this.#remove(entry);
    if (BUILTIN_OPERATORS.has(name)) throw operatorProtected(name);
    return false;
  }

  #find(name: string): Operator {
    if (typeof name !== "string") {
      throw invalidOption("the name of an operator", name, "text");
    }
    const operator = this.get(name);
    if (operator) return operator;
    throw operatorNotFound(
      name,
      new Set([...BUILTIN_OPERATORS.keys(), ...this.#names.keys()]),
    );
  }

  #assertFree(name: string, entry: Entry): void {
    const known = this.#names.get(name);
    const isBuiltin = known === undefined && BUILTIN_OPERATORS.has(name);
    if (isBuiltin && !this.#canOverride(name, entry.owner)) {
      throw operatorExists(name, "the library");
    }
    if (this.#names.accepts(name, entry)) return;
    const owner = known?.owner;
    throw operatorExists(
      name,
      owner === undefined ? "the host" : `plugin "${owner}"`,
    );
  }

  #remove(entry: Entry): boolean {
    const { operator, owner } = entry;
    const { name } = operator;
    for (const one of namesOf(operator)) this.#names.remove(one, entry);
    const isGone = this.#added.remove(name, entry);
    if (isGone) this.#onChange({ kind: "unregistered", name, owner });
    return isGone;
  }
}

/** Every name that an operator is found by, its own first. */
function namesOf({ name, aliases = [], parts = [] }: Operator): Set<string> {
  return new Set([name, ...aliases, ...parts.map((part) => part.name)]);
}

function toOperands(name: string, inputs: readonly TensorLike[]): Operand[] {
  if (!Array.isArray(inputs)) {
    throw invalidOption(`the inputs of ${name}`, inputs, "a list");
  }
  return inputs.map((input) => toOperand(name, input));
}
