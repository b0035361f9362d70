import {
  assertFunction,
  assertInstance,
  assertMethods,
  itemBytes,
  optionsOf,
} from "../../core/base/mod.ts";
import type { Backend } from "../../kernels/mod.ts";
import {
  type BatchSource,
  type Loss,
  Module,
  type Precision,
} from "../../nn/mod.ts";
import {
  gradients,
  mixedPrecision,
  profile,
  type Tensor,
} from "../../ops/mod.ts";
import { layoutGraph } from "./graph/layout_graph.ts";
import type { ModelViews } from "./feed/model_parts.ts";

/** Most boxes that a graph is drawn with: more say nothing to people. */
const BOXES_MAX = 1500;
/** How often each kernel is run to be measured. */
const RUNS = 3;

/** A training whose first step is described. */
export interface DescribedTraining {
  /** What is trained. */
  readonly model: Module;
  /** What is to become small. */
  readonly loss: Loss;
  /** What it is trained on. */
  readonly data: BatchSource;
  /** What computes. */
  readonly backend: Backend;
  /**
   * In which precision is stored what lies between products.
   *
   * @default {"float32"}
   */
  readonly precision?: Precision;
}

/**
 * Describes what a training computes: the graph of model and loss, and the kernels of the loss and all
 * gradients on its first batch, each measured. Model and data stay as they are.
 *
 * **Cost**: that step's kernels, four times.
 *
 * @param training The training.
 * @returns What is shown of it; nothing without a batch.
 * @throws {OptionError} `INVALID_OPTION` if model, loss or data is none.
 */
export async function describeTraining(
  training: DescribedTraining,
): Promise<ModelViews> {
  const { model, loss: lossOf, data, backend, precision = "float32" } =
    optionsOf<DescribedTraining>("describeTraining", training);
  assertInstance("describeTraining model", model, Module);
  assertFunction("describeTraining loss", lossOf);
  assertMethods("describeTraining data", data, "epoch");
  await model.realize();
  for await (using batch of data.epoch(0)) {
    const { inputs, targets } = batch;
    model.train();
    const full = lossOf(model.forward(inputs), targets);
    const loss = precision === "float32"
      ? full
      : mixedPrecision([full], { dtype: precision })[0]!;
    // What layers noted of this batch is not stored.
    model.takeUpdates();
    const parameters = [...model.parameters().values()]
      .filter(({ trainable }) => trainable);
    const names = { ...Object.fromEntries(model.stateDict()), inputs, targets };
    const graph = layoutGraph([loss], { names });
    const measured = await profile([loss, ...gradients(loss, parameters)], {
      backend,
      runs: RUNS,
    });
    const { temporaryBytes } = measured;
    return {
      ...graph.boxes.length <= BOXES_MAX ? { graph } : {},
      kernels: {
        what: `Loss and gradients of one batch of ${
          inputs.shape[0]
        }, each kernel alone; the best of ${RUNS} runs.`,
        backend: measured.backend,
        kernels: measured.kernels,
        parameterBytes: bytesOf(model.stateDict().values()),
        temporaryBytes,
      },
    };
  }
  return {};
}

function bytesOf(tensors: Iterable<Tensor>): number {
  let bytes = 0;
  for (const { size, dtype } of tensors) bytes += size * itemBytes(dtype);
  return bytes;
}
