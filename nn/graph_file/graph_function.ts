import {
  assertFunction,
  invalidOption,
  isPlainObject,
  listOf,
} from "../../core/base/mod.ts";
import {
  instantiateTrace,
  type OperatorLookup,
  optionsOf,
  Tensor,
  type Trace,
} from "../../ops/mod.ts";
import { assertTensors } from "../check/assert_tensor.ts";
import { assertText } from "../check/assert_text.ts";
import type { NamedType } from "./format.ts";

/** What a saved graph consists of, once it has been read. */
export interface GraphParts {
  /** What is supplied at a call. */
  readonly inputs: readonly NamedType[];
  /** The results. */
  readonly outputs: readonly NamedType[];
  /** The tensors that came with it. */
  readonly weights: ReadonlyMap<string, Tensor>;
  /** What is computed. */
  readonly trace: Trace;
  /** Finds operators. */
  readonly lookup: OperatorLookup;
}

/** A graph that was read: a function of tensors by name. */
export class GraphFunction {
  /** What is supplied at a call, with the dtypes and shapes that it was saved with. */
  readonly inputs: readonly NamedType[];
  /** The results, with the dtypes and shapes that they had then. */
  readonly outputs: readonly NamedType[];
  /** The tensors that came with it. */
  readonly weights: ReadonlyMap<string, Tensor>;
  readonly #trace: Trace;
  readonly #lookup: OperatorLookup;

  /**
   * Constructs a new instance; `parseGraph` makes them.
   *
   * @param parts What it consists of.
   */
  constructor(parts: GraphParts) {
    const { inputs, outputs, weights, trace, lookup } = optionsOf(
      "GraphFunction",
      parts,
    );
    assertNames("inputs of a graph", inputs);
    assertNames("outputs of a graph", outputs);
    optionsOf("a trace", trace);
    assertFunction("lookup of a graph", lookup);
    assertTensors("weights of a graph", weights);
    this.inputs = inputs;
    this.outputs = outputs;
    this.weights = weights;
    this.#trace = trace;
    this.#lookup = lookup;
  }

  /**
   * Describes the results for some inputs. Nothing is computed yet. Inputs may have other dtypes and
   * shapes than it was saved with, where its operators accept them.
   *
   * @param inputs The inputs by name; exactly those that it has.
   * @returns The results by name.
   * @throws {OptionError} `INVALID_OPTION` if an input is missing, unknown or no tensor.
   */
  call(inputs: Readonly<Record<string, Tensor>> = {}): Record<string, Tensor> {
    const names = this.inputs.map(({ name }) => name);
    if (!isPlainObject(inputs)) {
      throw invalidOption("inputs of a graph", inputs, "tensors by name");
    }
    const stray = Object.keys(inputs).find((name) => !names.includes(name));
    if (stray !== undefined) {
      throw invalidOption(
        "an input of a graph",
        stray,
        names.map((name) => `"${name}"`).join(" or ") || "nothing",
      );
    }
    const given = names.map((name) => {
      const found: unknown = Object.hasOwn(inputs, name)
        ? inputs[name]
        : undefined;
      if (found instanceof Tensor) return found;
      throw invalidOption(`input "${name}" of a graph`, found, "a tensor");
    });
    const nodes = [...given, ...this.weights.values()].map(({ node }) => node);
    const results = instantiateTrace(this.#trace, nodes, this.#lookup);
    return Object.fromEntries(
      this.outputs.map(({ name }, i) => [name, new Tensor(results[i]!)]),
    );
  }
}

function assertNames(option: string, names: readonly NamedType[]): void {
  for (const each of listOf(option, names)) {
    assertText(`name of ${option}`, Object(each).name);
  }
}
