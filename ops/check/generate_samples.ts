import {
  fillUniform,
  type Json,
  randomKey,
  type Shape,
} from "../../core/base/mod.ts";
import type { AttributeKind, Attributes, Operator } from "../graph/node.ts";
import type { OperatorSample } from "./sample.ts";

/** Calls that are drawn before it is given up to find one that the operator takes. */
const TRIES_MAX = 400;

/** Samples that are made. */
const COUNT = 4;

/** Options of {@linkcode generateSamples}. */
export interface GenerateOptions {
  /** A whole number from 0. */
  readonly seed: number;
  /** Whether the operator takes a call. */
  accepts(sample: OperatorSample): boolean;
}

/**
 * Draws calls that an operator takes: shapes of few small sizes, so that those that must fit often do,
 * and attributes of the kinds that its schema names.
 *
 * @param operator The operator.
 * @param options Seed, and what is taken.
 * @returns Up to four samples; fewer, or none, where what it takes is rare.
 */
export function generateSamples(
  { schema }: Operator,
  { seed, accepts }: GenerateOptions,
): OperatorSample[] {
  const chances = new Float64Array(64);
  const samples: OperatorSample[] = [];
  const known = new Set<string>();
  for (let i = 0; i < TRIES_MAX && samples.length < COUNT; i++) {
    fillUniform(randomKey(seed * TRIES_MAX + i), chances);
    let next = 0;
    const choose = (count: number): number =>
      Math.floor(chances[next++ % 64]! * count);
    const sample = drawShapes(schema, choose);
    const text = JSON.stringify(sample);
    if (known.has(text) || !accepts(sample)) continue;
    known.add(text);
    samples.push(sample);
  }
  return samples;
}

function drawShapes(
  { inputs, isVariadic, attributes }: Operator["schema"],
  choose: (count: number) => number,
): OperatorSample {
  const count = inputs.length + (isVariadic ? choose(3) : 0);
  const first = drawShape(choose);
  // Alike as often as not: most operators take what broadcasts.
  const isAlike = choose(2) === 0;
  return {
    inputs: Array.from(
      { length: count },
      () => isAlike ? first : drawShape(choose),
    ),
    attributes: Object.fromEntries(
      Object.entries(attributes).map((
        [name, kind],
      ) => [name, drawAttribute(kind, choose)]),
    ) as Attributes,
  };
}

function drawShape(choose: (count: number) => number): Shape {
  return Array.from({ length: choose(4) }, () => [2, 3, 1][choose(3)]!);
}

function drawAttribute(
  kind: AttributeKind,
  choose: (count: number) => number,
): Json {
  switch (kind) {
    case "axes":
      return [null, -1, 0, [0], [0, 1]][choose(5)]!;
    case "boolean":
      return choose(2) === 0;
    case "dtype":
      return "float32";
    case "element":
    case "number":
      return [1, 0.5, 2, 0][choose(4)]!;
    case "integer":
      return [0, 1, -1, 2][choose(4)]!;
    case "integers":
      return Array.from({ length: choose(4) }, () => choose(3));
    case "numberOrNull":
      return [null, 0.5][choose(2)]!;
    case "string":
      return "";
    default:
      return kind satisfies never;
  }
}
