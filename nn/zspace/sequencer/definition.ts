import type { ModuleDefinition } from "../../discovery/definition.ts";
import { ZSpaceCoherenceSequencer } from "./sequencer.ts";
import type { SequencerConfig } from "./sequencer_options.ts";

const SHARE = { type: "number", minimum: 0, maximum: 1 } as const;

/** `zspace_coherence_sequencer`: {@linkcode ZSpaceCoherenceSequencer} by name. */
export const sequencerDefinition: ModuleDefinition<
  SequencerConfig & { readonly name?: string }
> = {
  type: "zspace_coherence_sequencer",
  displayName: "ZSpace coherence sequencer",
  description:
    "Bends rows into the ball, weighs bands of columns, and smooths each row along its columns.",
  category: "Encoder",
  config: {
    type: "object",
    properties: {
      dim: { type: "integer", minimum: 1, maximum: 2 ** 31 - 1 },
      heads: { type: "integer", minimum: 1, maximum: 2 ** 31 - 1 },
      curvature: { type: "number", exclusiveMaximum: 0, default: -1 },
      channels: { type: "integer", minimum: 1, maximum: 2 ** 31 - 1 },
      geometry: {
        type: "string",
        enum: ["exact", "classic"],
        default: "exact",
      },
      weights: {
        type: "string",
        enum: ["classic", "learned"],
        default: "classic",
      },
      pooling: { type: "string", enum: ["batch", "row"], default: "batch" },
      output: {
        type: "string",
        enum: ["raw", "ball", "euclidean"],
        default: "raw",
      },
      rescale: { type: "boolean", default: false },
      concept: { type: "string" },
      preDiscard: {
        type: "object",
        properties: {
          dominanceRatio: SHARE,
          energyFloor: { ...SHARE, default: 0 },
          minChannels: { type: "integer", minimum: 1, default: 1 },
          journalSize: { type: "integer", minimum: 1, default: 32 },
        },
        required: ["dominanceRatio"],
      },
      name: { type: "string", minLength: 1 },
    },
    required: ["dim", "heads"],
  },
  inferShape({ dim }, [x]) {
    return x!.at(-1) === dim ? [...x!] : { wanted: `[..., ${dim}]` };
  },
  create: (config) => new ZSpaceCoherenceSequencer(config),
};
