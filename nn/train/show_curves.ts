import { type Displayable, JUPYTER_DISPLAY } from "../../core/base/mod.ts";
import { learningCurvesSvg, learningCurvesText } from "./learning_curves.ts";
import type { EpochReport } from "./progress.ts";

/**
 * Makes what a notebook shows of training: the losses of its passes as a picture, or as text.
 *
 * @example In the last line of a cell
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { JUPYTER_DISPLAY } from "@spiraltorch/spiraltorch/base";
 * import { showCurves } from "@spiraltorch/spiraltorch/nn";
 *
 * const epochs = [1, 2].map((epoch) => ({ // as `Trainer.fit` gives them
 *   epoch,
 *   loss: 1 / epoch,
 *   accuracy: undefined,
 *   validation: undefined,
 *   durationMs: 1,
 * }));
 * const bundle = await showCurves(epochs)[JUPYTER_DISPLAY]();
 * assertStringIncludes(bundle["image/svg+xml"]!, "<svg");
 * ```
 *
 * @param epochs The passes, as `fit` gives them.
 * @returns What a notebook shows.
 */
export function showCurves(epochs: readonly EpochReport[]): Displayable {
  const bundle = {
    "image/svg+xml": learningCurvesSvg(epochs),
    "text/plain": learningCurvesText(epochs),
  };
  return { [JUPYTER_DISPLAY]: () => bundle };
}
