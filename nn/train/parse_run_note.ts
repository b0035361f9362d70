import { z } from "zod";
import { formatIssues, type JsonObject } from "../../core/base/mod.ts";
import { checkpointInvalid } from "../errors.ts";
import type { MetricValue } from "../metrics/metric.ts";
import type { RunState } from "./run_state.ts";

/** A number as a checkpoint writes it. */
const real = z.union([
  z.number(),
  z.enum(["NaN", "Infinity", "-Infinity"]).transform(Number),
]);
const count = z.int().nonnegative();

const measured: z.ZodType<MetricValue> = z.lazy(() =>
  z.union([real, z.array(measured)])
);

const measures = {
  loss: real,
  accuracy: real.nullable().transform(orUndefined),
  metrics: z.record(z.string(), measured).exactOptional(),
};

const report = z.strictObject({
  epoch: count,
  ...measures,
  validation: z.strictObject(measures).nullable().transform(orUndefined),
  durationMs: real,
});

const pass = z.strictObject({
  batch: count,
  sums: z.strictObject({
    loss: real,
    correct: real.nullable().transform(orUndefined),
    samples: count,
    metrics: z.record(
      z.string(),
      z.strictObject({ shape: z.array(count), values: z.array(real) }),
    ).exactOptional(),
  }),
});

const runNote = z.strictObject({
  epochs: count,
  steps: count,
  call: z.strictObject({
    epochsBefore: count,
    reports: z.array(report),
    isStopped: z.boolean(),
  }),
  pass: pass.nullable().transform(orUndefined),
  callbacks: z.record(z.string(), z.record(z.string(), z.json())),
});

/** Where training stands, as a checkpoint notes it. */
export interface RunNote extends Omit<RunState, "callbacks"> {
  /** The values of callbacks by their names. */
  readonly callbacks: Readonly<Record<string, JsonObject>>;
}

/**
 * Reads the note in which a checkpoint says where training stands.
 *
 * @param text The note.
 * @returns What it says.
 * @throws {NnError} `CHECKPOINT_INVALID` if it is malformed.
 */
export function parseRunNote(text: string): RunNote {
  const read = runNote.safeParse(parseJson(text));
  if (!read.success) {
    const issues = read.error.issues.map(({ code, path, message }) => ({
      code,
      path: path.join("."),
      message,
    }));
    throw checkpointInvalid(
      `found a note that is not as it was written: ${formatIssues(issues)}`,
    );
  }
  return read.data;
}

/** JSON has no `undefined`. */
function orUndefined<T>(value: T | null): T | undefined {
  return value ?? undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw checkpointInvalid("found a note that is no JSON", { cause });
  }
}
