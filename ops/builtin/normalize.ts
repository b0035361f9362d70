/**
 * Elements brought to a common scale, and how far vectors are apart, made of reductions.
 *
 * **Numerics**: computed in `float32` and stored as the input is; variances in two passes. Roots have the
 * slope 0 at 0. **Source**: the functions of the same names in `torch.nn.functional`; Ioffe, Szegedy,
 * "Batch normalization" (2015); Wu, He, "Group normalization" (2018); Ulyanov et al., "Instance
 * normalization" (2016); Zhang, Sennrich, "Root mean square layer normalization" (2019).
 *
 * @module
 */
import {
  broadcastShapes,
  resolveAxis,
  type Shape,
  shapeMismatch,
  sizeOf,
  toFloatDType,
} from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { attributeInvalid } from "../errors.ts";
import type { Attributes, CompositeOperator, Node } from "../graph/node.ts";
import { add, binary, div, mul, sub } from "./binary.ts";
import { cast } from "./cast.ts";
import { compositeOperators, type CompositeRow } from "./composite.ts";
import { layerNorm } from "./layer_norm.ts";
import { mean } from "./mean.ts";
import { reduce, resolveAxes } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { sliceAxis } from "./slice.ts";
import { softmax } from "./softmax.ts";
import { unsqueeze } from "./squeeze.ts";
import { inFloat32, norm } from "./statistics.ts";
import { unary } from "./unary.ts";

/** Names of the operators. */
export type NormalizeName =
  | "batchNorm"
  | "cdist"
  | "cosineSimilarity"
  | "glu"
  | "groupNorm"
  | "instanceNorm"
  | "normalize"
  | "pairwiseDistance"
  | "rmsNorm"
  | "softmin"
  | "standardizeBatch";

