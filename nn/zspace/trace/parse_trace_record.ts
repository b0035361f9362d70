import { isPlainObject, type JsonObject } from "../../../core/base/mod.ts";
import { optionsOf } from "../../../ops/mod.ts";
import { traceInvalid } from "../errors.ts";
import { STAGE_KINDS, type StageKind } from "../sequencer/stage.ts";
import {
  snakeCase,
  TRACE_SCHEMA,
  TRACE_SCHEMA_VERSION,
  type TraceRecord,
} from "./trace_record.ts";

/** What a field of a payload must be. */
type FieldKind =
  | "tensor"
  | "object"
  | "list"
  | "string"
  | "count"
  | "number";

/** The fields that payloads must have. Others are kept as they are. */
const PAYLOADS: Readonly<
  Record<StageKind, Readonly<Record<string, FieldKind>>>
> = {
  Projected: {
    input: "tensor",
    projected: "tensor",
    curvature: "number",
    geometry: "string",
  },
  CoherenceMeasured: { coherence: "tensor", "energy_total": "number" },
  PreDiscardApplied: {
    "coherence_before": "tensor",
    coherence: "tensor",
    survivors: "list",
    discarded: "list",
    telemetry: "object",
  },
  Aggregated: {
    aggregated: "tensor",
    coherence: "tensor",
    diagnostics: "object",
  },
  BackendConfigured: { backend: "string" },
  LinguisticProfileRegistered: { profile: "object" },
  LinguisticProfilesCleared: { count: "count" },
  LinguisticContourEmitted: { coherence: "tensor", contour: "object" },
  ChannelsDescribed: { reports: "list" },
  SemanticWindowDerived: { window: "list", tokens: "count" },
  SemanticDistributionDerived: { distribution: "list" },
  CanonicalConceptSelected: { concept: "string", label: "string" },
  MaxwellBridgeEmitted: { pulse: "object", hint: "list" },
  SemanticWindowFused: { window: "list" },
  LanguageBridged: {
    window: "list",
    tokens: "count",
    distribution: "list",
    concept: "string",
    label: "string",
    pulse: "object",
    fused: "list",
  },
};

const FIELDS_BY_KIND: ReadonlyMap<
  string,
  Readonly<Record<string, FieldKind>>
> = new Map(STAGE_KINDS.map((kind) => [snakeCase(kind), PAYLOADS[kind]]));

const NOT_FINITE: readonly unknown[] = ["NaN", "Infinity", "-Infinity"];

/**
 * Reads one line of a trace. Fields that it does not know are kept.
 *
 * @example What is written is read
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseTraceRecord } from "@spiraltorch/spiraltorch/nn";
 *
 * const line = `{"schema":"spiraltorch.zspace_trace","schema_version":2,` +
 *   `"kind":"backend_configured","step":1,"payload":{"step":1,"backend":"wasm"}}`;
 * assertEquals(JSON.stringify(parseTraceRecord(line)), line);
 * ```
 *
 * @param text The line.
 * @param options Number of the line, for the error.
 * @returns The record.
 * @throws {ZSpaceError} `TRACE_INVALID` if it is no line of a trace of this version.
 */
export function parseTraceRecord(
  text: string,
  options?: { readonly line?: number },
): TraceRecord {
  const { line = 1 } = optionsOf("parseTraceRecord", options);
  function check(isFine: boolean, path: string, hint: string): void {
    if (!isFine) throw traceInvalid({ line, path, hint });
  }
  const record = readObject(text);
  check(record !== undefined, "", "a line must be a JSON object");
  const { schema, kind, step, sequencer, noncollapse, payload } = record!;
  check(schema === TRACE_SCHEMA, "schema", `wanted "${TRACE_SCHEMA}"`);
  check(
    record!["schema_version"] === TRACE_SCHEMA_VERSION,
    "schema_version",
    `wanted ${TRACE_SCHEMA_VERSION}; record the trace again`,
  );
  const fields = FIELDS_BY_KIND.get(String(kind));
  const kinds = [...FIELDS_BY_KIND.keys()].join(", ");
  check(fields !== undefined, "kind", `wanted one of ${kinds}`);
  check(isCount(step) && step !== 0, "step", "wanted a whole number from 1");
  check(
    sequencer === undefined || typeof sequencer === "string",
    "sequencer",
    "wanted a name",
  );
  check(
    noncollapse === undefined || isPlainObject(noncollapse),
    "noncollapse",
    "wanted an object",
  );
  check(isPlainObject(payload), "payload", "wanted an object");
  const content = payload as JsonObject;
  check(content["step"] === step, "payload.step", "wanted the same as step");
  for (const [name, field] of Object.entries(fields!)) {
    check(CHECKS[field](content[name]), `payload.${name}`, WANTED[field]);
  }
  return record as JsonObject & TraceRecord; // as checked above
}

const CHECKS: Readonly<Record<FieldKind, (value: unknown) => boolean>> = {
  tensor: isTensor,
  object: (value) => isPlainObject(value),
  list: (value) => Array.isArray(value),
  string: (value) => typeof value === "string",
  count: isCount,
  number: isTraceNumber,
};

const WANTED: Readonly<Record<FieldKind, string>> = {
  tensor: "wanted a tensor: shape, values, length, truncated",
  object: "wanted an object",
  list: "wanted a list",
  string: "wanted text",
  count: "wanted a whole number from 0",
  number: "wanted a number",
};

function isTensor(value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  const { shape, values, length, truncated } = value as JsonObject;
  if (!Array.isArray(shape) || !Array.isArray(values)) return false;
  const size = shape.reduce<number>(
    (product, size) => product * (isCount(size) ? size as number : NaN),
    1,
  );
  return size === length &&
    truncated === (values.length < size) && values.length <= size &&
    values.every(isTraceNumber);
}

function isTraceNumber(value: unknown): boolean {
  return typeof value === "number" || NOT_FINITE.includes(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function readObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isPlainObject(value) ? value as JsonObject : undefined;
  } catch {
    return undefined;
  }
}
