import type { Workload } from "../workload.ts";
import { ATTENTION_WORKLOADS } from "./attention.ts";
import { ELEMENTWISE } from "./elementwise.ts";
import { CNN, IMAGES } from "./images.ts";
import { MATMUL } from "./matmul.ts";
import { OVERHEAD } from "./overhead.ts";
import { ROW_WORKLOADS } from "./rows.ts";
import { TRAINING } from "./training.ts";

/** The rows of the table, in its order. */
export const WORKLOADS: readonly Workload[] = [
  ...MATMUL,
  ...ELEMENTWISE,
  ...ROW_WORKLOADS,
  ...IMAGES,
  ...ATTENTION_WORKLOADS,
  ...TRAINING,
  CNN,
  ...OVERHEAD,
];
