import { invalidOption } from "../../core/base/mod.ts";
import { arange, concat, optionsOf, type Tensor } from "../../ops/mod.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertTensor } from "../check/assert_tensor.ts";

/** Options of {@linkcode rotary}. */
export interface RotaryOptions {
  /**
   * The number of the first place: a whole number, or an `int32` scalar.
   *
   * @default {0}
   */
  readonly offset?: number | Tensor;
  /**
   * How much slower each pair of features turns than the one before, over all of them.
   *
   * @default {10000}
   */
  readonly base?: number;
}

/**
 * Turns pairs of features by angles that grow with their place, so that products of queries and keys
 * depend on how far apart they are.
 *
 * **Shapes**: `x [..., places, features] -> y`, of the same shape.
 *
 * **Numerics**: feature `i` of the first half is turned with feature `i` of the second, by
 * `place / base^(2 i / features)`.
 *
 * **Source**: Su et al., "RoFormer: enhanced transformer with rotary position embedding" (2021), §3.2.2,
 * with halves in the place of neighbors as in GPT-NeoX.
 *
 * @example The first place is not turned
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { rotary } from "@spiraltorch/spiraltorch/nn";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * assertEquals(await rotary(tensor([[3, 4]])).array(), [[3, 4]]);
 * ```
 *
 * @param x Queries or keys, `[..., places, features]`.
 * @param options Number of the first place, and the base.
 * @returns The same, turned.
 * @throws {OptionError} `INVALID_OPTION` if the number of features is odd, or the base is not above 0.
 */
export function rotary(
  x: Tensor,
  options?: RotaryOptions,
): Tensor {
  const { offset = 0, base = 10_000 } = optionsOf("rotary", options);
  assertTensor("rotary", x);
  const [places, features] = x.shape.slice(-2) as [number, number];
  if (x.rank < 2 || features % 2 !== 0) {
    throw invalidOption("rotary shape", x.shape, "an even number of features");
  }
  assertNumber("rotary base", base, { min: Number.MIN_VALUE });
  const angles = placeAngles(places, { offset, base, pairs: features / 2 });
  const [cosine, sine] = [angles.cos(), angles.sin()];
  const [first, second] = x.split(2, -1) as [Tensor, Tensor];
  return concat([
    first.mul(cosine).sub(second.mul(sine)),
    second.mul(cosine).add(first.mul(sine)),
  ], -1);
}

/**
 * Describes an angle for each place and pair of features.
 *
 * @param places How many places there are.
 * @param options Number of the first place, base, and how many pairs there are.
 * @returns The angles, `[places, pairs]`.
 */
export function placeAngles(
  places: number,
  { offset, base, pairs }: Required<RotaryOptions> & {
    /** How many pairs of features there are. */
    readonly pairs: number;
  },
): Tensor {
  const numbers = arange(0, places, { dtype: "int32" }).add(offset);
  const slowness = arange(0, pairs).mul(-Math.log(base) / pairs).exp();
  return numbers.cast("float32").unsqueeze(1).mul(slowness);
}
