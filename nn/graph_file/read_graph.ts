import { z } from "zod";
import {
  DTYPES,
  equalShapes,
  type Issue,
  sizeOf,
} from "../../core/base/mod.ts";
import {
  instantiateTrace,
  type Operator,
  operatorNotFound,
  type OperatorRegistry,
  parseReference,
  placeholder,
  type Tensor,
  tensor,
  type Trace,
} from "../../ops/mod.ts";
import { openAttributes, parseTrace } from "../../ops/trace/mod.ts";
import { graphFileInvalid } from "../errors.ts";
import { duplicateKeys, endOfString } from "../safetensors/duplicate_keys.ts";
import { parseSafetensors } from "../safetensors/parse_safetensors.ts";
import {
  GRAPH_FORMAT,
  GRAPH_VERSION,
  type GraphDocument,
  type GraphFile,
  type NamedType,
} from "./format.ts";
import { GraphFunction } from "./graph_function.ts";

/** Most characters, values and nested brackets of a document. */
const TEXT_MAX = 2 ** 28;
const VALUES_MAX = 1_000_000;
const DEPTH_MAX = 64;

const namedTypes = z.array(z.strictObject({
  name: z.string().min(1).max(128).refine((name) => name !== "__proto__"),
  dtype: z.enum(DTYPES),
  shape: z.array(z.int().nonnegative()).max(32).refine(
    (shape) => sizeOf(shape) < 2 ** 31,
    { error: "must have less than 2147483648 elements" },
  ),
})).max(100_000);

const schema = z.strictObject({
  format: z.literal(GRAPH_FORMAT),
  version: z.literal(GRAPH_VERSION),
  operators: z.record(z.string().max(256), z.string().max(64)),
  inputs: namedTypes,
  weights: namedTypes,
  outputs: namedTypes,
  trace: z.unknown(),
});

/**
 * Reads a graph that was saved, as `parseGraph` promises.
 *
 * @param file The document and the weights.
 * @param operators Where the operators are found that the graph calls.
 * @returns The graph as a function.
 * @throws {NnError} `GRAPH_FILE_INVALID` with every issue, if the document does not hold together.
 * @throws {NnError} `SAFETENSORS_INVALID` if the weights are no safetensors file.
 * @throws {TensorError} `TRACE_INVALID`, `OPERATOR_NOT_FOUND`, `OPERATOR_ARITY` or `ATTRIBUTE_INVALID` if
 * what it computes does not hold together.
 */
export function readGraph(
  { graph, weights }: GraphFile,
  operators: OperatorRegistry,
): GraphFunction {
  const document = readDocument(graph);
  refuse([
    ...endIssues(document),
    ...operatorIssues(document, operators),
  ]);
  const tensors = readWeights(document.weights, weights);
  const lookup = (name: string) =>
    fittingOperator(name, document.operators[name]!, operators);
  const { inputs, outputs, trace } = document;
  const nodes = [
    ...inputs.map(({ name, ...type }) => placeholder(name, type)),
    ...[...tensors.values()].map(({ node }) => node),
  ];
  const results = instantiateTrace(trace, nodes, lookup);
  refuse(outputs.flatMap(({ name, dtype, shape }, i): Issue[] => {
    const { type } = results[i]!;
    if (type.dtype === dtype && equalShapes(type.shape, shape)) return [];
    return [issue(
      `outputs.${i}`,
      `Found ${dtype}[${shape}] for "${name}", but its operators give ${type.dtype}[${type.shape}]`,
    )];
  }));
  return new GraphFunction({
    inputs,
    outputs,
    weights: tensors,
    trace,
    lookup,
  });
}

function readDocument(text: unknown): GraphDocument {
  if (typeof text !== "string" || text.length > TEXT_MAX) {
    throw invalid(
      "",
      typeof text === "string"
        ? `Found ${text.length} characters, wanted at most ${TEXT_MAX}`
        : `Found ${typeof text}, wanted text`,
    );
  }
  assertDepth(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid("", `Found no JSON: ${(error as Error).message}`);
  }
  const [twice] = duplicateKeys(text);
  if (twice !== undefined) {
    throw invalid("", `Found key ${JSON.stringify(twice)} twice in one object`);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw graphFileInvalid(
      "read",
      parsed.error.issues.map(({ path, message }) =>
        issue(path.join("."), message)
      ),
    );
  }
  const trace = parseTrace(parsed.data.trace, { valuesMax: VALUES_MAX });
  return { ...parsed.data, trace };
}

/** Brackets nested deep would overflow the stack of whoever walks what they hold. */
function assertDepth(text: string): void {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const mark = text[i];
    if (mark === "[" || mark === "{") depth++;
    else if (mark === "]" || mark === "}") depth--;
    else if (mark === '"') i = endOfString(text, i) - 1;
    if (depth > DEPTH_MAX) {
      throw invalid("", `Found brackets nested more than ${DEPTH_MAX} deep`);
    }
  }
}

