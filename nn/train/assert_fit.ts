import {
  assertFunction,
  assertInstance,
  assertMethods,
  listOf,
} from "../../core/base/mod.ts";
import { assertCount } from "../check/assert_number.ts";
import { assertText } from "../check/assert_text.ts";
import { optionsOf } from "../../ops/mod.ts";
import type { BatchSource } from "../data/batch.ts";
import type { CheckpointOptions } from "./checkpoint_store.ts";
import type { FitOptions } from "./trainer_options.ts";

/**
 * Requires what training is to be done with, before anything of it begins.
 *
 * @param data The batches.
 * @param options How it is to be done.
 * @throws {OptionError} `INVALID_OPTION` if something is not what it must be.
 */
export function assertFit(data: BatchSource, options: FitOptions): void {
  const { epochs, validation, schedule, onProgress, progress, signal } =
    optionsOf("fit", options);
  assertCount("fit epochs", epochs);
  assertBatches("data of fit", data);
  if (validation !== undefined) assertBatches("fit validation", validation);
  if (schedule !== undefined) assertFunction("fit schedule", schedule);
  if (onProgress !== undefined) assertFunction("fit onProgress", onProgress);
  if (progress !== undefined) assertMethods("fit progress", progress, "write");
  if (signal !== undefined) assertInstance("fit signal", signal, AbortSignal);
  for (const callback of listOf("fit callbacks", options.callbacks ?? [])) {
    assertText("name of a callback", Object(callback).name);
  }
  if (options.checkpoint !== undefined) assertCheckpoint(options.checkpoint);
}

/**
 * Requires batches that can be gone through.
 *
 * @param option Name of the argument or option, `data of evaluate`.
 * @param data What was given.
 * @throws {OptionError} `INVALID_OPTION` if it is something else.
 */
export function assertBatches(option: string, data: BatchSource): void {
  assertMethods(option, data, "epoch");
}

function assertCheckpoint(checkpoint: CheckpointOptions): void {
  const { store, everySteps = 1 } = optionsOf("fit checkpoint", checkpoint);
  assertMethods("fit checkpoint.store", store, "read", "write");
  assertCount("fit checkpoint.everySteps", everySteps);
}
