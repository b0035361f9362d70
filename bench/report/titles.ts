import { PEERS } from "../contestants/names.ts";
import type { ContestantName } from "../results.ts";

/** How tables and curves call who was measured, in their order. */
export const TITLES: Readonly<Record<ContestantName, string>> = {
  ours: "SpiralTorch",
  alone: "SpiralTorch, 1 thread",
  tfjs: PEERS.tfjs.title,
  ort: PEERS.ort.title,
  jax: PEERS.jax.title,
  litert: PEERS.litert.title,
  ceiling: "ceiling",
};

/** Those who may take part in a run, in the order of the columns. */
export const NAMES: readonly ContestantName[] = Object.keys(
  TITLES,
) as ContestantName[];
