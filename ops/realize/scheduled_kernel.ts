import type { Kernel } from "../../kernels/ir/mod.ts";
import type { ApplyNode, Node } from "../graph/node.ts";
import type { RowGroup } from "./row_group.ts";

/** One launch, with nodes in the place of buffers. */
export interface ScheduledKernel {
  /** What to compute. */
  readonly kernel: Kernel;
  /** Where its operands come from: data, placeholders, or outputs of earlier launches. */
  readonly inputs: readonly Node[];
  /** What it computes. */
  readonly output: Node;
}

/** What `buildKernel` must know of the plan. */
export interface KernelContext {
  /** Whether a value is read from memory rather than computed on the spot. */
  isWritten(node: Node): boolean;
  /** The reduction, product or convolution that the kernel begins with, if it has one. */
  readonly anchor: ApplyNode | undefined;
  /** The calls over whole rows that the kernel computes, if it is such a one. */
  readonly group?: RowGroup | undefined;
}

/** A kernel, or what stands in its way. */
export type KernelOrBlock =
  /** The kernel. */
  | { readonly kind: "kernel"; readonly scheduled: ScheduledKernel }
  /**
   * A node that must be written to memory first, because strides cannot express a view of it; the
   * output itself where it cannot be seen over its anchor's index space.
   */
  | { readonly kind: "blocked"; readonly source: Node };
