import type { DType } from "../../core/base/mod.ts";

/** A shader on its way from a sandbox to the host, and what it declares: plain data. */
export type SentShader = {
  /** The shader. */
  readonly text: string;
  /** How the elements of each input are stored. */
  readonly inputs: readonly DType[];
  /** How those of the output are. */
  readonly output: DType;
  /** How many elements of the output an invocation computes. */
  readonly elementsPerInvocation: number | "row";
};
