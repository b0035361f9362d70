import type { CeilingWork } from "../runtime/cli/bench/ceiling.ts";
import { type CapacityTask, sharedWork } from "./capacity_task.ts";

/** Operations of a loop in registers: long against the clock, short against the measurement. */
const MULTIPLY_ADDS: CeilingWork = { kind: "flops", flops: 2e7 };

function answer(worker: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) =>
      reject(new Error(`Cannot measure the capacity: ${message}`));
  });
}

/**
 * Threads that do nothing but what a machine does at best. Cores that are shared are not whole ones,
 * and all cores use one memory: a speedup is to be compared with theirs, not with their number.
 */
export class Capacity implements Disposable {
  readonly #workers: readonly Worker[];

  private constructor(workers: readonly Worker[]) {
    this.#workers = workers;
  }

  /**
   * Starts threads.
   *
   * @param threads How many.
   * @returns The threads, which wait.
   */
  static async open(threads: number): Promise<Capacity> {
    const script = new URL("./capacity_worker.ts", import.meta.url);
    const workers = Array.from(
      { length: threads },
      () => new Worker(script, { type: "module" }),
    );
    await Promise.all(workers.map(answer));
    return new Capacity(workers);
  }

  /**
   * Measures how many times as much all threads do as one.
   *
   * @param work What they do; they share its bytes, as they would share those of a kernel.
   * @param options How long each of the two measurements lasts.
   * @returns Between 0 and the number of threads, but for what measuring leaves open.
   */
  async measure(
    work: CeilingWork = MULTIPLY_ADDS,
    { durationMs = 400 }: { readonly durationMs?: number } = {},
  ): Promise<number> {
    const [first] = this.#workers;
    const alone = await this.#rate([first!], { work, durationMs });
    const share = sharedWork(work, this.#workers.length);
    return await this.#rate(this.#workers, { work: share, durationMs }) / alone;
  }

  [Symbol.dispose](): void {
    for (const worker of this.#workers) worker.terminate();
  }

  async #rate(
    active: readonly Worker[],
    task: CapacityTask,
  ): Promise<number> {
    const answers = active.map(answer);
    for (const worker of active) worker.postMessage(task);
    return (await Promise.all(answers)).reduce((sum, each) => sum + each, 0);
  }
}
