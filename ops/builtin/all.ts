import type { Operator } from "../graph/node.ts";
import { ARG_REDUCE_OPERATORS } from "./arg_reduce.ts";
import { BINARY_OPERATORS } from "./binary.ts";
import { castOperator } from "./cast.ts";
import { expandOperator } from "./expand.ts";
import { gatherOperator } from "./gather.ts";
import { geluOperator } from "./gelu.ts";
import { iotaOperator } from "./iota.ts";
import { layerNormOperator } from "./layer_norm.ts";
import { logSoftmaxOperator } from "./log_softmax.ts";
import { matmulOperator } from "./matmul.ts";
import { meanOperator } from "./mean.ts";
import { permuteOperator } from "./permute.ts";
import { randomOperator } from "./random.ts";
import { REDUCE_OPERATORS } from "./reduce.ts";
import { reluOperator } from "./relu.ts";
import { reshapeOperator } from "./reshape.ts";
import { scatterAddOperator } from "./scatter_add.ts";
import { siluOperator } from "./silu.ts";
import { softmaxOperator } from "./softmax.ts";
import { takeOperator } from "./take.ts";
import { UNARY_OPERATORS } from "./unary.ts";
import { varianceOperator } from "./variance.ts";
import { whereOperator } from "./where.ts";

/** Every operator that comes with the library, by name. A list: importing it registers nothing. */
export const BUILTIN_OPERATORS: ReadonlyMap<string, Operator> = new Map(
  [
    ...Object.values(ARG_REDUCE_OPERATORS),
    ...Object.values(BINARY_OPERATORS),
    castOperator,
    expandOperator,
    gatherOperator,
    geluOperator,
    iotaOperator,
    layerNormOperator,
    logSoftmaxOperator,
    matmulOperator,
    meanOperator,
    permuteOperator,
    randomOperator,
    ...Object.values(REDUCE_OPERATORS),
    reluOperator,
    reshapeOperator,
    scatterAddOperator,
    siluOperator,
    softmaxOperator,
    takeOperator,
    ...Object.values(UNARY_OPERATORS),
    varianceOperator,
    whereOperator,
  ].map((operator: Operator) => [operator.name, operator]),
);
