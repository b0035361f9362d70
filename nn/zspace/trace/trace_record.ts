/**
 * A stage as plain data, one line of JSON: what a recorder keeps, what the event bus carries, and what a
 * sandboxed plugin is told.
 *
 * @module
 */
import type { Json, JsonObject } from "../../../core/base/mod.ts";
// By file, not through ops/mod.ts: this also runs in a sandbox, where there are no backends.
import { Tensor } from "../../../ops/tensor.ts";
import { labelCoherence } from "../coherence/label.ts";
import { summarizeSimplex } from "../coherence/simplex.ts";
import type { CoherenceDiagnostics } from "../coherence/diagnostics.ts";
import type { ZSpaceSequencerStage } from "../sequencer/stage.ts";

/** What every line says it is. */
export const TRACE_SCHEMA = "spiraltorch.zspace_trace";

/** Version of what lines hold. */
export const TRACE_SCHEMA_VERSION = 2;

/** A tensor as plain data. Numbers that are not finite are the strings `NaN`, `Infinity`, `-Infinity`. */
export interface TraceTensor {
  /** Sizes per axis. */
  readonly shape: readonly number[];
  /** Elements, row by row, as many as are kept. */
  readonly values: readonly (number | string)[];
  /** How many there were. */
  readonly length: number;
  /** Whether some were left out. */
  readonly truncated: boolean;
}

/** Why a pass has not collapsed into one channel. */
export interface NoncollapseCard extends JsonObject {
  /** Share of the magnitude that the dominant channel holds. */
  readonly "energy_ratio": number;
  /** Entropy of the weights, in nats. */
  readonly entropy: number;
  /** How many channels there would be if they were all alike. */
  readonly "effective_channels": number;
  /** How far weight leans to the first channels. */
  readonly "z_bias": number;
  /** The channel of the largest weight. */
  readonly "dominant_channel": number;
  /** How many channels have any weight. */
  readonly preserved: number;
  /** The pass in a word. */
  readonly label: string;
  /** Whether a discard left nothing. */
  readonly fallback: boolean;
}

/** One stage as plain data. Names inside are in snake case. */
export interface TraceRecord {
  /** What it is. */
  readonly schema: typeof TRACE_SCHEMA;
  /** Version of what it holds. */
  readonly "schema_version": typeof TRACE_SCHEMA_VERSION;
  /** Which stage, `aggregated`. */
  readonly kind: string;
  /** How many stages the sequencer had told by then. */
  readonly step: number;
  /** Name of the sequencer. */
  readonly sequencer?: string;
  /** Why the pass has not collapsed; with `aggregated`. */
  readonly noncollapse?: JsonObject;
  /** What happened. */
  readonly payload: JsonObject;
}

/**
 * Writes a stage as plain data.
 *
 * @param stage The stage.
 * @param options How many elements of a tensor are kept.
 * @returns The record; nothing in it belongs to anybody else.
 */
export async function recordStage(
  stage: ZSpaceSequencerStage,
  { maxVectorLength }: { readonly maxVectorLength: number },
): Promise<TraceRecord> {
  const { kind, step, sequencer } = stage;
  const payload = await payloadOf(stage);
  const plain = await toPlain(payload, maxVectorLength) as JsonObject;
  const diagnostics = kind === "Aggregated" ? stage.diagnostics : undefined;
  return {
    schema: TRACE_SCHEMA,
    "schema_version": TRACE_SCHEMA_VERSION,
    kind: snakeCase(kind),
    step,
    sequencer,
    ...diagnostics && { noncollapse: noncollapseOf(diagnostics) },
    payload: { step, ...plain },
  };
}

/**
 * A name in snake case.
 *
 * @param name A name in camel or Pascal case.
 * @returns The name, `pre_discard_applied`.
 */
export function snakeCase(name: string): string {
  return name.replace(
    /[A-Z]/g,
    (letter, at: number) => (at === 0 ? "" : "_") + letter.toLowerCase(),
  );
}

/** What a record says of a stage: for some kinds not all of it, or under other names. */
async function payloadOf(stage: ZSpaceSequencerStage): Promise<object> {
  const { kind, step: _, sequencer: __, ...payload } = stage;
  switch (kind) {
    case "CoherenceMeasured": {
      const { zSpace, coherence } = stage;
      return { coherence, energyTotal: energyOf(await zSpace.data()) };
    }
    case "PreDiscardApplied": {
      const { original, filtered, survivors, discarded, telemetry } = stage;
      return {
        coherenceBefore: original,
        coherence: filtered,
        survivors,
        discarded,
        telemetry,
      };
    }
    default:
      return payload;
  }
}

function energyOf(elements: ArrayLike<number>): number {
  let energy = 0;
  for (let i = 0; i < elements.length; i++) energy += elements[i]! ** 2;
  return energy;
}

async function toPlain(value: unknown, limit: number): Promise<Json> {
  if (value instanceof Tensor) return await plainTensor(value, limit);
  if (typeof value === "number") return plainNumber(value);
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (Array.isArray(value)) {
    return await Promise.all(value.map((item) => toPlain(item, limit)));
  }
  if (typeof value !== "object" || value === null) return null;
  const plain: Record<string, Json> = {};
  for (const [name, part] of Object.entries(value)) {
    if (part !== undefined) plain[snakeCase(name)] = await toPlain(part, limit);
  }
  return plain;
}

async function plainTensor(x: Tensor, limit: number): Promise<JsonObject> {
  const elements = await x.data();
  return {
    shape: [...x.shape],
    values: Array.from(elements.subarray(0, limit), plainNumber),
    length: elements.length,
    truncated: elements.length > limit,
  };
}

function plainNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function noncollapseOf(diagnostics: CoherenceDiagnostics): NoncollapseCard {
  const { normalizedWeights, preDiscard } = diagnostics;
  return {
    "energy_ratio": diagnostics.energyRatio,
    entropy: diagnostics.entropy,
    "effective_channels": summarizeSimplex(normalizedWeights).effectiveChannels,
    "z_bias": diagnostics.zBias,
    "dominant_channel": diagnostics.dominantChannel,
    preserved: diagnostics.preserved,
    label: labelCoherence(diagnostics).label,
    fallback: preDiscard?.fallback ?? false,
  };
}
