import {
  isPlainObject,
  type Json,
  type JsonObject,
} from "../../core/base/mod.ts";
import type {
  EncodedContribution,
  RemoteExposer,
} from "../../core/sandbox/guest/mod.ts";
import { builtKind, isCategory } from "../../nn/discovery/category.ts";
import { Module } from "../../nn/module.ts";
import type { Parameter } from "../../nn/parameter.ts";
import { type Node, placeholder, UNKNOWN_TYPE } from "../../ops/graph/node.ts";
import { Tensor } from "../../ops/tensor.ts";
import { encodeTrace } from "../../ops/trace/encode_trace.ts";
import type { Trace } from "../../ops/trace/trace.ts";
import { encodeFunctions } from "./encode_functions.ts";
import { moduleNotTraced } from "./errors.ts";
import { isKnownToHost } from "./host_operators.ts";

/** One parameter as data: how its first elements come about. */
type EncodedParameter = {
  readonly name: string;
  readonly trainable: boolean;
  readonly init: Trace;
};

/** One module as data: its parameters, and what it computes from inputs and parameters. */
type EncodedModule = {
  readonly parameters: readonly EncodedParameter[];
  readonly inputs: number;
  readonly training: Trace;
  readonly evaluation: Trace;
};

/**
 * Records a type of module as data. Its factory stays in the sandbox: the host calls it for each
 * module, loss, metric or initializer it makes, and gets it back recorded, which needs the sandbox no more.
 *
 * @param definition The definition that the plugin registers.
 * @param remote Hands the factory out.
 * @returns What the host makes its definition from.
 * @throws {GuestError} `MODULE_NOT_TRACED` if it has a part that only a function in the host could be.
 */
export function encodeModule(
  definition: object,
  remote: RemoteExposer,
): EncodedContribution {
  const { type, create, inferShape, config, ...rest } = definition as Record<
    string,
    unknown
  >;
  const name = String(type);
  if (typeof create !== "function") {
    throw moduleNotTraced(
      name,
      `found ${typeof create}, wanted a function "create"`,
    );
  }
  if (inferShape !== undefined && inferShape !== "same") {
    throw moduleNotTraced(
      name,
      `found ${typeof inferShape} as "inferShape", wanted "same" or nothing in a sandbox`,
    );
  }
  if (!isPlainObject(config)) {
    throw moduleNotTraced(
      name,
      `found ${typeof config} as "config", wanted a JSON Schema`,
    );
  }
  const kind = isCategory(rest["category"])
    ? builtKind(rest["category"])
    : "module";
  const handle = remote.expose(async (args) => {
    const { config, seed } = args as { config: JsonObject; seed: number };
    const made: unknown = await create(config, { seed });
    return {
      value: made instanceof Module
        ? encodeInstance(made)
        : encodeFunctions(name, made, kind),
    };
  });
  const data = {
    type: name,
    config: config as JsonObject,
    handle,
    ...inferShape === undefined ? {} : { inferShape },
    ...texts(rest),
  };
  return { data };
}

/** The fields that are plain text, as they are; the host checks them. */
function texts(fields: Readonly<Record<string, unknown>>): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === "string") kept[name] = value;
  }
  return kept;
}

function encodeInstance(made: Module): EncodedModule {
  const parameters = made.parameters();
  const inputs = Math.max(1, made.forward.length);
  return {
    parameters: Array.from(parameters, ([name, parameter]) => ({
      name,
      trainable: parameter.trainable,
      init: encodeTrace({ inputs: [], outputs: [parameter.node] }),
    })),
    inputs,
    training: traceForward(made.train(), inputs, parameters),
    evaluation: traceForward(made.eval(), inputs, parameters),
  };
}

/** What a module computes, as a function of its inputs and then its parameters. */
function traceForward(
  module: Module,
  inputs: number,
  parameters: ReadonlyMap<string, Parameter>,
): Trace {
  const nodes = Array.from(
    { length: inputs },
    (_, i): Node => placeholder(`input ${i}`, UNKNOWN_TYPE),
  );
  const output = module.forward(...nodes.map((node) => new Tensor(node)));
  return encodeTrace({
    inputs: [
      ...nodes.map((node, i) => [`input ${i}`, node] as const),
      ...Array.from(parameters, ([name, { node }]) => [name, node] as const),
    ],
    outputs: [output.node],
  }, { isKnown: isKnownToHost });
}
