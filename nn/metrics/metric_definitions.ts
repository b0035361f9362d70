/**
 * Metrics by name, for the `metrics` of a description.
 *
 * @module
 */
import type { ModuleDefinition } from "../discovery/definition.ts";
import { COUNT_SCHEMA } from "../layers/convolution.ts";
import { mae } from "../losses/mae.ts";
import { mse } from "../losses/mse.ts";
import {
  accuracy,
  confusionMatrix,
  type F1Options,
  f1Score,
  meanCrossEntropy,
  topKAccuracy,
} from "./classification.ts";
import { meanMetric, type Metric } from "./metric.ts";

/** `accuracy`: the share of samples that are put into the right class, by name. */
export const accuracyDefinition: ModuleDefinition = {
  type: "accuracy",
  displayName: "Accuracy",
  description: "The share of samples whose highest score is the right class.",
  category: "Metric",
  create: () => meanMetric(accuracy),
};

/** Settings of `top_k_accuracy` in a config. */
export interface TopKConfig {
  /** How many of the highest scores count. */
  readonly k: number;
}

/** `top_k_accuracy`: the share of samples whose class is among the `k` likeliest, by name. */
export const topKAccuracyDefinition: ModuleDefinition<TopKConfig> = {
  type: "top_k_accuracy",
  displayName: "Top-k accuracy",
  description:
    "The share of samples whose class is among the k highest scores.",
  category: "Metric",
  config: {
    type: "object",
    properties: { k: { ...COUNT_SCHEMA, default: 5 } },
  },
  create: ({ k }) =>
    meanMetric((scores, targets) => topKAccuracy(scores, targets, { k })),
};

/** `confusion_matrix`: how often each class was taken for each other, by name. */
export const confusionMatrixDefinition: ModuleDefinition = {
  type: "confusion_matrix",
  displayName: "Confusion matrix",
  description:
    "How often each class, a row, was taken for each other, a column.",
  category: "Metric",
  create: (): Metric => ({
    measure: confusionMatrix,
    result: (counts) => counts,
  }),
};

/** `f1_score`: the harmonic mean of precision and recall, by name. */
export const f1ScoreDefinition: ModuleDefinition<F1Options> = {
  type: "f1_score",
  displayName: "F1 score",
  description: "The harmonic mean of precision and recall, of all samples.",
  category: "Metric",
  config: {
    type: "object",
    properties: {
      average: {
        type: "string",
        enum: ["macro", "micro", "none"],
        default: "macro",
      },
    },
  },
  create: (config): Metric => ({
    measure: confusionMatrix,
    result: (counts) => f1Score(counts, config),
  }),
};

/** `perplexity`: how many classes a model is torn between, by name. */
export const perplexityDefinition: ModuleDefinition = {
  type: "perplexity",
  displayName: "Perplexity",
  description:
    "How many classes a model is torn between: exp of the mean cross entropy.",
  category: "Metric",
  create: () =>
    meanMetric(meanCrossEntropy, { then: (entropy) => entropy.exp() }),
};

/** `mean_absolute_error`: how far numbers are off, by name. */
export const meanAbsoluteErrorDefinition: ModuleDefinition = {
  type: "mean_absolute_error",
  displayName: "Mean absolute error",
  description: "How far predicted numbers are off, on average.",
  category: "Metric",
  create: () => meanMetric(mae),
};

/** `root_mean_squared_error`: how far numbers are off, the farthest counting most, by name. */
export const rootMeanSquaredErrorDefinition: ModuleDefinition = {
  type: "root_mean_squared_error",
  displayName: "Root mean squared error",
  description:
    "How far predicted numbers are off, the farthest counting for most.",
  category: "Metric",
  create: () => meanMetric(mse, { then: (mean) => mean.sqrt() }),
};
