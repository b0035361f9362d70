import type { OpaqueCode } from "../../kernels/ir/mod.ts";
import type { Attributes, HostOperator } from "../graph/node.ts";
import { numbersOf } from "./build_opaque.ts";

/** Names of the backends that run code of a language. */
const RUNNERS: Readonly<Record<OpaqueCode["language"], readonly string[]>> = {
  wasm: ["wasm", "reference"],
};

/** Code that computes a call, and the backend that it was brought for. */
export interface OwnCode {
  /** The code. */
  readonly code: OpaqueCode;
  /** Which of the operator's kernels it is. */
  readonly label: string;
}

/**
 * Finds the code of an operator's own that a backend runs amid what it computes.
 *
 * @param operator The operator.
 * @param backend Name of the backend.
 * @param attributes Settings of the call.
 * @returns The code; `undefined` if there is none, or the call's settings are no numbers.
 */
export function findOwnCode(
  { kernels, fallback }: HostOperator,
  backend: string,
  attributes: Attributes,
): OwnCode | undefined {
  // What the operator stands for goes before a kernel for another backend.
  const labels = fallback ? [backend] : [backend, "reference"];
  const label = labels.find((label) => kernels.find(label));
  if (label === undefined) return undefined;
  const code = kernels.find(label)?.code;
  const isRun = code && RUNNERS[code.language].includes(backend) &&
    numbersOf(attributes) !== undefined;
  return isRun ? { code, label } : undefined;
}
