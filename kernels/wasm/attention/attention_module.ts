import type { KernelModule } from "../kernel_module.ts";
import type { Task } from "../threads/thread_pool.ts";
import { emitAttend } from "./attend.ts";
import { emitPullBack } from "./pull_back.ts";

/** The functions that attention is computed by. Sizes and strides are parameters: all share them. */
export interface AttentionTasks {
  /** Attends: a unit is a block of queries. */
  readonly attend: Task;
  /** Computes gradients: a unit is a batch. */
  readonly pullBack: Task;
}

/**
 * Compiles the functions that attention is computed by.
 *
 * @param compile Compiles a module: what writes it becomes what it exports.
 * @returns The functions.
 */
export function compileAttentionModule(
  compile: (
    write: (module: KernelModule) => void,
  ) => Readonly<Record<string, Task>>,
): AttentionTasks {
  const { attend, pullBack } = compile((module) => {
    module.export("attend", emitAttend);
    module.export("pullBack", emitPullBack);
  });
  return { attend: attend!, pullBack: pullBack! };
}
