import {
  type Backend,
  type BackendName,
  createBackend,
} from "../../kernels/mod.ts";
import { DTYPES, invalidOption, isCoded } from "../../core/base/mod.ts";
import { BUILTIN_OPERATORS } from "../builtin/all.ts";
import type { Operator } from "../graph/node.ts";
import { encodeNumber } from "../trace/trace.ts";
import { type CheckCase, listCases } from "./cases.ts";
import { record } from "./compute.ts";
import { type DrawnSample, drawSample } from "./draw_sample.ts";
import { generateSamples } from "./generate_samples.ts";
import { backendsProperty } from "./properties/backends.ts";
import { determinismProperty } from "./properties/determinism.ts";
import {
  firstGradientProperty,
  secondGradientProperty,
} from "./properties/gradients.ts";
import { forwardModeProperty } from "./properties/forward_mode.ts";
import { inferenceProperty } from "./properties/inference.ts";
import { layoutProperty } from "./properties/layout.ts";
import { roundTripProperty } from "./properties/round_trip.ts";
import { schemaProperty } from "./properties/schema.ts";
import { vmapProperty } from "./properties/vmap.ts";
import type { CheckContext, Finding, Property } from "./property.ts";
import type { OpcheckOptions } from "./opcheck_options.ts";
import type {
  OpcheckFailure,
  OpcheckProperty,
  OpcheckReport,
  OpcheckResult,
} from "./report.ts";
import type { OperatorFacts, OperatorSample } from "./sample.ts";
import { BUILTIN_FACTS } from "./samples/all.ts";
import { shrink } from "./shrink.ts";

/** What is asked, in this order: what comes later means little where something earlier fails. */
const PROPERTIES: readonly Property[] = [
  schemaProperty,
  inferenceProperty,
  layoutProperty,
  determinismProperty,
  roundTripProperty,
  firstGradientProperty,
  secondGradientProperty,
  forwardModeProperty,
  vmapProperty,
  backendsProperty,
];

/**
 * Checks an operator; see {@linkcode opcheck}.
 *
 * @param operator The operator.
 * @param samples Calls to try, if any are given.
 * @param options What is known of the operator, and how it is checked.
 * @returns What was found.
 */
export async function runOpcheck(
  operator: Operator,
  samples: readonly OperatorSample[] | undefined,
  options: OpcheckOptions,
): Promise<OpcheckReport> {
  const { seed = 0, backends = ["wasm", "webgpu"] } = options;
  const facts = factsOf(operator, samples, options);
  function accepts(call: DrawnSample): boolean {
    return isTaken(operator, call);
  }
  const tried = facts.samples ?? generateSamples(operator, {
    seed,
    accepts: (sample) => accepts(drawSample(sample, facts)),
  });
  if (tried.length === 0) {
    throw invalidOption(
      `samples of opcheck for ${operator.name}`,
      "none",
      "at least one call that the operator takes",
    );
  }
  await using stack = new AsyncDisposableStack();
  const { opened, absent } = await openBackends(backends, stack);
  const context: CheckContext = {
    operator,
    reference: stack.use(createBackend("reference")),
    backends: opened,
    differentiable: facts.differentiable,
    dtypes: facts.dtypes,
    seed,
  };
  const cases = listCases({ ...facts, samples: tried }, { seed, accepts })
    .filter(({ kind }) => options.cases?.includes(kind) ?? true);
  const results: OpcheckResult[] = [];
  for (const property of PROPERTIES) {
    if (options.properties?.includes(property.name) === false) continue;
    const result = await ask(property, cases, context);
    const isWithout = absent !== undefined && property.name === "backends";
    results.push(isWithout ? withReason(result, absent) : result);
  }
  const ok = results.every(({ status }) => status !== "failed");
  return { operator: operator.name, seed, ok, results };
}

/** What is known: what the caller says and, of a built-in operator, what its own entry does. */
function factsOf(
  operator: Operator,
  samples: readonly OperatorSample[] | undefined,
  { differentiable, dtypes, domain }: OpcheckOptions,
): Partial<OperatorFacts> {
  const isBuiltin = BUILTIN_OPERATORS.get(operator.name) === operator;
  return {
    ...operator.isDifferentiable === false && { differentiable: "never" },
    ...isBuiltin && { dtypes: DTYPES, ...BUILTIN_FACTS.get(operator.name) },
    ...samples &&
      { samples: samples.map((one) => withDefaults(operator, one)) },
    ...differentiable && { differentiable },
    ...dtypes && { dtypes },
    ...domain && { domain },
  };
}

