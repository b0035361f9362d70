/**
 * Kernels and graph of a training as events, so that whoever hears the bus, a log too, can show them. One
 * event of a log holds 64 KiB at most; they are one text of JSON in parts.
 *
 * @module
 */
import { z } from "zod";
import type { EventInput } from "../../../core/mod.ts";
import type { GraphView, KernelsView } from "../page/wire.ts";

/** What a training is made of, for the pages that show it. */
export interface ModelViews {
  /** Its kernels. */
  readonly kernels?: KernelsView;
  /** Its graph. */
  readonly graph?: GraphView;
}

/** Type of the events that carry kernels and graph. */
export const MODEL_EVENT_TYPE = "TrainerModel";

/** Length of a part in UTF-16 units, each of which takes a log five bytes at most. */
const PART_LENGTH = 12_000;
/** More parts are nobody's training. */
const PARTS_MAX = 1000;

const COUNT = z.number().nonnegative();
const PART = z.object({
  part: z.int().min(1),
  parts: z.int().min(1).max(PARTS_MAX),
  text: z.string().max(PART_LENGTH),
}).refine(({ part, parts }) => part <= parts);
const VIEWS = z.object({
  kernels: z.object({
    what: z.string(),
    backend: z.string(),
    kernels: z.array(z.object({
      text: z.string(),
      timeMs: COUNT,
      flops: COUNT,
      bytesRead: COUNT,
      bytesWritten: COUNT,
    })),
    parameterBytes: COUNT,
    temporaryBytes: COUNT,
  }),
  graph: z.object({
    width: COUNT,
    height: COUNT,
    boxes: z.array(z.object({
      label: z.string(),
      detail: z.string(),
      kind: z.enum(["call", "given", "result"]),
      x: z.number(),
      y: z.number(),
      width: COUNT,
      height: COUNT,
    })),
    arrows: z.array(z.object({
      from: z.int(),
      to: z.int(),
      path: z.string().regex(/^[MC\d. e-]*$/),
    })),
  }),
}).partial();

/**
 * Writes kernels and graph as events.
 *
 * @param views What is shown of a training.
 * @returns The events, to be published in this order.
 */
export function modelEvents(views: ModelViews): EventInput[] {
  const text = JSON.stringify(views);
  const parts = Math.ceil(text.length / PART_LENGTH);
  return Array.from({ length: parts }, (_, i) => ({
    kind: "Custom",
    eventType: MODEL_EVENT_TYPE,
    data: {
      part: i + 1,
      parts,
      text: text.slice(i * PART_LENGTH, (i + 1) * PART_LENGTH),
    },
  }));
}

/** Puts together what {@linkcode modelEvents} took apart. */
export class ModelParts {
  #texts: string[] = [];

  /**
   * Takes a part.
   *
   * @param data What its event carries.
   * @returns Kernels and graph, if it was the last part; `undefined` if more are to come, or if it does
   * not belong to those before.
   */
  take(data: unknown): ModelViews | undefined {
    const found = PART.safeParse(data).data;
    if (!found) return undefined;
    const { part, parts, text } = found;
    if (part === 1) this.#texts = [];
    if (part !== this.#texts.length + 1) return undefined;
    this.#texts.push(text);
    if (part < parts) return undefined;
    const whole = this.#texts.join("");
    this.#texts = [];
    return parseViews(whole);
  }
}

function parseViews(text: string): ModelViews | undefined {
  let views: unknown;
  try {
    views = JSON.parse(text);
  } catch {
    return undefined; // written by somebody else
  }
  return VIEWS.safeParse(views).data as ModelViews | undefined;
}