/** Names of what goes in and comes out, and how many there are in the trace. */
function* endIssues(
  { inputs, weights, outputs, trace }: GraphDocument,
): Generator<Issue> {
  const names = [...inputs, ...weights].map(({ name }) => name);
  const traced = trace.values.flatMap((value) =>
    value.kind === "input" ? [value.name] : []
  );
  if (JSON.stringify(names) !== JSON.stringify(traced)) {
    yield issue(
      "trace.values",
      `Found inputs ${
        JSON.stringify(traced.slice(0, 8))
      }, wanted the document's inputs and then its weights`,
    );
  }
  for (
    const [path, list] of [["inputs", names], [
      "outputs",
      outputs.map(({ name }) => name),
    ]] as const
  ) {
    if (new Set(list).size < list.length) {
      yield issue(path, "Found a name twice");
    }
  }
  if (outputs.length !== trace.outputs.length) {
    yield issue(
      "trace.outputs",
      `Found ${trace.outputs.length} places, wanted ${outputs.length}`,
    );
  }
  for (const { name } of openAttributes(trace)) {
    yield issue(
      "trace.values",
      `Found attribute ${JSON.stringify(name)}, which has no value`,
    );
  }
}

/** Whether the registry's operators mean what those of the document meant. */
function* operatorIssues(
  { operators: versions, trace }: GraphDocument,
  operators: OperatorRegistry,
): Generator<Issue> {
  const called = calledOperators(trace);
  for (const name of called) {
    const wanted = Object.hasOwn(versions, name) ? versions[name]! : undefined;
    if (wanted === undefined) {
      yield issue("operators", `Found no version of ${JSON.stringify(name)}`);
      continue;
    }
    const reference = parseReference(name);
    const found = operators.listVersions(reference.name);
    if (found.length === 0) {
      throw operatorNotFound(reference.name, operators.listOperators());
    }
    const { range = wanted } = reference;
    if (range === wanted && fittingOperator(name, wanted, operators)) continue;
    yield issue(
      `operators.${name}`,
      range === wanted
        ? `Found version ${
          found.join(", ")
        } here, wanted one compatible with ${wanted}`
        : `Found version ${wanted}, wanted the one that it is called by`,
    );
  }
  const stray = Object.keys(versions).find((name) => !called.has(name));
  if (stray !== undefined) {
    yield issue(
      "operators",
      `Found ${JSON.stringify(stray)}, which nothing calls`,
    );
  }
}

/** The version of an operator that a document was saved with, or the best that means the same. */
function fittingOperator(
  reference: string,
  wanted: string,
  operators: OperatorRegistry,
): Operator | undefined {
  const first = operators.get(reference);
  if (first?.version === wanted) return first;
  const { name } = parseReference(reference);
  const versions = operators.listVersions(name);
  const fitting = versions.find((version) => version === wanted) ??
    versions.find((version) => generationOf(version) === generationOf(wanted));
  return fitting === undefined
    ? undefined
    : operators.get(`${name}@${fitting}`);
}

function calledOperators({ values }: Trace): ReadonlySet<string> {
  return new Set(
    values.flatMap((value) => value.kind === "call" ? [value.operator] : []),
  );
}

/** The part of a version that changes with the meaning: its major, or the minor below 1.0. */
function generationOf(version: string): string {
  return /^(0\.\d+|\d+)/.exec(version)?.[0] ?? version;
}

function readWeights(
  wanted: readonly NamedType[],
  bytes: Uint8Array,
): Map<string, Tensor> {
  const { tensors } = parseSafetensors(bytes);
  const issues: Issue[] = [];
  const read = new Map<string, Tensor>();
  for (const [i, { name, dtype, shape }] of wanted.entries()) {
    const found = tensors.get(name);
    if (found?.dtype === dtype && equalShapes(found.shape, shape)) {
      read.set(name, tensor(found.data, { dtype, shape }));
      continue;
    }
    const text = found ? `${found.dtype}[${found.shape}]` : "nothing";
    issues.push(issue(
      `weights.${i}`,
      `Found ${text} in the weights file for ${
        JSON.stringify(name)
      }, wanted ${dtype}[${shape}]`,
    ));
  }
  const names = new Set(wanted.map(({ name }) => name));
  for (const name of tensors.keys()) {
    if (names.has(name)) continue;
    issues.push(
      issue(
        "weights",
        `Found ${
          JSON.stringify(name)
        } in the weights file, which the document lacks`,
      ),
    );
  }
  refuse(issues);
  return read;
}

/** Most issues that are reported: the first ones are enough to refuse a file. */
const ISSUES_MAX = 100;

function refuse(issues: readonly Issue[]): void {
  if (issues.length === 0) return;
  throw graphFileInvalid("read", issues.slice(0, ISSUES_MAX));
}

function invalid(path: string, message: string): Error {
  return graphFileInvalid("read", [issue(path, message)]);
}

function issue(path: string, message: string): Issue {
  return { code: "GRAPH_FILE", path, message };
}