const ROWS: Readonly<Record<NormalizeName, CompositeRow>> = {
  batchNorm: {
    description:
      "(x - mean) / √(variance + ε), with one mean and variance a channel.",
    inputs: ["x", "mean", "variance"],
    attributes: { axis: "integer", epsilon: "number" },
    defaults: { axis: 1, epsilon: 1e-5 },
    body: ([x, mean, variance], attributes) =>
      inFloat32(x!, (value) => {
        const epsilon = epsilonOf("batchNorm", attributes);
        const along = (each: Node) =>
          perChannel("batchNorm", x!, {
            each,
            axis: attributes.axis as number,
          });
        const spread = unary("rsqrt", add(along(variance!), epsilon));
        return mul(sub(value, along(mean!)), spread);
      }),
  },
  cdist: {
    description: "Distances of each row of one matrix to each of another.",
    inputs: ["left", "right"],
    attributes: { order: "element" },
    defaults: { order: 2 },
    body([left, right], { order }) {
      const [a, b] = [left!.type.shape, right!.type.shape];
      const width = a[resolveAxis("cdist", -2, a) + 1];
      if (b[resolveAxis("cdist", -2, b) + 1] !== width) {
        throw shapeMismatch("cdist", a, b, {
          rule: "sizes at axis -1 must be equal",
        });
      }
      const gap = sub(
        unsqueeze(cast(left!, "float32"), -2),
        unsqueeze(cast(right!, "float32"), -3),
      );
      return norm(gap, { axes: -1, keepDims: false, order: Number(order) });
    },
  },
  cosineSimilarity: {
    description: "x·y / max(‖x‖ ‖y‖, ε) along an axis.",
    inputs: ["left", "right"],
    attributes: { axis: "integer", epsilon: "number" },
    defaults: { axis: 1, epsilon: 1e-8 },
    body([left, right], attributes) {
      const name = "cosineSimilarity";
      const shape = broadcastShapes(name, left!.type.shape, right!.type.shape);
      const axis = resolveAxis(name, attributes.axis as number, shape) -
        shape.length;
      const along = { axes: axis, keepDims: false };
      const [a, b] = [cast(left!, "float32"), cast(right!, "float32")];
      const dot = reduce("sum", mul(a, b), along);
      const size = mul(
        norm(a, { ...along, order: 2 }),
        norm(b, { ...along, order: 2 }),
      );
      return div(
        dot,
        binary("maximum", [size, epsilonOf(name, attributes)]),
      );
    },
  },
  glu: {
    description: "Half of an axis, weighed by sigmoid of its other half.",
    attributes: { axis: "integer" },
    defaults: { axis: -1 },
    body([x], { axis }) {
      const { shape } = x!.type;
      const place = resolveAxis("glu", axis as number, shape);
      const size = shape[place]!;
      if (size % 2 !== 0) {
        throw attributeInvalid(
          "glu",
          "axis",
          `found ${size} elements along it, wanted an even number`,
        );
      }
      return inFloat32(x!, (value) =>
        mul(
          sliceAxis(value, place, { start: 0, end: size / 2 }),
          unary(
            "sigmoid",
            sliceAxis(value, place, { start: size / 2, end: size }),
          ),
        ));
    },
  },
  groupNorm: {
    description: "Mean 0 and variance 1 in each of some groups of channels.",
    attributes: { groups: "integer", epsilon: "number" },
    defaults: { epsilon: 1e-5 },
    body([x], attributes) {
      const { shape } = x!.type;
      const groups = attributes.groups as number;
      const channels = shape[resolveAxis("groupNorm", 1, shape)]!;
      if (groups < 1 || channels % groups !== 0) {
        throw attributeInvalid(
          "groupNorm",
          "groups",
          `found ${groups}, wanted a number that divides ${channels} channels`,
        );
      }
      const epsilon = epsilonOf("groupNorm", attributes);
      const each = sizeOf(shape.slice(1)) / groups;
      const lines = reshape(x!, [shape[0]!, groups, each]);
      return reshape(layerNorm(lines, { axes: -1, epsilon }), shape);
    },
  },
  instanceNorm: {
    description: "Mean 0 and variance 1 in each channel of each example.",
    attributes: { epsilon: "number" },
    defaults: { epsilon: 1e-5 },
    body([x], attributes) {
      const { shape } = x!.type;
      resolveAxis("instanceNorm", 2, shape);
      return layerNorm(x!, {
        axes: [...shape.keys()].slice(2),
        epsilon: epsilonOf("instanceNorm", attributes),
      });
    },
  },
  normalize: {
    description: "Vectors along some axes of size 1: x / max(‖x‖, ε).",
    attributes: { axes: "axes", order: "element", epsilon: "number" },
    defaults: { axes: 1, order: 2, epsilon: 1e-12 },
    body: ([x], attributes) =>
      inFloat32(x!, (value) => {
        const axes = resolveAxes("normalize", x!.type.shape, attributes);
        const order = Number(attributes.order);
        const size = norm(value, { axes, keepDims: true, order });
        const epsilon = epsilonOf("normalize", attributes);
        return div(value, binary("maximum", [size, epsilon]));
      }),
  },
  pairwiseDistance: {
    description: "‖left - right + ε‖ along the last axis.",
    inputs: ["left", "right"],
    attributes: { order: "element", epsilon: "number", keepDims: "boolean" },
    defaults: { order: 2, epsilon: 1e-6, keepDims: false },
    body([left, right], attributes) {
      const name = "pairwiseDistance";
      const gap = sub(cast(left!, "float32"), cast(right!, "float32"));
      resolveAxis(name, -1, gap.type.shape);
      return norm(add(gap, epsilonOf(name, attributes)), {
        axes: -1,
        keepDims: attributes.keepDims === true,
        order: Number(attributes.order),
      });
    },
  },
  rmsNorm: {
    description: "x / √(mean(x²) + ε) along some axes.",
    attributes: { axes: "axes", epsilon: "number" },
    defaults: { axes: -1, epsilon: 1e-5 },
    body: ([x], attributes) =>
      inFloat32(x!, (value) => {
        const axes = resolveAxes("rmsNorm", x!.type.shape, attributes);
        const power = mean(mul(value, value), { axes, keepDims: true });
        const epsilon = epsilonOf("rmsNorm", attributes);
        return mul(value, unary("rsqrt", add(power, epsilon)));
      }),
  },
  softmin: {
    description: "Softmax of the opposite: the smallest weighs most.",
    attributes: { axis: "integer" },
    defaults: { axis: -1 },
    body([x], { axis }) {
      resolveAxis("softmin", axis as number, x!.type.shape);
      return softmax(
        unary("neg", cast(x!, toFloatDType(x!.type.dtype))),
        axis as number,
      );
    },
  },
  standardizeBatch: {
    description: "Mean 0 and variance 1 in each channel of the whole batch.",
    attributes: { axis: "integer", epsilon: "number" },
    defaults: { axis: 1, epsilon: 1e-5 },
    body([x], attributes) {
      const name = "standardizeBatch";
      const { shape } = x!.type;
      const channel = resolveAxis(name, attributes.axis as number, shape);
      return layerNorm(x!, {
        axes: [...shape.keys()].filter((axis) => axis !== channel),
        epsilon: epsilonOf(name, attributes),
      });
    },
  },
};

/** The operators by name. */
export const NORMALIZE_OPERATORS: Readonly<
  Record<NormalizeName, CompositeOperator>
> = compositeOperators(ROWS);

/**
 * Divides by the root of the mean square along axes.
 *
 * @param x The input.
 * @param attributes Which axes, and what is added to the mean square.
 * @returns The elements at a common scale.
 */
export function rmsNorm(
  x: Node,
  { axes, epsilon }: {
    readonly axes: number | readonly number[];
    readonly epsilon: number;
  },
): Node {
  return apply(NORMALIZE_OPERATORS.rmsNorm, [x], { axes, epsilon });
}

function epsilonOf(name: string, { epsilon }: Attributes): number {
  if ((epsilon as number) >= 0) return epsilon as number;
  throw attributeInvalid(
    name,
    "epsilon",
    `found ${epsilon}, wanted a number from 0`,
  );
}

/** One number a channel, brought beside the channels of a tensor. */
function perChannel(
  name: string,
  { type: { shape } }: Node,
  { each, axis }: { readonly each: Node; readonly axis: number },
): Node {
  const channel = resolveAxis(name, axis, shape);
  const wanted: Shape = shape.map((size, i) => i === channel ? size : 1);
  if (each.type.shape.length === 1 && each.type.shape[0] === shape[channel]) {
    return reshape(cast(each, "float32"), wanted);
  }
  throw shapeMismatch(name, shape, each.type.shape, {
    rule: `there must be one number for each of ${shape[channel]} channels`,
  });
}
