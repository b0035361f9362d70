/**
 * Which backend would run a call, and why not the others. Runs nothing: the call is planned, and each
 * backend is asked whether it takes the plan's kernels.
 *
 * @module
 */
import { assertInvariant, isCoded, printable } from "../../core/base/mod.ts";
import { backendUnknown } from "../../kernels/ir/mod.ts";
import { type Backend, whyUnavailable } from "../../kernels/mod.ts";
import type { Operand } from "../apply.ts";
import { executeNodes } from "../execute_nodes.ts";
import {
  type Attributes,
  type HostOperator,
  type LoweredCall,
  type Node,
  type Operator,
  placeholder,
} from "../graph/node.ts";
import { quietly } from "../observe_calls.ts";
import { callOf } from "../realize/emitter.ts";
import { findOnHost, findOwnCode, kernelMisfit } from "../realize/own_code.ts";
import { makePlan } from "../realize/plan.ts";
import { backendsNamed, LIBRARY_BACKENDS, STAND_INS } from "./backend_names.ts";
import { kernelFallback } from "./fallbacks.ts";
import type { DispatchRejection } from "./rejection.ts";

/** Which backend runs a call, and how. */
export interface DispatchChoice {
  /** Name of the backend. */
  readonly backend: string;
  /**
   * `kernel`: it is one of the operators that kernels are made from. `composite`: it is written out in
   * terms of those. `reference`: the plain interpreter computes it.
   */
  readonly via: "kernel" | "composite" | "reference";
}

/** Where a call runs. */
export interface Dispatch {
  /** Name of the operator. */
  readonly operator: string;
  /** Which version of it the call means. */
  readonly version: string;
  /** The backend that runs it; none if no backend can. */
  readonly chosen: DispatchChoice | undefined;
  /** The others that could run it, in the order in which they would be asked. */
  readonly alternatives: readonly DispatchChoice[];
  /** Those that cannot. */
  readonly rejected: readonly DispatchRejection[];
}

/** What is known of the surroundings of a call. */
export interface DispatchOptions {
  /** Settings of the call. */
  readonly attributes?: Attributes;
  /** The backend wanted; the first of the chain if left out. */
  readonly backend?: string | undefined;
  /** The backends there are, in the order in which they are asked. */
  readonly chain: readonly Backend[];
  /** Names of backends that could be made. */
  readonly names: readonly string[];
  /** Backends that others are said to be made for: names that are known, and no more. */
  readonly labels: readonly string[];
}

/**
 * Explains where a call would run.
 *
 * @param operator The operator.
 * @param inputs Its inputs.
 * @param options The backend wanted, and those there are.
 * @returns The choice, and the reasons.
 * @throws {BackendError} `BACKEND_UNKNOWN` if no backend has the wanted name, and no operator names it.
 */
export function explainCall(
  operator: Operator,
  inputs: readonly Operand[],
  { attributes, backend, chain, names, labels }: DispatchOptions,
): Dispatch {
  const chained = chain.map(({ name }) => name);
  const known = [
    ...new Set([
      ...chained,
      ...LIBRARY_BACKENDS.filter((name) => name !== "reference"),
      ...(operator.backends ?? []).flatMap(backendsNamed),
      "reference",
    ]),
  ];
  const wanted = backend === undefined ? [] : backendsNamed(backend);
  const named = [
    ...new Set([...known, ...names, ...labels.flatMap(backendsNamed)]),
  ];
  if (backend !== undefined && !wanted.some((name) => named.includes(name))) {
    throw backendUnknown(printable(backend, 80), named);
  }
  const order = [...new Set([...wanted, ...known])];
  const nodes = inputs.map((input, i) =>
    typeof input === "number" ? input : placeholder(`input ${i}`, input.type)
  );
  const calls = quietly(() => executeNodes(operator, nodes, attributes));
  const [first] = calls;
  assertInvariant(first?.kind === "apply", "what is explained is a call");
  const call = callOf(first);
  const runs: DispatchChoice[] = [];
  const rejected: DispatchRejection[] = [];
  for (const name of order) {
    const rejection = kernelRejection(name, operator, call) ??
      rejectionOf(name, calls, { chain, names });
    if (rejection) rejected.push({ backend: name, ...rejection });
    else {
      const passed = passedOver(name, operator, call);
      if (passed) rejected.push(passed);
      runs.push({ backend: name, via: viaOf(name, operator, call) });
    }
  }
  const [chosen, ...alternatives] = runs;
  const { name, version } = operator;
  return { operator: name, version, chosen, alternatives, rejected };
}

