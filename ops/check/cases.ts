import { DTYPES, type Shape } from "../../core/base/mod.ts";
import type { DType } from "../../core/base/mod.ts";
import {
  type DrawnInput,
  type DrawnSample,
  drawSample,
} from "./draw_sample.ts";
import type { CaseKind } from "./report.ts";
import type { OperatorFacts } from "./sample.ts";

/** A call to try, and which sample it was made from. */
export interface CheckCase {
  /** Why it is tried. */
  readonly kind: CaseKind;
  /** The sample's number. */
  readonly sample: number;
  /** The call with its elements. */
  readonly call: DrawnSample;
}

/** Options of {@linkcode listCases}. */
export interface CaseOptions {
  /** A whole number from 0. */
  readonly seed: number;
  /** Whether an operator takes a call. */
  accepts(call: DrawnSample): boolean;
}

/**
 * Lists the calls to try: the samples as they are; in every dtype; and with no elements along each of
 * their sizes in turn, where the operator takes that.
 *
 * @param facts The samples, and what else was said.
 * @param options Seed, and what is taken.
 * @returns The calls.
 */
export function listCases(
  facts: Pick<OperatorFacts, "domain" | "dtypes" | "samples">,
  { seed, accepts }: CaseOptions,
): CheckCase[] {
  const { dtypes = DTYPES, domain, samples } = facts;
  function draw(sample: number, dtype?: DType): DrawnSample {
    return drawSample(samples[sample]!, {
      dtypes,
      seed: seed + sample,
      ...dtype && { dtype },
      ...domain && { domain },
    });
  }
  return samples.flatMap((_, sample): CheckCase[] => {
    const call = draw(sample);
    const isFree = call.inputs.some(({ isPinned }) => !isPinned);
    const others = isFree ? dtypes.slice(0, -1) : [];
    return [
      { kind: "samples", sample, call },
      ...others.map((dtype) => draw(sample, dtype)).filter(accepts)
        .map((call): CheckCase => ({ kind: "dtypes", sample, call })),
      ...emptied(call).filter(accepts)
        .map((call): CheckCase => ({ kind: "empty", sample, call })),
    ];
  });
}

function emptied({ inputs, attributes }: DrawnSample): DrawnSample[] {
  const sizes = new Set(inputs.flatMap(({ shape }) => shape));
  return [...sizes].map((size) => ({
    inputs: inputs.map((input) =>
      crop(input, input.shape.map((one) => one === size ? 0 : one))
    ),
    attributes,
  }));
}

/**
 * Keeps some elements along each axis.
 *
 * @param input The input.
 * @param shape How many along each axis; of leading axes that are missing, one is kept.
 * @param end Whether the first ones are kept or the last.
 * @returns The smaller input.
 */
export function crop(
  input: DrawnInput,
  shape: Shape,
  end: "first" | "last" = "first",
): DrawnInput {
  const extra = input.shape.length - shape.length;
  const sizes = [...Array<number>(extra).fill(1), ...shape];
  const elements = input.elements.filter((_, index) => {
    let rest = index;
    return input.shape.toReversed().every((size, i) => {
      const at = rest % size;
      rest = Math.floor(rest / size);
      const kept = sizes.at(-1 - i)!;
      return end === "first" ? at < kept : at >= size - kept;
    });
  });
  return { ...input, shape, elements };
}
