import {
  gaussianNoiseDefinition,
  randomFlipDefinition,
  randomShiftDefinition,
} from "../data/augment.ts";
import { INITIALIZER_DEFINITIONS } from "../initializers/definitions.ts";
import { adaptiveAvgPool2dDefinition } from "../layers/adaptive_avg_pool2d.ts";
import { avgPool2dDefinition } from "../layers/avg_pool2d.ts";
import {
  batchNorm1dDefinition,
  batchNorm2dDefinition,
} from "../layers/batch_norm.ts";
import { conv1dDefinition } from "../layers/conv1d.ts";
import { conv2dDefinition } from "../layers/conv2d.ts";
import { conv3dDefinition } from "../layers/conv3d.ts";
import { convTranspose2dDefinition } from "../layers/conv_transpose2d.ts";
import { dropoutDefinition } from "../layers/dropout.ts";
import { embeddingDefinition } from "../layers/embedding.ts";
import { flattenDefinition } from "../layers/flatten.ts";
import { geluDefinition } from "../layers/gelu.ts";
import { groupNormDefinition } from "../layers/group_norm.ts";
import { gruDefinition } from "../layers/gru.ts";
import { instanceNormDefinition } from "../layers/instance_norm.ts";
import { layerNormDefinition } from "../layers/layer_norm.ts";
import { linearDefinition } from "../layers/linear.ts";
import { loraLinearDefinition } from "../layers/lora_linear.ts";
import { lstmDefinition } from "../layers/lstm.ts";
import { maxPool2dDefinition } from "../layers/max_pool2d.ts";
import { multiheadAttentionDefinition } from "../layers/multihead_attention.ts";
import { reluDefinition } from "../layers/relu.ts";
import { rmsNormDefinition } from "../layers/rms_norm.ts";
import { separableConv2dDefinition } from "../layers/separable_conv2d.ts";
import { sigmoidDefinition } from "../layers/sigmoid.ts";
import { siluDefinition } from "../layers/silu.ts";
import { sinusoidalPositionsDefinition } from "../layers/sinusoidal_positions.ts";
import { softmaxDefinition } from "../layers/softmax.ts";
import { tanhDefinition } from "../layers/tanh.ts";
import { transformerDecoderLayerDefinition } from "../layers/transformer_decoder_layer.ts";
import { transformerEncoderLayerDefinition } from "../layers/transformer_encoder_layer.ts";
import { unflattenDefinition } from "../layers/unflatten.ts";
import {
  accuracyDefinition,
  confusionMatrixDefinition,
  f1ScoreDefinition,
  meanAbsoluteErrorDefinition,
  perplexityDefinition,
  rootMeanSquaredErrorDefinition,
  topKAccuracyDefinition,
} from "../metrics/metric_definitions.ts";
import { binaryCrossEntropyWithLogitsDefinition } from "../losses/binary_cross_entropy.ts";
import { crossEntropyDefinition } from "../losses/cross_entropy.ts";
import { ctcDefinition } from "../losses/ctc.ts";
import { focalDefinition } from "../losses/focal.ts";
import { huberDefinition } from "../losses/huber.ts";
import { infoNceDefinition } from "../losses/info_nce.ts";
import { klDivergenceDefinition } from "../losses/kl_divergence.ts";
import { maeDefinition } from "../losses/mae.ts";
import { mseDefinition } from "../losses/mse.ts";
import { tripletDefinition } from "../losses/triplet.ts";
import { accumulateGradientsDefinition } from "../optimizers/accumulate_gradients.ts";
import { adamDefinition } from "../optimizers/adam.ts";
import { adamWDefinition } from "../optimizers/adam_w.ts";
import { averageWeightsDefinition } from "../optimizers/average_weights.ts";
import { clipGradientsDefinition } from "../optimizers/clip_gradients.ts";
import { lionDefinition } from "../optimizers/lion.ts";
import { muonDefinition } from "../optimizers/muon.ts";
import { rmsPropDefinition } from "../optimizers/rms_prop.ts";
import { sgdDefinition } from "../optimizers/sgd.ts";
import { constantDefinition } from "../schedules/constant.ts";
import { cosineDefinition } from "../schedules/cosine.ts";
import { linearWarmupDefinition } from "../schedules/linear_warmup.ts";
import { oneCycleDefinition } from "../schedules/one_cycle.ts";
import { stepDefinition } from "../schedules/step.ts";
import { earlyStoppingDefinition } from "../train/early_stopping.ts";
import { ZSPACE_MODULES } from "../zspace/definitions.ts";
import { sequencerDefinition } from "../zspace/sequencer/definition.ts";
import type { ModuleDefinition } from "./definition.ts";

/** Every module type that comes with the library. A list: importing it registers nothing. */
export const BUILTIN_MODULES: readonly ModuleDefinition[] = [
  accumulateGradientsDefinition,
  accuracyDefinition,
  adamDefinition,
  adamWDefinition,
  adaptiveAvgPool2dDefinition,
  averageWeightsDefinition,
  avgPool2dDefinition,
  batchNorm1dDefinition,
  batchNorm2dDefinition,
  binaryCrossEntropyWithLogitsDefinition,
  clipGradientsDefinition,
  confusionMatrixDefinition,
  constantDefinition,
  conv1dDefinition,
  conv2dDefinition,
  conv3dDefinition,
  convTranspose2dDefinition,
  cosineDefinition,
  crossEntropyDefinition,
  ctcDefinition,
  dropoutDefinition,
  earlyStoppingDefinition,
  embeddingDefinition,
  f1ScoreDefinition,
  flattenDefinition,
  focalDefinition,
  gaussianNoiseDefinition,
  geluDefinition,
  groupNormDefinition,
  gruDefinition,
  huberDefinition,
  infoNceDefinition,
  instanceNormDefinition,
  klDivergenceDefinition,
  layerNormDefinition,
  linearDefinition,
  linearWarmupDefinition,
  lionDefinition,
  loraLinearDefinition,
  lstmDefinition,
  maeDefinition,
  maxPool2dDefinition,
  meanAbsoluteErrorDefinition,
  mseDefinition,
  multiheadAttentionDefinition,
  muonDefinition,
  oneCycleDefinition,
  perplexityDefinition,
  randomFlipDefinition,
  randomShiftDefinition,
  reluDefinition,
  rmsNormDefinition,
  rmsPropDefinition,
  rootMeanSquaredErrorDefinition,
  separableConv2dDefinition,
  sequencerDefinition,
  sgdDefinition,
  sigmoidDefinition,
  siluDefinition,
  sinusoidalPositionsDefinition,
  softmaxDefinition,
  stepDefinition,
  tanhDefinition,
  topKAccuracyDefinition,
  transformerDecoderLayerDefinition,
  transformerEncoderLayerDefinition,
  tripletDefinition,
  unflattenDefinition,
  ...INITIALIZER_DEFINITIONS,
  ...ZSPACE_MODULES,
];
