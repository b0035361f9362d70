import { isFinite, stack, type Tensor, tensor, where } from "../../ops/mod.ts";

/** What losses are multiplied by at first. */
const SCALE = 2 ** 16;
/** How many steps in a row must go well before the scale is doubled. */
const STEPS = 2000;

/**
 * Keeps slopes that are stored in `float16` from becoming 0: the loss is multiplied by a number that grows
 * as long as all slopes are finite. A step whose slopes are not is passed over, and the number halved.
 *
 * **Source**: Micikevicius et al., "Mixed precision training" (2018), section 3.2, with the numbers of
 * PyTorch's `GradScaler`.
 */
export class LossScaling implements Disposable {
  readonly #scale: Tensor = tensor(SCALE);
  readonly #steps: Tensor = tensor(0);

  /** What steps change, by name. */
  get tensors(): ReadonlyMap<string, Tensor> {
    return new Map([
      ["loss_scaling.scale", this.#scale],
      ["loss_scaling.steps", this.#steps],
    ]);
  }

  /**
   * Describes the loss whose slopes are taken.
   *
   * @param loss The loss.
   * @returns The loss, larger.
   */
  scale(loss: Tensor): Tensor {
    return loss.mul(this.#scale);
  }

  /**
   * Describes a slope of the loss itself.
   *
   * @param slope The slope of the scaled loss.
   * @returns The slope.
   */
  unscale(slope: Tensor): Tensor {
    return slope.div(this.#scale);
  }

  /**
   * Describes a step that changes nothing but the scale where a slope is not finite.
   *
   * @param updates The new values.
   * @param slopes The slopes that they follow from.
   * @returns The new values, and those of the scale.
   */
  guard(
    updates: ReadonlyMap<Tensor, Tensor>,
    slopes: ReadonlyMap<string, Tensor>,
  ): Map<Tensor, Tensor> {
    const isFine = isFinite(largestOf([...slopes.values()]));
    const steps = where(isFine, this.#steps.add(1), 0);
    const isDue = steps.equal(STEPS);
    const grown = where(isDue, this.#scale.mul(2), this.#scale);
    return new Map([
      ...keptUnless(isFine, updates),
      [this.#scale, where(isFine, grown, this.#scale.div(2))],
      [this.#steps, where(isDue, 0, steps)],
    ]);
  }

  /** Frees the scale. */
  [Symbol.dispose](): void {
    for (const each of this.tensors.values()) each.dispose();
  }
}

/**
 * Describes the largest magnitude in some tensors: not finite if an element is not.
 *
 * @param tensors The tensors.
 * @returns The magnitude, a scalar.
 */
export function largestOf(tensors: readonly Tensor[]): Tensor {
  return stack(tensors.map((each) => each.cast("float32").abs().max())).max();
}

/**
 * Describes updates that change nothing unless something holds.
 *
 * @param holds What must hold, a scalar.
 * @param updates The new values by the old ones.
 * @returns The new values, or the old ones.
 */
export function keptUnless(
  holds: Tensor,
  updates: ReadonlyMap<Tensor, Tensor>,
): Map<Tensor, Tensor> {
  return new Map(
    Array.from(updates, ([old, value]) => [old, where(holds, value, old)]),
  );
}
