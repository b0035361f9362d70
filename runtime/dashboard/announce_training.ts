import { assertInstance } from "../../core/base/mod.ts";
import { PluginEventBus } from "../../core/mod.ts";
import {
  type DescribedTraining,
  describeTraining,
} from "./describe_training.ts";
import { modelEvents } from "./feed/model_parts.ts";

/**
 * Announces what a training computes, as events `TrainerModel`: a dashboard shows its kernels and its graph,
 * and so does one that reads the log of the bus later.
 *
 * **Cost**: as {@linkcode describeTraining}.
 *
 * @param bus The bus.
 * @param training The training.
 * @throws {OptionError} `INVALID_OPTION` if the bus, model, loss or data is none.
 */
export async function announceTraining(
  bus: PluginEventBus,
  training: DescribedTraining,
): Promise<void> {
  assertInstance("announceTraining bus", bus, PluginEventBus);
  for (const event of modelEvents(await describeTraining(training))) {
    bus.publish(event);
  }
}
