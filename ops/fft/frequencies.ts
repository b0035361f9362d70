import { invalidOption, optionsOf } from "../../core/base/mod.ts";
import { tensor } from "../create.ts";
import type { Tensor } from "../tensor.ts";

/** Options of {@linkcode fftfreq} and {@linkcode rfftfreq}. */
export interface FftfreqOptions {
  /**
   * Time from one sample to the next.
   *
   * @default {1}
   */
  readonly spacing?: number;
}

/**
 * Lists the frequencies of the places of a transform: from 0 upwards, then the negative ones.
 *
 * **Shapes**: `[size]`. **Units**: one over that of `spacing`.
 *
 * **Source**: NumPy `fft.fftfreq`.
 *
 * @example Five places
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fft } from "@spiraltorch/spiraltorch";
 *
 * const frequencies = fft.fftfreq(5, { spacing: 0.2 });
 * assertEquals(await frequencies.array(), [0, 1, 2, -2, -1]);
 * ```
 *
 * @param size How many places.
 * @param options The time from one sample to the next.
 * @returns The frequencies.
 * @throws {OptionError} `INVALID_OPTION` if `size` is no whole number from 1, or `spacing` is 0 or not
 * finite.
 */
export function fftfreq(size: number, options?: FftfreqOptions): Tensor {
  return frequencies("fftfreq", size, { options, isHalf: false });
}

/**
 * Lists the frequencies of the places of a transform of real numbers, from 0 upwards.
 *
 * **Shapes**: `[size / 2 + 1]`, rounded down. **Units**: one over that of `spacing`.
 *
 * **Source**: NumPy `fft.rfftfreq`.
 *
 * @param size How many real numbers there are.
 * @param options The time from one sample to the next.
 * @returns The frequencies.
 * @throws {OptionError} `INVALID_OPTION` if `size` is no whole number from 1, or `spacing` is 0 or not
 * finite.
 */
export function rfftfreq(size: number, options?: FftfreqOptions): Tensor {
  return frequencies("rfftfreq", size, { options, isHalf: true });
}

function frequencies(
  name: string,
  size: number,
  { options, isHalf }: {
    readonly options: FftfreqOptions | undefined;
    readonly isHalf: boolean;
  },
): Tensor {
  const { spacing = 1 } = optionsOf<FftfreqOptions>(name, options);
  if (!Number.isSafeInteger(size) || size < 1) {
    throw invalidOption(`${name} size`, size, "a whole number from 1");
  }
  if (!Number.isFinite(spacing) || spacing === 0) {
    throw invalidOption(`${name} spacing`, spacing, "a finite number, not 0");
  }
  const length = isHalf ? (size >> 1) + 1 : size;
  return tensor(
    Float32Array.from({ length }, (_, place) => {
      const isNegative = !isHalf && 2 * place >= size;
      return (isNegative ? place - size : place) / (size * spacing);
    }),
  );
}
