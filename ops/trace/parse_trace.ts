import { z } from "zod";
import {
  type DType,
  DTYPES,
  isHalfDType,
  type Issue,
  optionsOf,
  roundHalf,
  sizeOf,
} from "../../core/base/mod.ts";
import { traceInvalid } from "../errors.ts";
import type { Trace, TraceValue } from "./trace.ts";

/**
 * Most values of a trace. What unrolls a loop, such as a recurrent network over a thousand steps, has some
 * ten thousand; a chain of 100,000 calls is read, too. A value takes some 3 µs and 0.7 KB, so that reading
 * what a stranger sends stays below a second and 100 MB.
 */
const VALUES_MAX = 2 ** 17;

/** Most elements of one of them: 64 MiB of `float32`. */
const ELEMENTS_MAX = 2 ** 24;

const number = z.union([
  z.number(),
  z.enum(["NaN", "Infinity", "-Infinity", "-0"]),
]);
const place = z.int().nonnegative();
const type = {
  dtype: z.enum(DTYPES),
  shape: z.array(z.int().nonnegative()).max(32).refine(
    (shape) => sizeOf(shape) <= ELEMENTS_MAX,
    { error: `must have at most ${ELEMENTS_MAX} elements` },
  ),
};

const schema: z.ZodType<Trace> = z.strictObject({
  values: z.array(z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("input"), name: z.string().max(128) }),
    z.strictObject({ kind: z.literal("constant"), value: number, ...type }),
    z.strictObject({
      kind: z.literal("data"),
      elements: z.array(number),
      ...type,
    }),
    z.strictObject({
      kind: z.literal("call"),
      operator: z.string().max(256),
      inputs: z.array(
        z.union([
          place,
          z.strictObject({ number }),
          z.strictObject({ attribute: z.string().max(128) }),
        ]),
      ).max(64),
      attributes: z.record(z.string(), z.json()),
      bound: z.record(z.string(), z.string().max(128)).exactOptional(),
    }),
  ])),
  outputs: z.array(place).max(64),
});

/** Options of {@linkcode parseTrace}. */
export interface ParseTraceOptions {
  /**
   * Most values of the trace. They are counted before anything is read.
   *
   * @default {131_072}
   */
  readonly valuesMax?: number;
}

/**
 * Reads a trace that came from outside. Whether its operators exist and accept their inputs shows
 * when it is put to use.
 *
 * @param value Anything.
 * @param options How much is read.
 * @returns The trace, whose values use earlier ones only.
 * @throws {TensorError} `TRACE_INVALID` with every issue, if it is none.
 */
export function parseTrace(
  value: unknown,
  options?: ParseTraceOptions,
): Trace {
  const { valuesMax = VALUES_MAX } = optionsOf<ParseTraceOptions>(
    "parseTrace",
    options,
  );
  assertLength(value, valuesMax);
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw traceInvalid(parsed.error.issues.map(({ path, message }) => ({
      code: "TRACE_SHAPE",
      path: path.join("."),
      message,
    })));
  }
  const issues = [...referenceIssues(parsed.data)];
  if (issues.length > 0) throw traceInvalid(issues);
  return parsed.data;
}

function assertLength(value: unknown, valuesMax: number): void {
  const isLong = typeof value === "object" && value !== null &&
    "values" in value && Array.isArray(value.values) &&
    value.values.length > valuesMax;
  if (!isLong) return;
  throw traceInvalid([{
    code: "TRACE_SHAPE",
    path: "values",
    message: `Too big: expected array to have <=${valuesMax} items`,
  }]);
}

function* referenceIssues({ values, outputs }: Trace): Generator<Issue> {
  const inputCount = values.findLastIndex(({ kind }) => kind === "input") + 1;
  for (const [i, value] of values.entries()) {
    const path = `values.${i}`;
    if (i < inputCount && value.kind !== "input") {
      yield issue(path, `Found a ${value.kind} before an input`);
    }
    yield* valueIssues(value, i, path);
  }
  for (const [i, place] of outputs.entries()) {
    if (place >= values.length) {
      yield issue(`outputs.${i}`, `Found ${place}, wanted a value's place`);
    }
  }
}

function* valueIssues(
  value: TraceValue,
  i: number,
  path: string,
): Generator<Issue> {
  if (value.kind === "call") {
    for (const input of value.inputs) {
      if (typeof input === "number" && input >= i) {
        yield issue(path, `Found input ${input}, wanted an earlier place`);
      }
    }
  }
  if (value.kind === "constant" || value.kind === "data") {
    const { dtype } = value;
    // A number beside tensors of a half type is exact: what is made of it is rounded.
    const held = value.kind === "constant" && isHalfDType(dtype)
      ? "float32"
      : dtype;
    const numbers = value.kind === "data" ? value.elements : [value.value];
    const odd = numbers.find((number) => !fits(Number(number), held));
    if (odd !== undefined) {
      yield issue(path, `Found ${odd} in a tensor of dtype "${value.dtype}"`);
    }
  }
  if (
    value.kind === "data" && value.elements.length !== sizeOf(value.shape)
  ) {
    yield issue(
      path,
      `Found ${value.elements.length} elements for shape [${value.shape}]`,
    );
  }
}

/** Whether an element of a dtype can be a number. */
function fits(value: number, dtype: DType): boolean {
  switch (dtype) {
    case "float32":
      return true;
    case "float16":
    case "bfloat16":
      return Object.is(value, roundHalf(value, dtype));
    case "int32":
      return value === (value | 0);
    case "int8":
      return value === value << 24 >> 24;
    case "bool":
      return value === 0 || value === 1;
    default:
      return dtype satisfies never;
  }
}

function issue(path: string, message: string): Issue {
  return { code: "TRACE_REFERENCE", path, message };
}
