import { workObserver } from "../core/base/mod.ts";
import type { Backend } from "../kernels/mod.ts";
import type { FallbackMode } from "./dispatch/fallbacks.ts";
import { withRoom } from "./realize/breathe.ts";
import { Recording, type Step } from "./recording.ts";
import type { Tensor } from "./tensor.ts";
import type { TensorTree } from "./tensor_tree.ts";

/** How many plans of a function are kept at most. */
const PLANS_MAX = 256;

/** What a program is called that is a function's. */
const COMPILED = "a compiled function";

/**
 * The plans of a function, one for each combination of its arguments' dtypes and shapes: the last used
 * ones, since each holds temporaries. Where a backend has no room, the plan that is run is the only one
 * that stays.
 *
 * Calls must not overlap: a plan is given up as soon as another one needs its place.
 */
export class Recordings<Result extends TensorTree> {
  readonly #fn: (...tensors: readonly Tensor[]) => Step<Result>;
  readonly #fallback: FallbackMode | undefined;
  /** By dtypes and shapes, the one not used for the longest first. */
  readonly #known = new Map<string, Recording<Result>>();
  #recent: Recording<Result> | undefined;

  /**
   * Constructs a new instance.
   *
   * @param fn The function.
   * @param fallback What is done where a backend cannot compute a call.
   */
  constructor(
    fn: (...tensors: readonly Tensor[]) => Step<Result>,
    fallback?: FallbackMode,
  ) {
    this.#fn = fn;
    this.#fallback = fallback;
  }

  /**
   * Runs the function, as planned before or now.
   *
   * @param tensors Its arguments.
   * @param backend Where to run.
   * @returns Its result, computed.
   */
  async run(
    tensors: readonly Tensor[],
    backend: Backend,
  ): Promise<Result> {
    const observer = workObserver("realize");
    return await (observer
      ? observer(
        {
          name: "realize",
          attributes: { backend: backend.name, operator: COMPILED },
        },
        () => this.#run(tensors, backend),
      )
      : this.#run(tensors, backend));
  }

  /** Disposes all plans. */
  clear(): void {
    for (const recording of this.#known.values()) recording[Symbol.dispose]();
    this.#known.clear();
    this.#recent = undefined;
  }

  #run(tensors: readonly Tensor[], backend: Backend): Promise<Result> {
    return withRoom(
      () => this.#find(tensors, backend).run(tensors),
      () => this.#giveUpOthers(tensors),
    );
  }

  #find(tensors: readonly Tensor[], backend: Backend): Recording<Result> {
    const recent = this.#recent;
    if (recent?.backend === backend && recent.fits(tensors)) return recent;
    const key = keyOf(tensors);
    const known = this.#known.get(key);
    const recording = known?.backend === backend
      ? known
      : new Recording(this.#fn, tensors, { backend, fallback: this.#fallback });
    if (known !== recording) known?.[Symbol.dispose]();
    this.#known.delete(key);
    this.#known.set(key, recording);
    if (this.#known.size > PLANS_MAX) this.#giveUpOldest();
    return this.#recent = recording;
  }

  #giveUpOldest(): void {
    for (const [key, recording] of this.#known) {
      recording[Symbol.dispose]();
      this.#known.delete(key);
      return;
    }
  }

  /** Gives up all plans but that of a call. Tells whether there were any. */
  #giveUpOthers(tensors: readonly Tensor[]): boolean {
    const own = keyOf(tensors);
    const before = this.#known.size;
    for (const [key, recording] of this.#known) {
      if (key === own) continue;
      recording[Symbol.dispose]();
      this.#known.delete(key);
    }
    this.#recent = undefined;
    return this.#known.size < before;
  }
}

function keyOf(tensors: readonly Tensor[]): string {
  return tensors.map(({ dtype, shape }) => `${dtype}[${shape}]`).join(" ");
}
