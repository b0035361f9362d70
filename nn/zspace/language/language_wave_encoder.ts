import { invalidOption } from "../../../core/base/mod.ts";
import { optionsOf, type Tensor, tensor } from "../../../ops/mod.ts";
import { OptionChecks } from "../check_options.ts";
import {
  assertPositive,
  emptyInput,
  invalidText,
  textTooLong,
} from "../errors.ts";
import { magnitudeOf } from "../geometry/curvature.ts";
import { PoincareBall } from "../geometry/poincare_ball.ts";

/** Options of {@linkcode LanguageWaveEncoder}. */
export interface LanguageWaveOptions {
  /**
   * Curvature of the ball, a number below 0.
   *
   * @default {-1}
   */
  readonly curvature?: number;
  /**
   * What signals are multiplied by.
   *
   * @default {1}
   */
  readonly temperature?: number;
  /**
   * How the spectrum enters the ball.
   *
   * @default {"exact"}
   */
  readonly geometry?: "exact" | "classic";
  /**
   * Most characters of a text.
   *
   * @default {4096}
   */
  readonly maxScalars?: number;
}

/**
 * Turns text into a point of the ball: each character into a number, the numbers into their spectrum,
 * the spectrum bent into the ball.
 *
 * **Shapes**: a text of `n` characters gives `[1, 2n]`, real and imaginary parts by turns. Characters are
 * Unicode scalar values, not UTF-16 units; nothing is normalized.
 *
 * **Cost**: `n²` multiplications, on the host.
 *
 * @example Two letters
 * ```ts
 * import { assertClose } from "@spiraltorch/spiraltorch/testing";
 * import { LanguageWaveEncoder } from "@spiraltorch/spiraltorch/nn";
 *
 * const encoder = new LanguageWaveEncoder();
 * const wave = encoder.encode("ab");
 * assertClose(await wave.data(), [0.6997183, 0, -0.2683202, 0]);
 * ```
 */
export class LanguageWaveEncoder {
  readonly #curvature: number;
  readonly #temperature: number;
  readonly #geometry: "exact" | "classic";
  readonly #maxScalars: number;

  /**
   * Constructs a new instance.
   *
   * @param options Curvature, temperature, geometry, most characters.
   * @throws {ZSpaceError} `NON_HYPERBOLIC_CURVATURE` or `NON_POSITIVE_TEMPERATURE` if a number is out of
   * its range.
   * @throws {OptionError} `INVALID_OPTION` if another option is.
   */
  constructor(options?: LanguageWaveOptions) {
    const {
      curvature = -1,
      temperature = 1,
      geometry = "exact",
      maxScalars = 4096,
    } = optionsOf("LanguageWaveEncoder", options);
    magnitudeOf("LanguageWaveEncoder", curvature);
    assertPositive("NON_POSITIVE_TEMPERATURE", "LanguageWaveEncoder", {
      name: "temperature",
      value: temperature,
    });
    const checks = new OptionChecks("LanguageWaveEncoder");
    checks.oneOf("geometry", geometry, ["exact", "classic"]);
    checks.count("maxScalars", maxScalars);
    checks.end();
    this.#curvature = curvature;
    this.#temperature = temperature;
    this.#geometry = geometry;
    this.#maxScalars = maxScalars;
  }

  /**
   * Encodes text.
   *
   * @param text The text.
   * @returns A point of the ball, `[1, 2n]`.
   * @throws {ZSpaceError} `EMPTY_INPUT` if there is no text, `INVALID_TEXT` if it holds half of a
   * character, `TEXT_TOO_LONG` if it has too many.
   */
  encode(text: string): Tensor {
    const signal = this.#signalOf(this.#scalarsOf(text));
    const spectrum = spectrumOf(signal, Math.sqrt(-this.#curvature));
    const row = tensor(spectrum, { shape: [1, spectrum.length] });
    const curvature = this.#curvature;
    return this.#geometry === "exact"
      ? new PoincareBall({ curvature }).exp0(row, { clip: false })
      : PoincareBall.classic.project(row, { curvature });
  }

  #scalarsOf(text: string): number[] {
    if (typeof text !== "string") {
      throw invalidOption("what is encoded", text, "text");
    }
    if (text.length === 0) throw emptyInput("encode text");
    const scalars: number[] = [];
    let index = 0;
    for (const character of text) {
      const scalar = character.codePointAt(0)!;
      if (scalar >= 0xd800 && scalar <= 0xdfff) throw invalidText(index);
      scalars.push(scalar);
      index += character.length;
    }
    if (scalars.length > this.#maxScalars) {
      throw textTooLong(scalars.length, this.#maxScalars);
    }
    return scalars;
  }

  #signalOf(scalars: readonly number[]): number[] {
    const count = scalars.length;
    return scalars.map((scalar, i) =>
      this.#temperature *
      ((scalar % 1024) / 1024 + Math.abs(Math.sin((i + 1) / count)))
    );
  }
}

/** Directions of the spectrum, with lengths bent below 1: `tanh(s|X|) X/|X|`. */
function spectrumOf(signal: readonly number[], root: number): Float64Array {
  const count = signal.length;
  const cosines = signal.map((_, i) => Math.cos(2 * Math.PI * i / count));
  const sines = signal.map((_, i) => Math.sin(2 * Math.PI * i / count));
  const spectrum = new Float64Array(2 * count);
  for (let q = 0; q < count; q++) {
    let [real, imaginary] = [0, 0];
    for (let i = 0; i < count; i++) {
      const turn = q * i % count;
      real += signal[i]! * cosines[turn]!;
      imaginary -= signal[i]! * sines[turn]!;
    }
    const size = Math.hypot(real, imaginary);
    const scale = size === 0 ? 0 : Math.tanh(root * size) / size;
    spectrum.set([real * scale, imaginary * scale], 2 * q);
  }
  return spectrum;
}
