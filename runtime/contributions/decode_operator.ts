import { z } from "zod";
import { type DType, type Json, printableLine } from "../../core/base/mod.ts";
import type { Remote } from "../../core/mod.ts";
import {
  type AttributeKind,
  type Attributes,
  type CallableOperator,
  defineOperator,
  instantiateTrace,
  type Node,
  type OperatorRegistry,
  type ShapeRule,
  Tensor,
  type Trace,
} from "../../ops/mod.ts";
import {
  bindAttributes,
  openAttributes,
  parseTrace,
} from "../../ops/trace/mod.ts";
import { contributionInvalid, inputsNotTraced } from "../errors.ts";
import { remoteKernel } from "./remote_kernel.ts";
import { sentKernels } from "./sent_kernels.ts";
import { assertKnownOperators } from "./known_operators.ts";

const name = z.string().max(128);
const attributeSpec = z.strictObject({
  // Which kinds there are is checked by the definition.
  kind: z.custom<AttributeKind>((kind) => typeof kind === "string"),
  default: z.json().optional(),
  values: z.array(z.string().max(128)).max(64).exactOptional(),
});

// Which dtypes there are is checked with the shader.
const dtype = z.custom<DType>((dtype) => typeof dtype === "string");

/** Most combinations of values of attributes, each for every number of inputs. */
const VARIANTS_MAX = 64 * 16;

const schema = z.strictObject({
  name: z.string(),
  version: z.string().max(64),
  description: z.string().max(4096).transform((text) => printableLine(text)),
  inputs: z.array(name).max(32),
  isVariadic: z.boolean().exactOptional(),
  outputs: z.array(name).min(1).max(32),
  attributes: z.record(
    name,
    z.union([attributeSpec.shape.kind, attributeSpec]),
  ),
  aliases: z.array(name).max(32),
  backends: z.array(name).max(32),
  isDifferentiable: z.boolean().optional(),
  infer: z.custom<ShapeRule>((rule) =>
    typeof rule === "string" || (typeof rule === "object" && rule !== null)
  ).optional(),
  kernels: z.record(name, z.int().nonnegative()).optional(),
  modules: z.record(name, z.int().nonnegative()).optional(),
  shaders: z.record(
    name,
    z.strictObject({
      text: z.string().max(2 ** 15),
      inputs: z.array(dtype).max(32),
      output: dtype,
      elementsPerInvocation: z.union([
        z.int().positive(),
        z.literal("row"),
      ]),
    }),
  ).optional(),
  variants: z.array(z.strictObject({
    when: z.record(name, z.json()),
    inputs: z.int().nonnegative().max(64).exactOptional(),
    forward: z.unknown().optional(),
    vjp: z.strictObject({
      trace: z.unknown(),
      given: z.array(z.boolean()).max(32),
    }).optional(),
  })).min(1).max(VARIANTS_MAX),
});

/** What was recorded for some values of attributes. */
interface Variant {
  readonly when: Attributes;
  /** How many inputs calls have. */
  readonly inputs: number;
  readonly forward?: Trace;
  readonly vjp?: { readonly trace: Trace; readonly given: readonly boolean[] };
}

/** What a recorded operator needs of the host. */
export interface DecodeOperatorOptions {
  /** Where the operators that it calls are found. */
  readonly operators: OperatorRegistry;
  /** Calls its kernels, which are in the sandbox. */
  readonly remote: Remote;
  /**
   * The modules of its kernels, one after the other.
   *
   * @default {new Uint8Array()}
   */
  readonly bytes?: Uint8Array;
}

/**
 * Makes an operator from what a sandbox recorded. What it computes is data, which needs the sandbox no
 * more; kernels of its own stay there, and are called with elements, unless they are modules that reach
 * nothing but their arrays.
 *
 * @param data What the guest sent.
 * @param options Where operators are found, and how to reach the sandbox.
 * @returns The operator.
 * @throws {RuntimeError} `CONTRIBUTION_INVALID` if the data is no operator.
 * @throws {TensorError} `TRACE_INVALID`, `OPERATOR_INVALID` or `OPERATOR_NOT_FOUND` if what it
 * computes does not hold together.
 */
