/**
 * Transforms of windows that move over a signal, and signals from such transforms.
 *
 * @module
 */
import {
  invalidOption,
  optionsOf,
  shapeMismatch,
} from "../../core/base/mod.ts";
import { take } from "../builtin/take.ts";
import { tensor } from "../create.ts";
import { fold } from "../functions/images.ts";
import { Tensor, toNode } from "../tensor.ts";
import type { Complex } from "./complex_transforms.ts";
import { irfft, rfft } from "./real_transforms.ts";

/** Options of {@linkcode stft} and {@linkcode istft}. */
export interface ShortTimeOptions {
  /** Samples a window. */
  readonly size: number;
  /** Samples from one window to the next; a quarter of `size` if left out. */
  readonly hop?: number;
  /** What each window is multiplied by, `[size]`; ones if left out. */
  readonly window?: Tensor;
  /**
   * Whether windows lie around the places that they belong to, the first around the first sample: then
   * the signal is reflected at both ends.
   *
   * @default {true}
   */
  readonly center?: boolean;
}

/** Options of {@linkcode istft}. */
export interface InverseShortTimeOptions extends ShortTimeOptions {
  /** How many samples the signal has; as many as the windows reach if left out. */
  readonly length?: number;
}

/** Options that have been checked. */
interface Windows {
  readonly size: number;
  readonly hop: number;
  readonly window: Tensor | undefined;
  /** Samples before the first one that the first window reaches. */
  readonly before: number;
}

/**
 * Transforms windows that move over a signal: how much there is of each frequency, and when.
 *
 * **Shapes**: `x [..., n] -> y [..., size / 2 + 1, windows]`, with `1 + n / hop` windows, rounded down;
 * without `center`, `1 + (n - size) / hop`.
 *
 * **Source**: PyTorch `torch.stft`, one-sided.
 *
 * @example What a steady tone is made of
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { arange, fft } from "@spiraltorch/spiraltorch";
 *
 * const tone = arange(0, 32).mul(Math.PI / 2).cos(); // a quarter of a turn a sample
 * const { real, imaginary } = fft.stft(tone, { size: 8, center: false });
 * const power = real.pow(2).add(imaginary.pow(2));
 * assertEquals(power.shape, [5, 13]);
 * assertEquals(await power.argmax(0).array(), new Array(13).fill(2));
 * ```
 *
 * @param x The signals, `float32`.
 * @param options How the windows lie.
 * @returns The transforms.
 * @throws {ShapeError} `SHAPE_MISMATCH` if a signal is shorter than a window, or than what is reflected,
 * or the window has another size.
 * @throws {OptionError} `INVALID_OPTION` if an option is not what it must be.
 */
export function stft(x: Tensor, options: ShortTimeOptions): Complex {
  const node = toNode("stft", x);
  const { size, hop, window, before } = windowsOf("stft", options);
  const { shape } = node.type;
  const length = shape.at(-1) ?? 0;
  const reach = length + 2 * before;
  if (reach < size || before > Math.max(0, length - 1)) {
    throw shapeMismatch("stft", shape, [size], {
      rule:
        "a signal must be as long as a window, or longer than half of one that is centered",
    });
  }
  const count = 1 + Math.floor((reach - size) / hop);
  const places = Int32Array.from(
    { length: count * size },
    (_, i) => reflected(Math.floor(i / size) * hop + i % size - before, length),
  );
  const index = tensor(places, { shape: [count, size] });
  const axis = shape.length - 1;
  const frames = new Tensor(take(node, toNode("stft", index), axis));
  const { real, imaginary } = rfft(window ? frames.mul(window) : frames);
  return { real: swapLast(real), imaginary: swapLast(imaginary) };
}

/**
 * Makes signals of what {@linkcode stft} gave: windows are transformed back and added up where they
 * overlap.
 *
 * **Shapes**: `x [..., size / 2 + 1, windows] -> y [..., n]`.
 *
 * **Numerics**: exact where windows overlap so that no sample is without one; `NaN` or infinite elsewhere.
 *
 * **Source**: PyTorch `torch.istft`.
 *
 * @example There and back
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { arange, fft } from "@spiraltorch/spiraltorch";
 *
 * const x = arange(0, 20).sin();
 * const options = { size: 8, hop: 2 };
 * const y = fft.istft(fft.stft(x, options), { ...options, length: 20 });
 * assertAlmostEquals((await y.data())[7]!, Math.sin(7), 1e-5);
 * ```
 *
 * @param x The transforms.
 * @param options How the windows lie, and how long the signals are.
 * @returns The signals.
 * @throws {ShapeError} `SHAPE_MISMATCH` if there are fewer than two axes, or other frequencies than `size`
 * has.
 * @throws {OptionError} `INVALID_OPTION` if an option is not what it must be.
 */
export function istft(x: Complex, options: InverseShortTimeOptions): Tensor {
  const { real, imaginary } = optionsOf<Complex>("istft", x);
  const { shape } = toNode("istft", real).type;
  const { size, hop, window, before } = windowsOf("istft", options);
  const { length } = options;
  const [bins = 0, count = 0] = shape.slice(-2);
  if (shape.length < 2 || bins !== Math.floor(size / 2) + 1 || count === 0) {
    throw shapeMismatch("istft", shape, [Math.floor(size / 2) + 1], {
      rule: "the last axes must be those frequencies and at least one window",
    });
  }
  const reach = size + hop * (count - 1);
  const end = length === undefined ? reach - before : before + length;
  if (!Number.isSafeInteger(end) || end <= before || end > reach) {
    const wanted = `a whole number from 1 to ${reach - before}`;
    throw invalidOption("istft length", length, wanted);
  }
  const weights = window ?? tensor(new Float32Array(size).fill(1));
  const frames = irfft({ real, imaginary }, { axis: -2, size })
    .mul(weights.unsqueeze(1));
  const squares = weights.mul(weights).unsqueeze(1).expand([size, count]);
  const along = { kernel: [1, size], stride: [1, hop], size: [1, reach] };
  // Cut before they are divided: where windows only begin, nothing is divided by nothing.
  const [sums, shares] = [frames, squares].map((columns) => {
    const leading = columns.shape.slice(0, -2);
    return fold(columns, along).reshape([...leading, reach])
      .slice([...leading.map(() => null), [before, end]]);
  });
  return sums!.div(shares!);
}

function windowsOf(operation: string, options: ShortTimeOptions): Windows {
  const { size, hop = Math.floor(size / 4), window, center = true } = optionsOf<
    ShortTimeOptions
  >(operation, options);
  for (const [name, value] of Object.entries({ size, hop })) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw invalidOption(`${operation} ${name}`, value, "a whole number from 1");
  }
  if (typeof center !== "boolean") {
    throw invalidOption(`${operation} center`, center, "true or false");
  }
  if (window !== undefined) {
    const { shape } = toNode(operation, window).type;
    if (shape.length !== 1 || shape[0] !== size) {
      const rule = "a window must have one number for each of its samples";
      throw shapeMismatch(operation, shape, [size], { rule });
    }
  }
  return { size, hop, window, before: center ? Math.floor(size / 2) : 0 };
}

/** The sample that stands at a place before the first one, or behind the last. */
function reflected(place: number, length: number): number {
  const last = length - 1;
  return last - Math.abs(last - Math.abs(place));
}

function swapLast(x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  const [from, to] = [axes.length - 2, axes.length - 1];
  return x.permute([...axes.slice(0, -2), to, from]);
}
