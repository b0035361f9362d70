/**
 * Windows of images, and images of other sizes.
 *
 * @module
 */
import { optionsOf } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { IMAGE_OPERATORS, type ImageName } from "../builtin/images.ts";
import type { PerAxis } from "../builtin/conv_settings.ts";
import { Tensor, toNode } from "../tensor.ts";

/** How windows lie over images: one number for both axes, or one for each. */
export interface UnfoldOptions {
  /** Elements a window. */
  readonly kernel: PerAxis;
  /**
   * From one window to the next.
   *
   * @default {1}
   */
  readonly stride?: PerAxis;
  /**
   * Zeros around the image.
   *
   * @default {0}
   */
  readonly padding?: PerAxis;
  /**
   * From one element of a window to the next.
   *
   * @default {1}
   */
  readonly dilation?: PerAxis;
}

/** Options of {@linkcode fold}. */
export interface FoldOptions extends UnfoldOptions {
  /** Height and width of the images. */
  readonly size: PerAxis;
}

/** Options of {@linkcode interpolate}. */
export interface InterpolateOptions {
  /** Sizes of the last axes: height and width, say. */
  readonly size: readonly number[];
  /**
   * Whether pixels are those of their nearest, or lie between neighbours in proportion, along each axis.
   *
   * @default {"nearest"}
   */
  readonly mode?: "nearest" | "linear";
  /**
   * Whether the first and last pixels stay where they are, rather than the edges of the image; for
   * `"linear"`.
   *
   * @default {false}
   */
  readonly alignCorners?: boolean;
}

/**
 * Takes windows of images as columns: `[..., c, h, w] -> [..., c kh kw, windows]`.
 *
 * @param x The images.
 * @param options How the windows lie.
 * @returns The columns, window by window.
 * @throws {ShapeError} `AXIS_RANGE` if there are fewer than three axes.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if a setting is no number or pair, or no window fits.
 */
export function unfold(x: Tensor, options: UnfoldOptions): Tensor {
  return call("unfold", x, {
    ...optionsOf<UnfoldOptions>("unfold", options),
  });
}

/**
 * Adds columns up where their windows lie: the gradient of {@linkcode unfold}.
 *
 * @param x The columns, `[..., c kh kw, windows]`.
 * @param options Size of the images, and how the windows lie.
 * @returns The images, `[..., c, h, w]`.
 * @throws {ShapeError} `SHAPE_MISMATCH` if there are not as many columns as windows.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if a setting is no number or pair, or no window fits.
 */
export function fold(x: Tensor, options: FoldOptions): Tensor {
  return call("fold", x, { ...optionsOf<FoldOptions>("fold", options) });
}

/**
 * Brings the last axes to other sizes; `"linear"` over two axes is known as bilinear.
 *
 * @example Twice as wide
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { interpolate, tensor } from "@spiraltorch/spiraltorch";
 *
 * const x = tensor([0, 4]);
 * assertEquals(await interpolate(x, { size: [4] }).array(), [0, 0, 4, 4]);
 * const y = interpolate(x, { size: [4], mode: "linear" });
 * assertEquals(await y.array(), [0, 1, 3, 4]);
 * ```
 *
 * @param x The images.
 * @param options The sizes, and what lies between pixels.
 * @returns The images at those sizes.
 * @throws {ShapeError} `SHAPE_INVALID` if a size is not above 0, `AXIS_RANGE` if there are more of them
 * than axes.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if the mode is unknown.
 */
export function interpolate(x: Tensor, options: InterpolateOptions): Tensor {
  const set = optionsOf<InterpolateOptions>("interpolate", options);
  const { defaults } = IMAGE_OPERATORS.interpolate;
  return new Tensor(
    apply(IMAGE_OPERATORS.interpolate, [toNode("interpolate", x)], {
      ...defaults,
      ...set,
    }),
  );
}

/** Calls an operator whose settings are one for each of two axes. */
function call(
  name: ImageName,
  x: Tensor,
  options: Readonly<Record<string, PerAxis>>,
): Tensor {
  const operator = IMAGE_OPERATORS[name];
  const pairs = Object.entries(options).map(([setting, value]) => [
    setting,
    typeof value === "number" ? [value, value] : value,
  ]);
  return new Tensor(
    apply(operator, [toNode(name, x)], {
      ...operator.defaults,
      ...Object.fromEntries(pairs),
    }),
  );
}
