import { flattenDefinition } from "../layers/flatten.ts";
import { linearDefinition } from "../layers/linear.ts";
import { reluDefinition } from "../layers/relu.ts";
import { sigmoidDefinition } from "../layers/sigmoid.ts";
import { tanhDefinition } from "../layers/tanh.ts";
import { crossEntropyDefinition } from "../losses/cross_entropy.ts";
import { mseDefinition } from "../losses/mse.ts";
import { adamDefinition } from "../optimizers/adam.ts";
import { sgdDefinition } from "../optimizers/sgd.ts";
import { sequencerDefinition } from "../zspace/sequencer/definition.ts";
import type { ModuleDefinition } from "./definition.ts";

/** Every module type that comes with the library. A list: importing it registers nothing. */
export const BUILTIN_MODULES: readonly ModuleDefinition[] = [
  adamDefinition,
  crossEntropyDefinition,
  flattenDefinition,
  linearDefinition,
  mseDefinition,
  reluDefinition,
  sgdDefinition,
  sigmoidDefinition,
  tanhDefinition,
  sequencerDefinition,
];
