import {
  dtypeMismatch,
  invalidOption,
  shapeMismatch,
} from "../../core/base/mod.ts";
import {
  arange,
  concat,
  full,
  optionsOf,
  stack,
  type Tensor,
} from "../../ops/mod.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import {
  type Loss,
  LOSS_CONFIG_SCHEMA,
  type LossConfig,
  type LossOptions,
} from "./loss.ts";
import { reduceLosses } from "./reduce_losses.ts";

/** Options of {@linkcode ctc}. */
export interface CtcOptions extends LossOptions {
  /**
   * Number of the class that stands for no label.
   *
   * @default {0}
   */
  readonly blank?: number;
}

/** Settings of {@linkcode ctc} in a config. */
export interface CtcConfig extends LossConfig {
  /** Number of the class that stands for no label. */
  readonly blank: number;
}

/** The logarithm of what cannot be. Not infinite, so that differences of two of them are numbers. */
const IMPOSSIBLE = -1e30;

/**
 * Connectionist temporal classification: minus the logarithm of how likely a sequence of labels is, by
 * whichever way it is spread over time.
 *
 * **Shapes**: `logits [batch, time, classes], targets [batch, labels] -> scalar`; `[batch]` without
 * reduction. Negative numbers after the labels of a shorter sequence are no labels.
 *
 * **Numerics**: sums of probabilities are kept as logarithms. A sequence that does not fit into the time
 * gives about 1e30. As in PyTorch, `mean` divides each loss by its number of labels first.
 *
 * **Cost**: a graph of some ten operators for each step of time.
 *
 * **Source**: Graves et al., "Connectionist temporal classification" (2006), §4.1, in logarithms.
 *
 * @example A label that is certain
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { ctc } from "@spiraltorch/spiraltorch/nn";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const logits = tensor([[[0, 50], [50, 0]]]);
 * const targets = tensor(Int32Array.of(1), { shape: [1, 1] });
 * assertAlmostEquals(await ctc(logits, targets).item(), 0, 1e-5);
 * ```
 *
 * @param logits Scores before softmax, `[batch, time, classes]`.
 * @param targets Numbers of labels, `int32 [batch, labels]`.
 * @param options The class that stands for no label, and how losses become one number.
 * @returns The loss.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the shapes are others.
 * @throws {DTypeError} `DTYPE_MISMATCH` if the targets are not `int32`.
 * @throws {OptionError} `INVALID_OPTION` if there is no class `blank`.
 */
export function ctc(
  logits: Tensor,
  targets: Tensor,
  options?: CtcOptions,
): Tensor {
  const { blank = 0, reduction = "mean" } = optionsOf("ctc", options);
  assertInputs(logits, targets, blank);
  const [batch, time] = logits.shape as [number, number, number];
  const labels = targets.shape[1]!;
  const isLabel = targets.greaterOrEqual(0);
  const counts = isLabel.cast("float32").sum(1);
  const path = withBlanks(isLabel.where(targets, blank), blank);
  const states = 2 * labels + 1;
  const scores = logits.logSoftmax(-1)
    .gather(path.unsqueeze(1).expand([batch, time, states]), 2);
  const mayStart = arange(0, states).less(2);
  let likely = mayStart.where(scores.select(0, 1), IMPOSSIBLE);
  const maySkip = skips(path, blank);
  for (let t = 1; t < time; t++) {
    const ways = [
      likely,
      shifted(likely, 1),
      maySkip.where(shifted(likely, 2), IMPOSSIBLE),
    ];
    likely = stack(ways, 0).logSumExp(0).add(scores.select(t, 1));
  }
  // The way ends with the last label, or with the blank behind it.
  const behind = arange(0, states).sub(counts.mul(2).unsqueeze(1));
  const isEnd = behind.equal(0).or(behind.equal(-1));
  const losses = isEnd.where(likely, IMPOSSIBLE).logSumExp(-1).neg();
  return reduceLosses(
    reduction === "mean" ? losses.div(counts.maximum(1)) : losses,
    reduction,
  );
}

/** Labels with blanks before, between and behind them, `[batch, 2 labels + 1]`. */
function withBlanks(labels: Tensor, blank: number): Tensor {
  const [batch, count] = labels.shape as [number, number];
  const blanks = full([batch, count + 1], blank, { dtype: "int32" });
  const pairs = stack([blanks.slice([null, [0, count]]), labels], 2);
  return concat([
    pairs.reshape([batch, 2 * count]),
    blanks.slice([null, [count]]),
  ], 1);
}

/** Where a label may follow the one before it without a blank between them: where they differ. */
function skips(path: Tensor, blank: number): Tensor {
  const [batch, states] = path.shape as [number, number];
  const none = full([batch, Math.min(2, states)], blank, { dtype: "int32" });
  const before = concat([none, path], 1).slice([null, [0, states]]);
  return path.notEqual(blank).and(path.notEqual(before));
}

/** What is some places back; before the first place nothing can be. */
function shifted(likely: Tensor, places: number): Tensor {
  const [batch, states] = likely.shape as [number, number];
  const start = full([batch, places], IMPOSSIBLE);
  return concat([start, likely], 1).slice([null, [0, states]]);
}

function assertInputs(logits: Tensor, targets: Tensor, blank: number): void {
  assertTensor("ctc", logits, targets);
  const isAligned = logits.rank === 3 && targets.rank === 2 &&
    logits.shape[0] === targets.shape[0] && logits.shape[1]! > 0;
  if (!isAligned) {
    throw shapeMismatch("ctc", logits.shape, targets.shape, {
      rule: "they must be [batch, time, classes] and [batch, labels]",
    });
  }
  if (targets.dtype !== "int32") {
    throw dtypeMismatch("ctc targets", targets.dtype, ["int32"]);
  }
  const classes = logits.shape[2]!;
  if (Number.isInteger(blank) && blank >= 0 && blank < classes) return;
  throw invalidOption("ctc blank", blank, `a class from 0 below ${classes}`);
}

/** `ctc`: {@linkcode ctc} by name. */
export const ctcDefinition: ModuleDefinition<CtcConfig> = {
  type: "ctc",
  displayName: "Connectionist temporal classification",
  description:
    "How unlikely a sequence of labels is, however spread over time.",
  category: "Loss",
  config: {
    type: "object",
    properties: {
      ...LOSS_CONFIG_SCHEMA["properties"] as object,
      blank: { type: "integer", minimum: 0, default: 0 },
    },
  },
  create({ blank, reduction }): Loss {
    return (prediction, target) =>
      ctc(prediction, target, { blank, reduction });
  },
};
