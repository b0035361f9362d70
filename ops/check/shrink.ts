/**
 * The smallest call for which something still fails: greedily, first by sizes, then by numbers.
 *
 * @module
 */
import type { Shape } from "../../core/base/mod.ts";
import type { Attributes } from "../graph/node.ts";
import { crop } from "./cases.ts";
import type { DrawnInput, DrawnSample } from "./draw_sample.ts";

/** Calls that are tried at most: enough for small samples, and over in a moment. */
const TRIES_MAX = 200;

/**
 * Looks for a smaller call that still fails.
 *
 * @param call A call that fails.
 * @param fails Whether another one does too.
 * @returns The smallest call found.
 */
export async function shrink(
  call: DrawnSample,
  fails: (call: DrawnSample) => Promise<boolean>,
): Promise<DrawnSample> {
  let best = call;
  let tries = 0;
  for (let improved = true; improved;) {
    improved = false;
    for (const candidate of smaller(best)) {
      if (tries++ >= TRIES_MAX) return best;
      if (!await fails(candidate)) continue;
      best = candidate;
      improved = true;
      break;
    }
  }
  return best;
}

/** Calls that are a little smaller, the smallest first. */
function* smaller(call: DrawnSample): Generator<DrawnSample> {
  yield* withoutAxes(call);
  yield* withSmallerSizes(call);
  yield* withSimplerNumbers(call);
}

function* withoutAxes(
  { inputs, attributes }: DrawnSample,
): Generator<DrawnSample> {
  if (inputs.some(({ shape }) => shape.length === 0)) return;
  yield* cropped(inputs, (shape) => shape.slice(1), attributes);
}

/** One size in place of another, wherever it stands: sizes that must be equal stay so. */
function* withSmallerSizes(
  { inputs, attributes }: DrawnSample,
): Generator<DrawnSample> {
  const sizes = new Set(inputs.flatMap(({ shape }) => shape));
  for (const size of [...sizes].sort((a, b) => b - a)) {
    for (let less = 1; less < size; less++) {
      const replace = (shape: Shape) =>
        shape.map((one) => one === size ? less : one);
      yield* cropped(inputs, replace, attributes);
      yield* cropped(inputs, replace, replaceSizes(attributes, size, less));
    }
  }
}

/** The first elements, and the last. */
function* cropped(
  inputs: readonly DrawnInput[],
  reshape: (shape: Shape) => Shape,
  attributes: Attributes,
): Generator<DrawnSample> {
  if (inputs.length === 0) return;
  for (const end of ["first", "last"] as const) {
    const smaller = inputs.map((one) => crop(one, reshape(one.shape), end));
    yield { inputs: smaller, attributes };
  }
}

/** Sizes that attributes name, such as those of a shape. */
function replaceSizes(
  attributes: Attributes,
  size: number,
  less: number,
): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      Array.isArray(value)
        ? value.map((one) => one === size ? less : one)
        : value,
    ]),
  );
}

/** Numbers with fewer digits, one input or one element at a time. */
function* withSimplerNumbers(
  { inputs, attributes }: DrawnSample,
): Generator<DrawnSample> {
  for (const [i, input] of inputs.entries()) {
    for (const step of [1, 0.5, 0.125]) {
      const rounded = input.elements.map((x) => Math.round(x / step) * step);
      if (digitsOf(rounded) >= digitsOf(input.elements)) continue;
      yield {
        inputs: inputs.with(i, { ...input, elements: rounded }),
        attributes,
      };
    }
    for (const [at, x] of input.elements.entries()) {
      for (const simple of [0, 1]) {
        if (`${x}`.length > 1) {
          yield {
            inputs: inputs.with(i, withElement(input, at, simple)),
            attributes,
          };
        }
      }
    }
  }
}

function withElement(input: DrawnInput, at: number, x: number): DrawnInput {
  return { ...input, elements: input.elements.with(at, x) };
}

function digitsOf(elements: Float64Array): number {
  return elements.join("").length;
}
