import {
  compareText,
  invalidOption,
  isPlainObject,
  optionsOf,
} from "../core/base/mod.ts";
import type { Backend } from "../kernels/backend.ts";
import { defaultBackend } from "../kernels/default/mod.ts";
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
import {
  isSameVersion,
  LIBRARY,
  namesOf,
  type OperatorEntry,
  OperatorVersions,
  parseReference,
  partOf,
  rangeTest,
  versionOf,
} from "./operator_versions.ts";
import type {
  FindByBackendOptions,
  OperatorChange,
  OperatorInfo,
  OperatorRegistryOptions,
  RegisterOperatorOptions,
} from "./registry_types.ts";
import { Tensor, type TensorLike, toOperand } from "./tensor.ts";

/**
 * Operators by name: the built-in ones, and those that plugins or the host add. A value: two
 * registries share nothing.
 *
 * Several versions of one operator stand side by side. Wherever a name is wanted, a name and a range in
 * npm's notation may stand, `acme:square@^1.2`: it means the newest version in the range. A name alone
 * means the newest version that is no prerelease.
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
  /** Entries by every name that they can be found by, their own, aliases and those of outputs. */
  readonly #added = new OperatorVersions();
  readonly #onChange: (change: OperatorChange) => void;
  readonly #canOverride: NonNullable<OperatorRegistryOptions["canOverride"]>;
  readonly #backends: (wanted?: string) => readonly Backend[];
  readonly #backendNames: () => readonly string[];

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
      backendNames = () => LIBRARY_BACKENDS,
    } = optionsOf<OperatorRegistryOptions>("OperatorRegistry", options);
    this.#onChange = onChange;
    this.#canOverride = canOverride;
    this.#backends = backends;
    this.#backendNames = backendNames;
  }

  /**
   * Adds an operator, under its name and its aliases, beside other versions of it.
   *
   * @param operator The operator.
   * @param options Who adds it.
   * @returns Its place; disposing it takes out that version, unless another has its place by then.
   * @throws {TensorError} `OPERATOR_EXISTS` if a name is taken: by another operator, by the same
   * version, or by another owner, if the registry's policy does not allow it.
   * @throws {TensorError} `OPERATOR_INVALID` if its version is no semantic version.
   */
  register(
    operator: Operator,
    { owner, generation = 1 }: RegisterOperatorOptions = {},
  ): Disposable {
    const name: unknown = operator?.name;
    if (typeof name !== "string") {
      throw invalidOption("an operator", operator, "what defineOperator gives");
    }
    const version = versionOf(operator);
    const entry: OperatorEntry = { operator, owner, generation, version };
    for (const one of namesOf(operator)) this.#assertFree(one, entry);
    this.#added.add(entry);
    this.#tell("registered", entry);
    return { [Symbol.dispose]: () => this.#remove(entry) };
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
   * Finds an operator. Cost: O(1); with a range, as many steps as the operator has versions.
   *
   * @param name Its name, or an alias; with a range, `acme:square@^1`, the newest version in it.
   * @returns The operator, or `undefined`.
   */
  get(name: string): Operator | undefined {
    const added = this.#added.of(name)[0];
    if (added) return partOf(added.operator, name);
    const builtin = BUILTIN_OPERATORS.get(name);
    return builtin ?? this.#added.meantBy(name)[0]?.operator;
  }

  /**
   * Tells whether there is an operator of a name.
   *
   * @param name The name, or an alias; with a range, whether there is a version in it.
   * @returns Whether there is.
   */
  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /**
   * Lists all operators.
   *
   * @returns Their names, sorted, each once; aliases are not among them.
   */
  listOperators(): string[] {
    const builtin = BUILTIN_OPERATORS.keys();
    return [...new Set([...builtin, ...this.#added.ownNames()])]
      .sort(compareText);
  }

  /**
   * Lists the versions of an operator.
   *
   * @param name Its name, or an alias; with a range, those in it are listed.
   * @returns The versions: first what the name means, then the others in the order in which ranges try
   * them, which is newest first and prereleases last. None if no operator has the name.
   */
  listVersions(name: string): string[] {
    return this.#added.meantBy(name).map(({ operator }) => operator.version);
  }

  /**
   * Tells what is known of an operator: who brought it, what it takes.
   *
   * @param name Its name, or an alias; with or without a range.
   * @returns What is known.
   * @throws {TensorError} `OPERATOR_NOT_FOUND` if no operator has that name.
   */
  describe(name: string): OperatorInfo {
    this.#find(name);
    const { operator, owner, generation } = this.#added.meantBy(name)[0]!;
    const { version, description, schema } = operator;
    return {
      name: operator.name,
      version,
      versions: this.listVersions(parseReference(name).name),
      description,
      aliases: [...operator.aliases ?? []],
      owner: generation === LIBRARY ? "library" : owner ?? "host",
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
   * @returns The operators, by name; of each its versions, as `listVersions` gives them.
   */
  findByBackend(
    backend: string,
    { runnable = false }: FindByBackendOptions = {},
  ): Operator[] {
    if (typeof backend !== "string") {
      throw invalidOption("a backend", backend, "a name");
    }
    const wanted = backendsNamed(backend);
    const chain = this.#backends(backend).map(({ name }) => name);
    const present = [
      ...(runnable ? STAND_INS : this.#backendNames()),
      ...chain,
    ];
    return this.listOperators().flatMap((name) => this.#added.meantBy(name))
      .map(({ operator }) => operator)
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
   * @param name Its name, or an alias; with or without a range.
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
   * @param name Name of the operator, or an alias; with or without a range.
   * @param inputs The inputs of the call.
   * @param options The backend wanted, or that and the settings of the call.
   * @returns The backend that would run it, and why the others would not.
   * @throws {TensorError} `OPERATOR_NOT_FOUND` if no operator has that name.
   * @throws {BackendError} `BACKEND_UNKNOWN` if no backend has that name, and no operator names it.
   */
  explainDispatch(
    name: string,
    inputs: readonly TensorLike[],
    options: string | Pick<DispatchOptions, "attributes" | "backend"> = {},
  ): Dispatch {
    const operator = this.#find(name);
    const given = typeof options === "string" ? { backend: options } : options;
    return explainCall(operator, toOperands(name, inputs), {
      ...given,
      chain: this.#backends(given.backend),
      names: this.#backendNames(),
      labels: [...this.#added.ownNames()]
        .flatMap((added) => this.#added.meantBy(added))
        .flatMap(({ operator }) => operator.backends ?? []),
    });
  }

  /**
   * Takes an operator out that the host added, in all its versions.
   *
   * @param name Its name; with a range, `acme:square@1.0.0`, only the versions in it are taken out.
   * @returns Whether there was one.
   * @throws {TensorError} `OPERATOR_PROTECTED` if it is built in.
   * @throws {TensorError} `OPERATOR_OWNED` if a version belongs to a plugin, with which it goes: none is
   * taken out then.
   */
  unregister(name: string): boolean {
    const reference = parseReference(name);
    const isMeant = rangeTest(reference.range);
    const entries = this.#added.of(reference.name).filter((entry) =>
      entry.operator.name === reference.name && isMeant(entry.version)
    );
    for (const { owner } of entries) {
      if (owner !== undefined) throw operatorOwned(name, owner);
    }
    for (const entry of entries) this.#remove(entry);
    const isBuiltin = BUILTIN_OPERATORS.has(reference.name) && this.has(name);
    if (entries.length === 0 && isBuiltin) throw operatorProtected(name);
    return entries.length > 0;
  }

  #find(name: string): Operator {
    if (typeof name !== "string") {
      throw invalidOption("the name of an operator", name, "text");
    }
    const operator = this.get(name);
    if (operator) return operator;
    throw operatorNotFound(
      name,
      new Set([...BUILTIN_OPERATORS.keys(), ...this.#added.names()]),
      { versions: this.listVersions(parseReference(name).name) },
    );
  }

  #assertFree(name: string, entry: OperatorEntry): void {
    const { operator, owner, generation } = entry;
    const added = this.#added.of(name);
    if (added.length === 0 && BUILTIN_OPERATORS.has(name)) {
      if (!this.#canOverride(name, owner)) {
        throw operatorExists(name, "the library");
      }
    }
    for (const other of added) {
      const isOwn = other.owner === owner;
      // A newer generation covers whatever an older one has put there.
      if (isOwn && owner !== undefined && other.generation < generation) {
        continue;
      }
      const isBeside = other.operator.name === operator.name &&
        !isSameVersion(other, entry);
      if (isBeside && (isOwn || this.#canOverride(name, owner))) continue;
      throw operatorExists(
        name,
        other.owner === undefined ? "the host" : `plugin "${other.owner}"`,
      );
    }
  }

  #remove(entry: OperatorEntry): void {
    if (this.#added.remove(entry)) this.#tell("unregistered", entry);
  }

  #tell(
    kind: OperatorChange["kind"],
    { operator: { name, version }, owner }: OperatorEntry,
  ): void {
    this.#onChange({ kind, name, version, owner });
  }
}

function toOperands(name: string, inputs: readonly TensorLike[]): Operand[] {
  if (!Array.isArray(inputs)) {
    throw invalidOption(`the inputs of ${name}`, inputs, "a list");
  }
  return inputs.map((input) => toOperand(name, input));
}
