import type { RandomKey } from "../../core/base/mod.ts";
import type { Sample } from "./sample.ts";

/**
 * Changes a sample.
 *
 * @param sample The sample, which stays as it is.
 * @param key What the change depends on.
 * @returns The changed sample.
 */
export type Augmentation = (sample: Sample, key: RandomKey) => Sample;