function withDefaults(
  { defaults }: Operator,
  sample: OperatorSample,
): OperatorSample {
  return { ...sample, attributes: { ...defaults, ...sample.attributes } };
}

function withReason(result: OpcheckResult, reason: string): OpcheckResult {
  const parts = result.reason === undefined ? [] : [result.reason];
  return { ...result, reason: [...parts, reason].join("; ") };
}

/** Asks one thing with every call that it is asked with, of every output. */
async function ask(
  property: Property,
  cases: readonly CheckCase[],
  context: CheckContext,
): Promise<OpcheckResult> {
  const { operator } = context;
  const asked = cases.filter(({ kind }) => property.cases.includes(kind));
  const tally = new Tally(property.name);
  const { parts = [operator] } = operator;
  for (const [i, part] of parts.entries()) {
    for (const one of asked) {
      const own = { ...context, operator: part };
      const isFailing = tally.add(await find(property, one.call, own));
      if (!isFailing) continue;
      const failure = await describeFailure(property, one, own);
      return tally.failed(
        parts.length === 1 ? failure : { ...failure, output: i },
      );
    }
  }
  return tally.passed();
}

/** What one property has found so far. */
class Tally {
  readonly #property: OpcheckProperty;
  readonly #reasons = new Set<string>();
  #cases = 0;
  #worst: number | undefined;

  constructor(property: OpcheckProperty) {
    this.#property = property;
  }

  /** Takes note of one call; tells whether it fails. */
  add({ error, skipped, problem }: Finding): boolean {
    this.#cases++;
    if (error !== undefined) this.#worst = Math.max(this.#worst ?? 0, error);
    if (skipped !== undefined) this.#reasons.add(skipped);
    return problem !== undefined;
  }

  failed(failure: OpcheckFailure): OpcheckResult {
    return { ...this.#result("failed"), failure };
  }

  passed(): OpcheckResult {
    const isSkipped = this.#reasons.size > 0 && this.#worst === undefined;
    const result = this.#result(isSkipped ? "skipped" : "passed");
    if (this.#reasons.size === 0) return result;
    return withReason(result, [...this.#reasons].join("; "));
  }

  #result(status: OpcheckResult["status"]): OpcheckResult {
    return {
      property: this.#property,
      status,
      cases: this.#cases,
      ...this.#worst !== undefined && { worstError: this.#worst },
    };
  }
}

async function describeFailure(
  property: Property,
  { sample, call }: CheckCase,
  context: CheckContext,
): Promise<OpcheckFailure> {
  const smallest = await shrink(
    call,
    async (candidate) =>
      isTaken(context.operator, candidate) &&
      (await find(property, candidate, context)).problem !== undefined,
  );
  const { problem, advice } = await find(property, smallest, context);
  return {
    message: problem ?? "found another result at each try",
    advice: advice ?? "",
    sample,
    inputs: smallest.inputs.map(({ dtype, shape, elements }) => ({
      dtype,
      shape,
      elements: Array.from(elements, encodeNumber),
    })),
    attributes: smallest.attributes,
  };
}

/** What is thrown is a finding as well: an operator must compute what its inference accepts. */
async function find(
  property: Property,
  call: DrawnSample,
  context: CheckContext,
): Promise<Finding> {
  try {
    return await property.check(call, context);
  } catch (error) {
    return {
      problem: `found ${isCoded(error) ? error.code : "an error"} (${
        error instanceof Error ? error.message : String(error)
      }), wanted none`,
      advice:
        "let inference refuse what cannot be computed, with a coded error",
    };
  }
}

function isTaken(operator: Operator, call: DrawnSample): boolean {
  try {
    record(operator, call);
    return true;
  } catch {
    return false;
  }
}

/** The backends there are, and which there are not. */
async function openBackends(
  wanted: readonly (Backend | BackendName)[],
  stack: AsyncDisposableStack,
): Promise<
  { readonly opened: Backend[]; readonly absent: string | undefined }
> {
  const opened: Backend[] = [];
  const absent: string[] = [];
  for (const one of wanted) {
    if (typeof one !== "string") {
      opened.push(one);
      continue;
    }
    try {
      opened.push(stack.use(await createBackend(one)));
    } catch (error) {
      if (!isCoded(error) || error.code !== "BACKEND_UNAVAILABLE") throw error;
      absent.push(one);
    }
  }
  return {
    opened,
    absent: absent.length > 0 ? `without ${absent.join(", ")}` : undefined,
  };
}