export function decodeOperator(
  data: Json,
  { operators, remote, bytes = new Uint8Array() }: DecodeOperatorOptions,
): CallableOperator {
  const parsed = schema.safeParse(data);
  if (!parsed.success) throw contributionInvalid("operator", parsed.error);
  const { variants: sent, infer, isDifferentiable, ...others } = parsed.data;
  const { kernels, modules, shaders, ...rest } = others;
  const variants = readVariants(sent, { ...rest, operators });
  const hasForward = isInAll(variants, "forward");
  const hasVjp = isInAll(variants, "vjp");
  const most = Math.max(...variants.map(({ inputs }) => inputs));
  function variantOf(
    inputs: readonly Tensor[],
    attributes: Attributes,
  ): Variant {
    const { length } = inputs;
    if (length > most) throw inputsNotTraced(rest.name, length, most);
    const fitting = variants.filter(({ inputs }) => inputs === length);
    return variantFor(fitting, attributes);
  }
  function run(
    trace: Trace,
    tensors: readonly Tensor[],
    attributes: Attributes,
  ): readonly Node[] {
    const nodes = tensors.map(({ node }) => node);
    const bound = bindAttributes(trace, attributes);
    return instantiateTrace(bound, nodes, (name) => operators.get(name));
  }
  return defineOperator({
    ...rest,
    ...infer === undefined ? {} : { infer },
    attributes: rest.attributes as NonNullable<
      Parameters<typeof defineOperator>[0]["attributes"]
    >, // checked there
    ...isDifferentiable === undefined ? {} : { isDifferentiable },
    ...(kernels || modules || shaders) && {
      kernels: {
        ...Object.fromEntries(
          Object.entries(kernels ?? {}).map(([backend, handle]) => [
            backend,
            remoteKernel(rest.name, { handle, remote }),
          ]),
        ),
        ...sentKernels(rest.name, {
          sizes: modules ?? {},
          ...shaders ? { shaders } : {},
          bytes,
          remote,
        }),
      },
    },
    ...hasForward && {
      forward: (tensors: readonly Tensor[], attributes: Attributes) =>
        run(variantOf(tensors, attributes).forward!, tensors, attributes)
          .map((node) => new Tensor(node)),
    },
    ...hasVjp && {
      vjp({ inputs, outputs, gradients }, attributes) {
        const { vjp } = variantOf(inputs, attributes);
        const tensors = [...inputs, ...outputs, ...gradients];
        const passed = [...run(vjp!.trace, tensors, attributes)];
        return vjp!.given.map((isGiven) =>
          isGiven ? new Tensor(passed.shift()!) : undefined
        );
      },
    },
  });
}

type Sent = z.infer<typeof schema>;

/** What the traces of an operator must fit. */
type Surroundings =
  & Pick<Sent, "inputs" | "isVariadic" | "outputs" | "attributes">
  & {
    readonly operators: OperatorRegistry;
  };

function readVariants(
  sent: Sent["variants"],
  { inputs: names, isVariadic = false, outputs, ...rest }: Surroundings,
): Variant[] {
  const odd = sent.find(({ inputs = names.length }) =>
    isVariadic ? inputs < names.length : inputs !== names.length
  );
  if (odd) {
    throw contributionInvalid(
      "operator",
      `found ${odd.inputs} inputs recorded, wanted ${names.length}`,
    );
  }
  return sent.map(({ when, inputs = names.length, forward, vjp }): Variant => ({
    when,
    inputs,
    ...forward !== undefined && {
      forward: readTrace(forward, {
        ...rest,
        ends: { inputs, outputs: outputs.length },
      }),
    },
    ...vjp && {
      vjp: {
        trace: readTrace(vjp.trace, {
          ...rest,
          ends: {
            inputs: inputs + 2 * outputs.length,
            outputs: vjp.given.filter(Boolean).length,
          },
        }),
        given: vjp.given,
      },
    },
  }));
}

/** Whether something was recorded for all variants, rather than for none. */
function isInAll(
  variants: readonly Variant[],
  part: "forward" | "vjp",
): boolean {
  const found = variants.filter((variant) => variant[part] !== undefined);
  if (found.length === 0 || found.length === variants.length) {
    return found.length > 0;
  }
  throw contributionInvalid("operator", `found "${part}" of some variants`);
}

/** What was recorded for the values of a call: one that names all of its values, else any other. */
function variantFor(
  variants: readonly Variant[],
  attributes: Attributes,
): Variant {
  const found =
    variants.filter(({ when }) =>
      Object.entries(when).every(([name, value]) => attributes[name] === value)
    ).sort((a, b) =>
      Object.keys(b.when).length - Object.keys(a.when).length
    )[0];
  if (found) return found;
  throw contributionInvalid(
    "operator",
    `found no variant for ${JSON.stringify(attributes)}`,
  );
}

/** Kinds whose values a trace may use as numbers. */
const NUMBER_KINDS: readonly unknown[] = ["integer", "number", "numberOrNull"];

function readTrace(
  value: unknown,
  { operators, ends, attributes }: {
    readonly operators: OperatorRegistry;
    readonly ends: { readonly inputs: number; readonly outputs: number };
    readonly attributes: Sent["attributes"];
  },
): Trace {
  const trace = parseTrace(value);
  assertEnds(trace, ends);
  assertKnownOperators(trace, operators);
  for (const { name, as } of openAttributes(trace)) {
    const spec = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    const kind = typeof spec === "object" ? spec.kind : spec;
    if (as === "setting" ? kind !== undefined : NUMBER_KINDS.includes(kind)) {
      continue;
    }
    throw contributionInvalid(
      "trace",
      `found attribute ${
        JSON.stringify(name)
      } as a ${as}, wanted one that the operator declares as such`,
    );
  }
  return trace;
}

/**
 * Requires a trace with certain numbers of inputs and outputs.
 *
 * @param trace The trace.
 * @param wanted The numbers.
 * @throws {RuntimeError} `CONTRIBUTION_INVALID` if it has others.
 */
export function assertEnds(
  { values, outputs }: Trace,
  wanted: { readonly inputs: number; readonly outputs: number },
): void {
  const found = values.filter(({ kind }) => kind === "input").length;
  if (found === wanted.inputs && outputs.length === wanted.outputs) return;
  throw contributionInvalid(
    "trace",
    `found ${found} inputs and ${outputs.length} outputs, wanted ${wanted.inputs} and ${wanted.outputs}`,
  );
}
