/**
 * Derivatives of the poolings that do not follow from what they are made of.
 *
 * @module
 */
import { argReduce } from "../../builtin/arg_reduce.ts";
import { cast } from "../../builtin/cast.ts";
import { gather } from "../../builtin/gather.ts";
import { maxPoolGradient } from "../../builtin/max_pool_gradient.ts";
import {
  padForWindows,
  poolAxes,
  windowsOf,
} from "../../builtin/pool_geometry.ts";
import { reshape } from "../../builtin/reshape.ts";
import { slice } from "../../builtin/slice.ts";
import type { Vjp } from "../../graph/node.ts";

/** Gradients of the poolings, by name. */
export const POOL_DERIVATIVES: Readonly<Record<string, Vjp>> = {
  maxPool: ({ inputs: [x], gradient }, attributes) => {
    const { shape, dtype } = x!.type;
    const axes = poolAxes("maxPool", shape, attributes);
    const { node, before } = padForWindows(x!, axes, -Infinity);
    const padded = maxPoolGradient(
      node,
      cast(gradient, "float32"),
      {
        kernel: axes.map(({ size }) => size),
        stride: axes.map(({ stride }) => stride),
        dilation: axes.map(({ dilation }) => dilation),
      },
    );
    const within = slice(padded, {
      starts: before,
      ends: before.map((count, axis) => count + shape[axis]!),
      steps: before.map(() => 1),
    });
    return [cast(within, dtype)];
  },
  // Which element is the largest does not depend on how large it is.
  maxPoolGradient: (
    { inputs: [x, gradient], gradient: slopes },
    attributes,
  ) => {
    const axes = poolAxes("maxPoolGradient", x!.type.shape, attributes);
    const flat = [...gradient!.type.shape, -1];
    const values = reshape(windowsOf(x!, axes), flat);
    const index = argReduce("argmax", values, { axis: -1, keepDims: true });
    const taken = gather(reshape(windowsOf(slopes, axes), flat), index, -1);
    return [undefined, reshape(taken, gradient!.type.shape)];
  },
};
