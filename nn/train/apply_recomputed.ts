import { invalidOption } from "../../core/base/mod.ts";
import { checkpoint, type Tensor } from "../../ops/mod.ts";
import { Sequential } from "../layers/sequential.ts";
import type { Module } from "../module.ts";

/**
 * Applies a model so that only what goes into some of its layers is kept for the gradient, √n of n; the
 * rest is computed again from there.
 *
 * **Cost**: one more forward pass; memory for √n layers twice instead of all n.
 *
 * **Source**: Chen et al., "Training deep nets with sublinear memory cost" (2016), section 4.3.
 *
 * @param model Layers one after another.
 * @param x What the model is applied to.
 * @returns What it gives, with the same gradients.
 * @throws {OptionError} `INVALID_OPTION` if the model is no `Sequential`.
 */
export function applyRecomputed(model: Module, x: Tensor): Tensor {
  if (!(model instanceof Sequential)) {
    throw invalidOption(
      "Trainer gradientCheckpointing",
      model.constructor.name,
      "a Sequential as the model; others call checkpoint() where they need it",
    );
  }
  const layers = [...model.children().values()];
  const length = Math.ceil(Math.sqrt(layers.length));
  let value = x;
  for (let first = 0; first < layers.length; first += length) {
    const segment = layers.slice(first, first + length);
    value = checkpoint((input: Tensor) =>
      segment.reduce((each, layer) => layer.forward(each), input)
    )(value);
  }
  return value;
}
