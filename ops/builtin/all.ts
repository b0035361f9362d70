import type { Operator } from "../graph/node.ts";
import { ACTIVATION_OPERATORS } from "./activations.ts";
import { adaptiveAvgPoolOperator } from "./adaptive_avg_pool.ts";
import { afterOperator } from "./after.ts";
import { ARG_REDUCE_OPERATORS } from "./arg_reduce.ts";
import { assembleOperator } from "./assemble.ts";
import { attentionOperator } from "./attention.ts";
import { attentionGradientsOperator } from "./attention_gradients.ts";
import { attentionLogSumExpOperator } from "./attention_log_sum_exp.ts";
import { avgPoolOperator } from "./avg_pool.ts";
import { BINARY_OPERATORS } from "./binary.ts";
import { BIT_OPERATORS } from "./bits.ts";
import { castOperator } from "./cast.ts";
import { concatOperator, stackOperator } from "./concat.ts";
import { CONV_OPERATORS } from "./conv.ts";
import { convTranspose2dOperator } from "./conv_transpose.ts";
import { convolutionOperator } from "./convolution.ts";
import { DIAGONAL_OPERATORS } from "./diagonals.ts";
import { einsumOperator } from "./einsum.ts";
import { expandOperator } from "./expand.ts";
import { fftOperator } from "./fft.ts";
import { flipOperator } from "./flip.ts";
import { GAMMA_OPERATORS } from "./gamma.ts";
import { gatherOperator } from "./gather.ts";
import { geluOperator } from "./gelu.ts";
import { guardFiniteOperator } from "./guard_finite.ts";
import { IMAGE_OPERATORS } from "./images.ts";
import { INDEXING_OPERATORS } from "./indexing.ts";
import { iotaOperator } from "./iota.ts";
import { kronOperator } from "./kron.ts";
import { layerNormOperator } from "./layer_norm.ts";
import { logSoftmaxOperator } from "./log_softmax.ts";
import { MATH_OPERATORS } from "./math.ts";
import { LOGIC_OPERATORS } from "./logic.ts";
import { matmulOperator } from "./matmul.ts";
import { maxPoolGradientOperator } from "./max_pool_gradient.ts";
import { maxPoolOperator } from "./max_pool.ts";
import { meanOperator } from "./mean.ts";
import { NORMALIZE_OPERATORS } from "./normalize.ts";
import { padOperator } from "./pad.ts";
import { oneHotOperator } from "./one_hot.ts";
import { PAIR_OPERATORS } from "./pairs.ts";
import { permuteOperator } from "./permute.ts";
import { quantizedMatmulOperator } from "./quantized_matmul.ts";
import { randomDrawOperator, randomOperator } from "./random.ts";
import { REARRANGE_OPERATORS } from "./rearrange.ts";
import { irfftOperator, rfftOperator } from "./real_fft.ts";
import { REDUCE_OPERATORS } from "./reduce.ts";
import { reluOperator } from "./relu.ts";
import { reshapeOperator } from "./reshape.ts";
import { SCAN_OPERATORS } from "./scan.ts";
import { scaledDotProductAttentionOperator } from "./scaled_dot_product_attention.ts";
import { SCATTER_OPERATORS } from "./scatter.ts";
import { scatterAddOperator } from "./scatter_add.ts";
import { selectOperator } from "./select.ts";
import { siluOperator } from "./silu.ts";
import { sliceOperator } from "./slice.ts";
import { softmaxOperator } from "./softmax.ts";
import { squeezeOperator, unsqueezeOperator } from "./squeeze.ts";
import { argsortOperator, argTopKOperator, sortOperator } from "./sort.ts";
import { STATISTIC_OPERATORS } from "./statistics.ts";
import { stopGradientOperator } from "./stop_gradient.ts";
import { takeOperator } from "./take.ts";
import { dotOperator, tensordotOperator } from "./tensordot.ts";
import { choleskyOperator } from "./cholesky.ts";
import { eighOperator } from "./eigh.ts";
import { luOperator } from "./lu.ts";
import { matrixPowerOperator } from "./matrix_power.ts";
import { pseudoInverseOperator } from "./pseudo_inverse.ts";
import { qrOperator } from "./qr.ts";
import {
  determinantOperator,
  inverseOperator,
  solveOperator,
} from "./solve.ts";
import { svdOperator } from "./svd.ts";
import { triangularSolveOperator } from "./triangular_solve.ts";
import { UNARY_OPERATORS } from "./unary.ts";
import { varianceOperator } from "./variance.ts";
import { whereOperator } from "./where.ts";
import { windowsOperator } from "./windows.ts";

/** Every operator that comes with the library, by name. A list: importing it registers nothing. */
export const BUILTIN_OPERATORS: ReadonlyMap<string, Operator> = new Map(
  [
    ...Object.values(ACTIVATION_OPERATORS),
    adaptiveAvgPoolOperator,
    afterOperator,
    ...Object.values(ARG_REDUCE_OPERATORS),
    assembleOperator,
    argTopKOperator,
    argsortOperator,
    attentionOperator,
    attentionGradientsOperator,
    attentionLogSumExpOperator,
    avgPoolOperator,
    ...Object.values(BINARY_OPERATORS),
    ...Object.values(BIT_OPERATORS),
    castOperator,
    concatOperator,
    ...Object.values(CONV_OPERATORS),
    convTranspose2dOperator,
    convolutionOperator,
    ...Object.values(DIAGONAL_OPERATORS),
    dotOperator,
    einsumOperator,
    expandOperator,
    fftOperator,
    flipOperator,
    irfftOperator,
    rfftOperator,
    ...Object.values(GAMMA_OPERATORS),
    gatherOperator,
    geluOperator,
    guardFiniteOperator,
    ...Object.values(IMAGE_OPERATORS),
    ...Object.values(INDEXING_OPERATORS),
    iotaOperator,
    kronOperator,
    layerNormOperator,
    ...Object.values(LOGIC_OPERATORS),
    logSoftmaxOperator,
    ...Object.values(MATH_OPERATORS),
    matmulOperator,
    maxPoolGradientOperator,
    maxPoolOperator,
    meanOperator,
    ...Object.values(NORMALIZE_OPERATORS),
    padOperator,
    ...Object.values(PAIR_OPERATORS),
    oneHotOperator,
    permuteOperator,
    quantizedMatmulOperator,
    randomDrawOperator,
    randomOperator,
    ...Object.values(REARRANGE_OPERATORS),
    ...Object.values(REDUCE_OPERATORS),
    reluOperator,
    reshapeOperator,
    ...Object.values(SCAN_OPERATORS),
    scaledDotProductAttentionOperator,
    ...Object.values(SCATTER_OPERATORS),
    scatterAddOperator,
    selectOperator,
    siluOperator,
    sliceOperator,
    softmaxOperator,
    squeezeOperator,
    stackOperator,
    sortOperator,
    ...Object.values(STATISTIC_OPERATORS),
    stopGradientOperator,
    takeOperator,
    tensordotOperator,
    choleskyOperator,
    eighOperator,
    luOperator,
    matrixPowerOperator,
    pseudoInverseOperator,
    qrOperator,
    determinantOperator,
    inverseOperator,
    solveOperator,
    svdOperator,
    triangularSolveOperator,
    ...Object.values(UNARY_OPERATORS),
    unsqueezeOperator,
    varianceOperator,
    whereOperator,
    windowsOperator,
  ].map((operator: Operator) => [operator.name, operator]),
);
