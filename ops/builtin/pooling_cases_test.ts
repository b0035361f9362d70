/** Poolings and their gradients, computed by PyTorch 1.13 in `float64`. */

/** One pooling. */
export interface PoolingCase {
  readonly name: string;
  readonly kind: string;
  readonly shape: readonly number[];
  readonly kernel: number | readonly number[];
  readonly options: Readonly<Record<string, unknown>>;
  /** The output, and the gradient of its elements times -1, 0, 1, 2, 3, -1, … */
  readonly want: {
    readonly shape: readonly number[];
    readonly y: readonly number[];
    readonly dx: readonly number[];
  };
}

/** Numbers, with those that stand more than once in a row counted: `0*3`. */
function numbers(text: string): readonly number[] {
  return text.split(" ").flatMap((word) => {
    const [value, count = 1] = word.split("*").map(Number);
    return new Array<number>(count).fill(value!);
  });
}

/** What is pooled holds `((i * 7919) % 17 - 8) / 4` at its `i`-th place. */
export const POOLING_CASES: readonly PoolingCase[] = [
  {
    name: "side by side",
    kind: "maxPool2d",
    shape: [1, 2, 4, 4],
    kernel: 2,
    options: {},
    want: {
      shape: [1, 2, 2, 2],
      y: numbers("1.5 2 1.75 0.25 0 2 1.75 1"),
      dx: numbers("0 -1 0*10 1 0 2 0*5 3 0*2 -1 0*6 1 0"),
    },
  },
  {
    name: "a rest that is left out",
    kind: "maxPool2d",
    shape: [1, 1, 5, 5],
    kernel: 2,
    options: {},
    want: {
      shape: [1, 1, 2, 2],
      y: numbers("2 1.25 -0.5 1.75"),
      dx: numbers("0*6 -1 0*5 2 0*2 1 0*9"),
    },
  },
  {
    name: "padding, overlapping",
    kind: "maxPool2d",
    shape: [1, 1, 5, 5],
    kernel: 3,
    options: { "stride": 2, "padding": 1 },
    want: {
      shape: [1, 1, 3, 3],
      y: numbers("2*2 0.5 2*2 1.5 0 2*2"),
      dx: numbers("0*6 4 0 1 0*9 -1 0*4 3 0"),
    },
  },
  {
    name: "two sizes",
    kind: "maxPool2d",
    shape: [1, 1, 4, 6],
    kernel: [1, 3],
    options: { "stride": [2, 1], "padding": [0, 1] },
    want: {
      shape: [1, 1, 2, 6],
      y: numbers("1.5*3 0.75 0 -0.75 1.75*2 1 0.25 -0.5 -1.25"),
      dx: numbers("0*2 2 3 -1 0*7 1 2 3 -1 0*8"),
    },
  },
  {
    name: "dilation",
    kind: "maxPool2d",
    shape: [1, 1, 5, 6],
    kernel: 2,
    options: { "stride": 1, "dilation": [2, 3] },
    want: {
      shape: [1, 1, 3, 3],
      y: numbers("1.75 1.5 0.75 2 1.25 2 1.75 1 1.75"),
      dx: numbers("0*2 1 0*3 2 3 0*4 -1 1 0*9 -1 0*5 2"),
    },
  },
  {
    name: "a last window that reaches further",
    kind: "maxPool2d",
    shape: [1, 1, 5, 5],
    kernel: 2,
    options: { "ceilMode": true },
    want: {
      shape: [1, 1, 3, 3],
      y: numbers("2 1.25 -0.25 -0.5 1.75 0.75 0 2 1.25"),
      dx: numbers("0*6 -1 0*2 1 0*2 3 0*2 2 0*3 -1 0*3 1 2"),
    },
  },
  {
    name: "one axis",
    kind: "maxPool1d",
    shape: [1, 2, 7],
    kernel: 3,
    options: { "stride": 2, "padding": 1 },
    want: {
      shape: [1, 2, 4],
      y: numbers("1.5*2 0 2 1.25 0.5 1.75*2"),
      dx: numbers("0 -1 0 1 0*2 2 3 -1 0*3 1 0"),
    },
  },
  {
    name: "side by side",
    kind: "avgPool2d",
    shape: [1, 2, 4, 4],
    kernel: 2,
    options: {},
    want: {
      shape: [1, 2, 2, 2],
      y: numbers("-0.6875 1 0.75 -0.75 -1 0.6875 0.4375 0"),
      dx: numbers(
        "-0.25*2 0*2 -0.25*2 0*2 0.25*2 0.5*2 0.25*2 0.5*2 0.75*2 " +
          "-0.25*2 0.75*2 -0.25*2 0*2 0.25*2 0*2 0.25*2",
      ),
    },
  },
  {
    name: "padding, overlapping",
    kind: "avgPool2d",
    shape: [1, 1, 5, 5],
    kernel: 3,
    options: { "stride": 2, "padding": 1 },
    want: {
      shape: [1, 1, 3, 3],
      y: numbers(
        "0 0.666667 -0.055556 -0.444444 0.333333 0.416667 -0.277778 " +
          "-0.222222 0.611111",
      ),
      dx: numbers(
        "-0.111111*2 0 0.111111*3 0.444444 0.333333*2 0 0.222222 " +
          "0.555556 0.333333 0.222222 -0.111111 0.222222 0.666667 " +
          "0.444444 0.555556 0.111111 0 0.111111*2 0.333333 0.222222",
      ),
    },
  },
  {
    name: "padding that does not count",
    kind: "avgPool2d",
    shape: [1, 1, 5, 5],
    kernel: 3,
    options: { "stride": 2, "padding": 1, "countIncludePad": false },
    want: {
      shape: [1, 1, 3, 3],
      y: numbers("0 1 -0.125 -0.666667 0.333333 0.625 -0.625 -0.333333 1.375"),
      dx: numbers(
        "-0.25*2 0 0.25*2 0.083333 0.416667 0.333333 0.416667 " +
          "0.083333 0.333333 0.666667 0.333333 0.166667 -0.166667 " +
          "0.333333 0.833333 0.5 0.833333 0.333333 0 0.166667*2 " +
          "0.666667 0.5",
      ),
    },
  },
  {
    name: "a last window that reaches further",
    kind: "avgPool2d",
    shape: [1, 1, 6, 6],
    kernel: 3,
    options: { "stride": 2, "padding": 1, "ceilMode": true },
    want: {
      shape: [1, 1, 4, 4],
      y: numbers(
        "0.305556 0.416667 -0.583333 -0.541667 0.916667 0.25 " +
          "-0.777778 -0.291667 0.583333 -0.25 -0.333333 0.875 0.208333 " +
          "-0.25 -0.291667 0.375",
      ),
      dx: numbers(
        "-0.111111*2 0 0.111111*2 0.444444 0.222222 0.111111 " +
          "-0.111111 0 0.111111 0.611111 0.333333 0.222222 -0.111111*2 " +
          "0 0.166667 0.555556 0.777778 0.222222 0.111111 -0.111111 " +
          "0.055556 0.222222 0.555556 0.333333 0.222222 -0.111111*2 " +
          "0.388889 1.055556 0.666667 1.055556 0.388889 0.138889",
      ),
    },
  },
  {
    name: "the same, without padding that counts",
    kind: "avgPool2d",
    shape: [1, 1, 6, 6],
    kernel: 3,
    options: {
      "stride": 2,
      "padding": 1,
      "ceilMode": true,
      "countIncludePad": false,
    },
    want: {
      shape: [1, 1, 4, 4],
      y: numbers(
        "0.6875 0.625 -0.875 -1.625 1.375 0.25 -0.777778 -0.583333 " +
          "0.875 -0.25 -0.333333 1.75 0.625 -0.5 -0.583333 1.5",
      ),
      dx: numbers(
        "-0.25*2 0 0.166667*2 1.166667 0.25 0.138889 -0.111111 " +
          "0.055556 0.166667 1.5 0.5 0.388889 -0.111111*2 0 0.333333 " +
          "0.833333 1.055556 0.222222 0.111111 -0.111111 0.222222 " +
          "0.333333 0.666667 0.333333 0.222222 -0.111111*2 0.833333 " +
          "1.833333 1 1.888889 0.888889 -0.111111",
      ),
    },
  },
  {
    name: "one axis",
    kind: "avgPool1d",
    shape: [2, 1, 6],
    kernel: 3,
    options: { "stride": 3 },
    want: {
      shape: [2, 1, 2],
      y: numbers("0.083333 -0.75 1.25 -1"),
      dx: numbers("-0.333333*3 0*3 0.333333*3 0.666667*3"),
    },
  },
  {
    name: "sizes that divide",
    kind: "adaptiveAvgPool2d",
    shape: [1, 1, 4, 6],
    kernel: [2, 3],
    options: {},
    want: {
      shape: [1, 1, 2, 3],
      y: numbers("0.6875 0.25 -1.25 1.25 -0.25 -0.6875"),
      dx: numbers(
        "-0.25*2 0*2 0.25*2 -0.25*2 0*2 0.25*2 0.5*2 0.75*2 -0.25*2 " +
          "0.5*2 0.75*2 -0.25*2",
      ),
    },
  },
  {
    name: "sizes that do not",
    kind: "adaptiveAvgPool2d",
    shape: [1, 1, 5, 4],
    kernel: 3,
    options: {},
    want: {
      shape: [1, 1, 3, 3],
      y: numbers("-0.6875 0.6875 1 0.125 0.083333 0.041667 -0.125 0.1875 0.5"),
      dx: numbers(
        "-0.25*2 0.25*2 0.083333 0.583333*2 0.083333 0.333333 " +
          "0.833333 0.333333 -0.166667 0.333333 1.083333*2 0.333333 0 " +
          "0.25 0.75 0.5",
      ),
    },
  },
];
