import { DISTINCT, POSITIVE, TRUTH, wholes } from "../domain.ts";
import type { FactsTable, OperatorSample } from "../sample.ts";
import { FRACTIONS, NUMBERS } from "./dtypes.ts";

/** Settings of a convolution that does nothing special along some axes. */
function plain(axes: number): Record<string, readonly number[]> {
  return {
    stride: Array(axes).fill(1),
    padding: Array(2 * axes).fill(0),
    dilation: Array(axes).fill(1),
  };
}

/** Attention with and without a mask, for whichever inputs stand before the mask. */
function attending(
  ...shapes: readonly (readonly number[])[]
): readonly OperatorSample[] {
  return [
    {
      inputs: [...shapes, { shape: [], dtype: "float32", elements: [0] }],
      attributes: { causal: true, scale: null },
    },
    {
      inputs: [...shapes, {
        shape: [3, 3],
        dtype: "bool",
        domain: TRUTH,
        elements: [1, 0, 1, 1, 1, 0, 0, 1, 1],
      }],
      attributes: { causal: false, scale: 0.5 },
    },
  ];
}

const POOL = {
  kernel: [2, 2],
  stride: [1, 2],
  padding: [0, 0],
  ceilMode: false,
};

/** Facts about products of matrices, windows and attention. */
export const PRODUCT_FACTS: FactsTable = {
  adaptiveAvgPool: {
    differentiable: "twice",
    samples: [
      { inputs: [[2, 5]], attributes: { outputSize: [3] } },
      { inputs: [[1, 4, 3]], attributes: { outputSize: [2, 2] } },
    ],
  },
  attention: {
    differentiable: "twice",
    dtypes: ["float32"],
    samples: attending([2, 3, 2], [2, 3, 2], [2, 3, 4]),
  },
  attentionGradients: {
    differentiable: "twice",
    dtypes: ["float32"],
    samples: attending(
      [2, 3, 2],
      [2, 3, 2],
      [2, 3, 4],
      [2, 3, 4],
      [2, 3],
      [2, 3],
    ),
  },
  attentionLogSumExp: {
    differentiable: "twice",
    dtypes: ["float32"],
    samples: attending([2, 3, 2], [2, 3, 2]),
  },
  avgPool: {
    differentiable: "twice",
    samples: [
      {
        inputs: [[2, 4, 5]],
        attributes: { ...POOL, countIncludePad: false },
      },
      {
        inputs: [[2, 5]],
        attributes: {
          kernel: [3],
          stride: [2],
          padding: [1],
          ceilMode: true,
          countIncludePad: true,
        },
      },
    ],
  },
  conv1d: {
    differentiable: "twice",
    dtypes: FRACTIONS,
    samples: [
      {
        inputs: [[2, 2, 5], [3, 2, 2]],
        attributes: { ...plain(1), same: false, groups: 1 },
      },
      {
        inputs: [[1, 4, 5], [2, 2, 3]],
        attributes: {
          stride: [2],
          padding: [1, 1],
          dilation: [1],
          same: false,
          groups: 2,
        },
      },
    ],
  },
  conv2d: {
    differentiable: "twice",
    dtypes: FRACTIONS,
    samples: [{
      inputs: [[1, 2, 4, 3], [2, 2, 2, 2]],
      attributes: {
        stride: [2, 1],
        padding: [1, 0, 0, 1],
        dilation: [1, 2],
        same: false,
        groups: 1,
      },
    }],
  },
  conv3d: {
    differentiable: "twice",
    dtypes: FRACTIONS,
    samples: [{
      inputs: [[1, 2, 3, 3, 2], [2, 1, 2, 2, 2]],
      attributes: {
        stride: [1, 2, 1],
        padding: [1, 0, 0, 1, 0, 0],
        dilation: [2, 1, 1],
        same: false,
        groups: 2,
      },
    }],
  },
  convTranspose2d: {
    differentiable: "twice",
    dtypes: FRACTIONS,
    samples: [{
      inputs: [[1, 2, 2, 3], [2, 1, 2, 2]],
      attributes: {
        stride: [2, 1],
        padding: [0, 1],
        outputPadding: [1, 0],
        dilation: [1, 1],
        groups: 1,
      },
    }],
  },
  convolution: {
    differentiable: "twice",
    dtypes: ["float32"],
    samples: [{
      inputs: [[1, 2, 2, 4], [2, 2, 2, 2]],
      attributes: {
        stride: [1],
        padding: [1, 1],
        dilation: [1],
        inputDilation: [2],
      },
    }],
  },
  matmul: {
    differentiable: "twice",
    dtypes: ["int8", ...FRACTIONS],
    samples: [
      { inputs: [[2, 3], [3, 2]] },
      { inputs: [[2, 1, 2, 3], [3, 3, 2]] },
    ],
  },
  maxPool: {
    differentiable: "twice",
    kinks: "the slope jumps where the two largest of a window are equal",
    dtypes: NUMBERS,
    domain: DISTINCT,
    samples: [
      {
        inputs: [[2, 4, 5]],
        attributes: { ...POOL, dilation: [2, 1] },
      },
      {
        inputs: [[2, 5]],
        attributes: {
          kernel: [3],
          stride: [2],
          padding: [1],
          dilation: [1],
          ceilMode: true,
        },
      },
    ],
  },
  maxPoolGradient: {
    differentiable: "twice",
    kinks: "jumps where the two largest of a window are equal",
    dtypes: ["float32"],
    domain: DISTINCT,
    samples: [{
      inputs: [[2, 5], [2, 2]],
      attributes: { kernel: [3], stride: [2], dilation: [1] },
    }],
  },
  quantizedMatmul: {
    differentiable: "estimated",
    kinks:
      "rows are rounded to 8 bits: the gradient is that of the product without rounding",
    dtypes: FRACTIONS,
    samples: [{
      inputs: [
        [2, 4],
        { shape: [4, 3], dtype: "int8", domain: wholes(-127, 127) },
        { shape: [3], dtype: "float32", domain: POSITIVE },
      ],
    }],
  },
  scaledDotProductAttention: {
    differentiable: "twice",
    dtypes: FRACTIONS,
    samples: attending([2, 3, 2], [2, 3, 2], [2, 3, 4]),
  },
};