/** The kernel for a backend that is out of use, where what stands for the operator runs there. */
function passedOver(
  name: string,
  operator: Operator,
  call: LoweredCall,
): DispatchRejection | undefined {
  const passed = operator.kind === "host" &&
    kernelFallback(operator, name, kernelMisfit(operator, name, call));
  if (!passed || passed.chosen !== name) return undefined;
  const { backend, reason, detail } = passed;
  return { backend, reason, detail };
}

/** Why an operator that has kernels only does not run by them. */
function kernelRejection(
  backend: string,
  operator: Operator,
  call: LoweredCall,
): Omit<DispatchRejection, "backend"> | undefined {
  if (operator.kind !== "host" || operator.fallback) return undefined;
  if (runsByKernel(backend, operator, call)) return undefined;
  const misfit = kernelMisfit(operator, backend, call);
  if (misfit) return misfit;
  const { kernels } = operator;
  const detail = kernels.failureOf(backend);
  return detail === undefined
    ? {
      reason: "NO_KERNEL",
      detail: `it has kernels for ${kernels.backends.join(", ")} only`,
    }
    : { reason: "KERNEL_DISABLED", detail };
}

function viaOf(
  backend: string,
  operator: Operator,
  call: LoweredCall,
): DispatchChoice["via"] {
  if (operator.kind === "host" && runsByKernel(backend, operator, call)) {
    return "kernel";
  }
  if (backend === "reference") return "reference";
  return operator.kind === "primitive" ? "kernel" : "composite";
}

/** Whether a backend runs an operator's own kernel, or the host does for it. */
function runsByKernel(
  backend: string,
  operator: HostOperator,
  call: LoweredCall,
): boolean {
  return findOnHost(operator.kernels, backend, call) !== undefined ||
    findOwnCode(operator, backend, call) !== undefined;
}

function rejectionOf(
  name: string,
  calls: readonly Node[],
  { chain, names }: Pick<DispatchOptions, "chain" | "names">,
): Omit<DispatchRejection, "backend"> | undefined {
  const backend = chain.find((other) => other.name === name);
  // Those that stand in for others take every kernel, and can be made at any time.
  if (!backend && STAND_INS.includes(name)) {
    return planRejection(calls, {
      backend: name,
      refuses: () => undefined,
    });
  }
  if (!backend) {
    return {
      reason: "BACKEND_UNAVAILABLE",
      detail: names.includes(name)
        ? whyUnavailable(name) ??
          `backend "${name}" is not among those in use here`
        : `"${name}" is a label only: no backend has that name`,
    };
  }
  return planRejection(calls, {
    backend: name,
    refuses: (kernel) => backend.refuses(kernel),
  });
}

function planRejection(
  calls: readonly Node[],
  { backend, refuses }: {
    readonly backend: string;
    readonly refuses: Backend["refuses"];
  },
): Omit<DispatchRejection, "backend"> | undefined {
  try {
    const { pauses, program } = makePlan(calls, { backend });
    for (const { steps } of [...pauses.map((one) => one.program), program]) {
      const detail = steps.map(({ kernel }) => refuses(kernel)).find(Boolean);
      if (detail) return { reason: "FEATURE_MISSING", detail };
    }
    return undefined;
  } catch (error) {
    if (!isCoded(error)) throw error;
    const isDType = error.code === "DTYPE_MISMATCH";
    return {
      reason: isDType ? "DTYPE_UNSUPPORTED" : "SHAPE_UNSUPPORTED",
      detail: error.message,
    };
  }
}
