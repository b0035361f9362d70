/**
 * What the host announces as custom events, read from whatever they carry: a log may have been written by
 * anybody.
 *
 * @module
 */
import { z } from "zod";

/** Any number: zod's own knows neither infinity nor what is no number. */
const NUMBER = z.custom<number>((value) => typeof value === "number");
const MEASURES = z.object({
  loss: NUMBER,
  accuracy: NUMBER.optional(),
  metrics: z.record(z.string(), z.unknown()).optional(),
});
const STEP = z.object({
  step: z.number(),
  epoch: z.number(),
  loss: NUMBER,
  learningRate: NUMBER,
});
const EPOCH = MEASURES.extend({
  epoch: z.number(),
  epochs: z.number(),
  validation: MEASURES.optional(),
});
const END = z.object({ outcome: z.enum(["completed", "stopped", "aborted"]) });
const DECISION = z.object({
  pluginIds: z.array(z.string()),
  resource: z.string(),
  decision: z.enum(["granted", "refused"]),
  rule: z.string(),
});

/** A step, as far as it is shown. */
export interface Step {
  /** Which one it is, from 1. */
  readonly step: number;
  /** Which pass it belongs to. */
  readonly epoch: number;
  /** Loss of its batch. */
  readonly loss: number;
  /** Its learning rate. */
  readonly learningRate: number;
}

/** Means over some data. */
export interface Means {
  /** Mean loss. */
  readonly loss: number;
  /** Share of samples that were put into the right class, if there are classes. */
  readonly accuracy?: number | undefined;
  /** What metrics have measured, by name; not all of them are numbers. */
  readonly metrics?: Readonly<Record<string, unknown>> | undefined;
}

/** A pass, as far as it is shown. */
export interface Epoch extends Means {
  /** Which one it is, from 1. */
  readonly epoch: number;
  /** The last one there will be. */
  readonly epochs: number;
  /** Means over the validation data, if there is any. */
  readonly validation?: Means | undefined;
}

/** How training ended. */
export type Outcome = "completed" | "stopped" | "aborted";

/** A decision about what plugins may touch. */
export interface Decision {
  /** The plugins. */
  readonly pluginIds: readonly string[];
  /** What was asked for. */
  readonly resource: string;
  /** What was decided. */
  readonly decision: "granted" | "refused";
  /** The rule that decided it. */
  readonly rule: string;
}

/**
 * Reads what `TrainerStep` carries.
 *
 * @param data What it carries.
 * @returns The step; `undefined` if it is none.
 */
export function parseStep(data: unknown): Step | undefined {
  return STEP.safeParse(data).data;
}

/**
 * Reads what `TrainerEpoch` carries.
 *
 * @param data What it carries.
 * @returns The pass; `undefined` if it is none.
 */
export function parseEpoch(data: unknown): Epoch | undefined {
  return EPOCH.safeParse(data).data;
}

/**
 * Reads what `TrainerEnd` carries.
 *
 * @param data What it carries.
 * @returns How training ended; `undefined` if it does not say.
 */
export function parseOutcome(data: unknown): Outcome | undefined {
  return END.safeParse(data).data?.outcome;
}

/**
 * Reads what `core:permission` carries.
 *
 * @param data What it carries.
 * @returns The decision; `undefined` if it is none.
 */
export function parseDecision(data: unknown): Decision | undefined {
  return DECISION.safeParse(data).data;
}
