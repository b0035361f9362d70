// Not a test: softsign, `x / (1 + |x|)`, as an operator that brings a kernel of its own.

import { defineOperator } from "../define_operator.ts";
import type { HostKernel } from "../graph/node.ts";
import type { CallableOperator, OperatorDefinition } from "./definition.ts";

/** What the operator computes of one element: the closed form. */
export function softsign(x: number): number {
  return x / (1 + Math.abs(x));
}

/** The same of all elements, on the host. */
export const HOST_SOFTSIGN: HostKernel = ([x]) =>
  Float32Array.from(x!, softsign);

/** The operator, with that kernel alone unless it is said otherwise. */
export function defineSoftsign(
  definition: Partial<OperatorDefinition> = {},
): CallableOperator {
  return defineOperator({
    name: "acme:softsign",
    inputs: ["x"],
    infer: "same",
    kernels: { reference: HOST_SOFTSIGN },
    ...definition,
  });
}
