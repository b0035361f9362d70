import { z } from "zod";
import type { Json } from "../../core/base/mod.ts";
import {
  type Built,
  type BuiltKind,
  type InitializerName,
  type InitialNumbers,
  isInitializerName,
} from "../../nn/mod.ts";
import {
  instantiateTrace,
  type OperatorRegistry,
  Tensor,
} from "../../ops/mod.ts";
import { contributionInvalid } from "../errors.ts";
import { readTrace } from "./read_trace.ts";

const functionsSchema = z.strictObject({
  functions: z.record(z.string(), z.unknown()),
});
const plainSchema = z.strictObject({
  plain: z.strictObject({
    name: z.custom<InitializerName>(isInitializerName),
    gain: z.number().exactOptional(),
    value: z.number().exactOptional(),
  }),
});

/** Makes a function of a recorded one. */
type Reader = (
  name: string,
  inputs: number,
) => (...inputs: readonly Tensor[]) => Tensor;

/**
 * Makes what a sandbox recorded that is no module: a loss, a metric or an initializer.
 *
 * @param value What the guest sent.
 * @param kind What it must be.
 * @param operators Where the operators that it calls are found.
 * @returns It.
 * @throws {RuntimeError} `CONTRIBUTION_INVALID` if it is of another kind, or no data of that.
 */
export function makeFunctions(
  value: Json,
  { kind, operators }: {
    readonly kind: BuiltKind;
    readonly operators: OperatorRegistry;
  },
): Built {
  const plain = plainSchema.safeParse(value);
  if (kind === "initializer" && plain.success) return plain.data.plain;
  const parsed = functionsSchema.safeParse(value);
  if (!parsed.success) throw contributionInvalid(kind, parsed.error);
  const { functions } = parsed.data;
  const read: Reader = (name, inputs) => {
    const trace = readTrace(functions[name], { inputs, operators });
    return (...tensors) => {
      const nodes = tensors.map(({ node }) => node);
      const find = (name: string) => operators.get(name);
      return new Tensor(instantiateTrace(trace, nodes, find)[0]!);
    };
  };
  return makeByKind(kind, read);
}

function makeByKind(kind: BuiltKind, read: Reader): Built {
  switch (kind) {
    case "loss": {
      const forward = read("forward", 2);
      return (prediction: Tensor, target: Tensor) =>
        forward(prediction, target);
    }
    case "metric": {
      const measure = read("measure", 2);
      const result = read("result", 1);
      return { measure, result };
    }
    case "initializer": {
      const forward = read("forward", 4);
      return ({ uniform, normal, fanIn, fanOut }: InitialNumbers) =>
        forward(uniform, normal, fanIn, fanOut);
    }
    default:
      throw contributionInvalid(kind, "found functions, wanted a module");
  }
}
