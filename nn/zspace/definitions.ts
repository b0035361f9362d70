import type { ModuleDefinition } from "../discovery/definition.ts";
import { coherenceScanDefinition } from "./layers/coherence_scan.ts";
import { hyperbolicEmbeddingDefinition } from "./layers/hyperbolic_embedding.ts";
import { hyperbolicLinearDefinition } from "./layers/hyperbolic_linear.ts";
import { hyperbolicMlrDefinition } from "./layers/hyperbolic_mlr.ts";
import { toposResonatorDefinition } from "./layers/topos_resonator.ts";
import { waveGateDefinition } from "./layers/wave_gate.ts";
import { zspaceLayerNormDefinition } from "./layers/zspace_layer_norm.ts";
import { zspaceMixerDefinition } from "./layers/zspace_mixer.ts";
import { projectorDefinition } from "./layers/zspace_projector.ts";
import { zspaceSoftmaxDefinition } from "./layers/zspace_softmax.ts";
import { riemannianAdamDefinition } from "./optimizers/riemannian_adam.ts";
import { riemannianSgdDefinition } from "./optimizers/riemannian_sgd.ts";
import { sequencerDefinition } from "./sequencer/definition.ts";

/** The module types of the ball. */
export const ZSPACE_MODULES: readonly ModuleDefinition[] = [
  coherenceScanDefinition,
  hyperbolicEmbeddingDefinition,
  hyperbolicLinearDefinition,
  hyperbolicMlrDefinition,
  projectorDefinition,
  riemannianAdamDefinition,
  riemannianSgdDefinition,
  sequencerDefinition,
  toposResonatorDefinition,
  waveGateDefinition,
  zspaceLayerNormDefinition,
  zspaceMixerDefinition,
  zspaceSoftmaxDefinition,
];
