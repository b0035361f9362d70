/**
 * What a run found, as it is written to JSON.
 *
 * @module
 */
import type { PeerName } from "./contestants/names.ts";
import type { Machine } from "./machine.ts";
import { median } from "../runtime/cli/bench/statistics.ts";
import type { Goal, Work, Workload } from "./workload.ts";

/**
 * Who is measured: this library, a peer, or the machine itself; `alone` is this library with one
 * thread, where it is measured with several.
 */
export type ContestantName = PeerName | "alone" | "ceiling" | "ours";

/** How one contestant did. */
export interface Figures {
  /** Duration of a dispatch. */
  readonly medianMs: number;
  readonly minMs: number;
  readonly samples: number;
  /** The median in the unit of the row. */
  readonly value: number;
  /** Largest difference from the oracle, relative to its largest element; not of processes. */
  readonly error?: number;
}

/** What more than one thread makes of a row. */
export interface Scaling {
  /** How many times as fast as with one thread it is. */
  readonly speedup: number;
  /**
   * How many times as fast it could be: as many times as much as the machine computes or, if that is
   * less, until it moves no more memory.
   */
  readonly limit: number;
}

/** How many times as much all threads of the machine do as one. */
export interface Capacities {
  readonly flops: number;
  /** Of moving what a row moves. */
  readonly bytes?: number;
}

/**
 * Whether a row is as many times as fast as its peers as its goal says. `atCeiling` is a row that is
 * not, but moves memory as fast as the machine can; `unjudged` one whose peers did not take part.
 */
export type Verdict = "atCeiling" | "met" | "missed" | "unjudged";

/** Share of the ceiling from which nothing is left to gain, with what measuring leaves open. */
const CEILING_SHARE = 0.9;
/** Share of what threads could make of a row that they have to. */
const SCALING_SHARE = 0.9;

/** One row. */
export interface RowResult {
  readonly name: string;
  readonly unit: string;
  readonly figures: Readonly<Partial<Record<ContestantName, Figures>>>;
  /** Why somebody did not take part. */
  readonly absent: Readonly<Partial<Record<ContestantName, string>>>;
  /** How many times as fast as a peer this library is. */
  readonly over: Readonly<Partial<Record<PeerName, number>>>;
  /** Share of the ceiling that this library reaches. */
  readonly ofCeiling?: number;
  /** Where there are several threads. They are what is judged then. */
  readonly scaling?: Scaling;
  readonly goal?: Goal;
  readonly verdict: Verdict;
  readonly curve?: Workload["curve"];
}

/** A run. */
export interface Report {
  readonly date: string;
  readonly machine: Machine;
  /** The GPU, where one computes. */
  readonly adapter?: string;
  readonly threads: number;
  /** How many times as much these threads compute as one; only where there are several. */
  readonly capacity?: number;
  readonly quick: boolean;
  readonly isRelaxed: boolean;
  readonly versions: Readonly<Record<string, string>>;
  readonly rows: readonly RowResult[];
}

/**
 * Names the unit of a workload.
 *
 * @param work What limits it.
 * @returns The unit.
 */
export function unitOf(work: Work): string {
  switch (work.kind) {
    case "bytes":
      return "GB/s";
    case "flops":
      return "GFLOP/s";
    case "time":
      return work.unit;
    default:
      return work satisfies never;
  }
}

function valueOf(work: Work, ms: number): number {
  switch (work.kind) {
    case "bytes":
      return work.bytes / ms / 1e6;
    case "flops":
      return work.flops / ms / 1e6;
    case "time":
      return ms / work.parts * (work.unit === "µs" ? 1000 : 1);
    default:
      return work satisfies never;
  }
}

/**
 * Sums up the samples of a contestant.
 *
 * @param work What limits the workload.
 * @param samplesMs Durations of its samples.
 * @param options Dispatches in each sample, and how wrong the result was.
 * @returns The figures.
 */
export function figuresOf(
  work: Work,
  samplesMs: readonly number[],
  { repeats, error }: { readonly repeats: number; readonly error?: number },
): Figures {
  const medianMs = median(samplesMs) / repeats;
  return {
    medianMs,
    minMs: Math.min(...samplesMs) / repeats,
    samples: samplesMs.length,
    value: valueOf(work, medianMs),
    ...error !== undefined && { error },
  };
}

function verdictOf(
  { over, ofCeiling = 0 }: {
    readonly over: RowResult["over"];
    readonly ofCeiling: number | undefined;
  },
  goal: Goal | undefined,
): Verdict {
  const judged = Object.entries(goal?.over ?? {}).flatMap(([peer, wanted]) => {
    const found = over[peer as PeerName];
    return found === undefined ? [] : [found >= wanted];
  });
  if (judged.length === 0) return "unjudged";
  if (judged.every(Boolean)) return "met";
  return ofCeiling >= CEILING_SHARE ? "atCeiling" : "missed";
}

function scalingOf(
  { ours, alone, ceiling }: RowResult["figures"],
  capacities: Capacities | undefined,
): Scaling | undefined {
  if (!ours || !alone || !capacities) return undefined;
  const { flops, bytes } = capacities;
  const speedup = alone.medianMs / ours.medianMs;
  if (bytes === undefined || !ceiling) return { speedup, limit: flops };
  // One thread may leave memory idle, which several of them use.
  const idle = alone.medianMs / ceiling.medianMs;
  return { speedup, limit: Math.min(flops, bytes * idle) };
}

/**
 * Judges a row.
 *
 * @param workload What was measured.
 * @param figures How everybody did.
 * @param circumstances Why others did not, and what threads could do.
 * @returns The row.
 */
export function rowOf(
  { name, work, goal, curve }: Workload,
  figures: RowResult["figures"],
  { absent = {}, capacities }: {
    readonly absent?: RowResult["absent"];
    readonly capacities?: Capacities | undefined;
  } = {},
): RowResult {
  const { ours, alone: _, ceiling, ...peers } = figures;
  const over: Partial<Record<PeerName, number>> = {};
  for (const [peer, { medianMs }] of Object.entries(peers)) {
    if (ours) over[peer as PeerName] = medianMs / ours.medianMs;
  }
  const ofCeiling = ours && ceiling && ceiling.medianMs / ours.medianMs;
  const scaling = scalingOf(figures, capacities);
  const judged = scaling ? undefined : goal;
  return {
    name,
    unit: unitOf(work),
    figures,
    absent,
    over,
    ...ofCeiling !== undefined && { ofCeiling },
    ...scaling && { scaling },
    ...judged && { goal: judged },
    verdict: scaling
      ? scaling.speedup >= SCALING_SHARE * scaling.limit ? "met" : "missed"
      : verdictOf({ over, ofCeiling }, judged),
    ...curve && { curve },
  };
}
