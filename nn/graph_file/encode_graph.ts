import { invalidOption, isPlainObject } from "../../core/base/mod.ts";
import {
  dataNodesOf,
  encodeTrace,
  type Node,
  type Operator,
  OperatorRegistry,
  optionsOf,
  Tensor,
} from "../../ops/mod.ts";
import { graphFileInvalid } from "../errors.ts";
import { encodeSafetensors } from "../safetensors/encode_safetensors.ts";
import type { HostTensor } from "../safetensors/format.ts";
import {
  GRAPH_FORMAT,
  GRAPH_VERSION,
  type GraphDocument,
  type GraphFile,
  type NamedType,
} from "./format.ts";

/** Options of {@linkcode encodeGraph}. */
export interface EncodeGraphOptions {
  /**
   * Tensors that are supplied when the graph is called, by name; what else it is computed from is
   * saved with it.
   */
  readonly inputs?: Readonly<Record<string, Tensor>>;
  /**
   * Operators that whoever reads the graph has too. Others are written out in terms of these. The
   * built-in ones if left out.
   */
  readonly operators?: OperatorRegistry;
}

/**
 * Saves what tensors are computed by, with the weights that they are computed from. Nothing is
 * computed.
 *
 * @example A graph that is saved, read and called
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodeGraph, parseGraph, tensor } from "@spiraltorch/spiraltorch";
 *
 * const [x, weight] = [tensor([[1, 2]]), tensor([[3], [4]])];
 * const file = await encodeGraph({ y: x.matmul(weight).relu() }, { inputs: { x } });
 * const graph = await parseGraph(file);
 * const { y } = graph.call({ x: tensor([[10, 20]]) });
 * assertEquals(await y!.array(), [[110]]);
 * ```
 *
 * @param outputs The tensors, by name.
 * @param options Which tensors are supplied later, and which operators go by name.
 * @returns The document and the weights.
 * @throws {OptionError} `INVALID_OPTION` if something given is no tensor, or the options are none.
 * @throws {NnError} `GRAPH_FILE_INVALID` if a name cannot be written.
 * @throws {TensorError} `KERNEL_NOT_RECORDED` if an operator that goes by no name has kernels only.
 */
export async function encodeGraph(
  outputs: Readonly<Record<string, Tensor>>,
  options?: EncodeGraphOptions,
): Promise<GraphFile> {
  const { inputs = {}, operators = new OperatorRegistry() } = optionsOf<
    EncodeGraphOptions
  >("encodeGraph", options);
  assertTensors("outputs", outputs);
  assertTensors("inputs", inputs);
  const used = new Map<string, Operator>();
  const isKnown = (operator: Operator): boolean =>
    operators.get(operator.name) === operator ||
    operators.get(versioned(operator)) === operator;
  const nameOf = (operator: Operator): string => {
    const isMeant = operators.get(operator.name) === operator;
    const name = isMeant ? operator.name : versioned(operator);
    used.set(name, operator);
    return name;
  };
  const results = Object.values(outputs).map(({ node }) => node);
  const given = Object.entries(inputs)
    .map(([name, { node }]) => [name, node] as const);
  const data = dataNodesOf(results, given.map(([, node]) => node));
  const weights = nameWeights(data, inputs);
  const trace = encodeTrace({
    inputs: [
      ...given,
      ...weights.map(([name, { node }]) => [name, node] as const),
    ],
    outputs: results,
  }, { isKnown, nameOf });
  const document: GraphDocument = {
    format: GRAPH_FORMAT,
    version: GRAPH_VERSION,
    operators: Object.fromEntries(
      [...used].map(([name, { version }]) => [name, version] as const)
        .sort(([a], [b]) => a < b ? -1 : 1),
    ),
    inputs: namedTypes(Object.entries(inputs)),
    weights: namedTypes(weights),
    outputs: namedTypes(Object.entries(outputs)),
    trace: { values: trace.values, outputs: trace.outputs },
  };
  const tensors = await Promise.all(
    weights.map(async ([name, tensor]): Promise<[string, HostTensor]> => {
      const { dtype, shape } = tensor;
      return [name, { dtype, shape, data: await tensor.data() }];
    }),
  );
  return {
    graph: JSON.stringify(document),
    weights: encodeSafetensors(new Map(tensors)),
  };
}

/** The name of one version of an operator that has several. */
function versioned({ name, version }: Operator): string {
  return `${name}@${version}`;
}

/** The tensors that are saved, under names that no input has. */
function nameWeights(
  data: readonly Node[],
  inputs: Readonly<Record<string, Tensor>>,
): (readonly [name: string, tensor: Tensor])[] {
  let next = 0;
  return data.map((node) => {
    while (Object.hasOwn(inputs, `w${next}`)) next++;
    return [`w${next++}`, new Tensor(node)] as const;
  });
}

function namedTypes(
  tensors: readonly (readonly [name: string, tensor: Tensor])[],
): NamedType[] {
  return tensors.map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
}

function assertTensors(what: string, tensors: unknown): void {
  if (!isPlainObject(tensors)) {
    throw invalidOption(`the ${what} of a graph`, tensors, "tensors by name");
  }
  for (const [name, tensor] of Object.entries(tensors)) {
    const found: unknown = tensor;
    if (!(found instanceof Tensor)) {
      throw invalidOption(`"${name}" of the ${what}`, found, "a tensor");
    }
    if (name !== "" && name.length <= 128 && name !== "__proto__") continue;
    throw graphFileInvalid("write", [{
      code: "NAME",
      path: what,
      message: `Found ${JSON.stringify(name)}, wanted 1 to 128 characters`,
    }]);
  }
}
