/**
 * The calls whose results are committed: the samples of each built-in operator, with elements that depend
 * on the sample alone.
 *
 * @module
 */
import type { DType, Shape } from "../../core/base/mod.ts";
import { BUILTIN_FACTS, drawSample } from "../../ops/check/mod.ts";
import type { Attributes } from "../../ops/mod.ts";

/** The folder with one file an operator. */
export const GOLDENS: URL = new URL("./", import.meta.url);

/** One call, with what PyTorch made of it. */
export interface GoldenCall {
  /** The inputs; all fractions exact in `float32`. */
  readonly inputs: readonly {
    readonly dtype: DType;
    readonly shape: Shape;
    readonly elements: readonly number[];
  }[];
  /** The call's settings. */
  readonly attributes: Attributes;
  /** Shape of the output. */
  readonly shape: Shape;
  /** The output, row by row. */
  readonly elements: readonly number[];
  /** For each input of fractions, the gradient of the output's elements times {@linkcode WEIGHTS}. */
  readonly gradients: readonly (readonly number[])[];
}

/** A file of goldens. */
export interface GoldenFile {
  /** Name of the operator. */
  readonly operator: string;
  /** What computed it. */
  readonly source: string;
  /** One call a sample. */
  readonly calls: readonly GoldenCall[];
}

/** What outputs are weighted with before they are added up: all different from 0, few alike. */
export const WEIGHTS: readonly number[] = Array.from(
  { length: 256 },
  (_, i) => ((i * 7919) % 17 - 8.5) / 8,
);

/** A call that is still to be computed. */
export interface OpenCall extends Pick<GoldenCall, "inputs" | "attributes"> {
  /** Name of the operator. */
  readonly operator: string;
  /** Whether its gradients are wanted. */
  readonly isDifferentiable: boolean;
  /** What outputs are weighted with. */
  readonly weights: readonly number[];
}

/**
 * Lists the calls of an operator.
 *
 * @param operator Its name.
 * @returns One call a sample.
 */
export function goldenCalls(operator: string): OpenCall[] {
  const facts = BUILTIN_FACTS.get(operator);
  if (!facts) return [];
  return facts.samples.map((sample, seed) => {
    const { inputs, attributes } = drawSample(sample, { ...facts, seed });
    return {
      operator,
      attributes,
      inputs: inputs.map(({ dtype, shape, elements }) => ({
        dtype,
        shape,
        elements: [...elements],
      })),
      isDifferentiable: /once|twice/.test(facts.differentiable),
      weights: WEIGHTS,
    };
  });
}
