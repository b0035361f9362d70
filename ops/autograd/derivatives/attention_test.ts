import { type Shape, sizeOf } from "../../../core/base/mod.ts";
import { createBackend } from "../../../kernels/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
  randomArray,
} from "../../../testing/mod.ts";
import { scaledDotProductAttention } from "../../attention.ts";
import { tensor } from "../../create.ts";
import { gradients } from "../../gradients.ts";
import type { AttentionOptions, Tensor } from "../../tensor.ts";

function random(shape: Shape, seed: number): Tensor {
  return tensor(randomArray(sizeOf(shape), seed), { shape });
}

/** A mask that leaves out a third of the keys, and all keys of some queries. */
function truth(shape: Shape, seed: number): Tensor {
  return random(shape, seed).less(0.3);
}

/** Numbers with few bits that other programs can make as well. */
function lattice(shape: Shape, seed: number): Tensor {
  let state = seed;
  const numbers = Array.from({ length: sizeOf(shape) }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return ((state >> 12) % 257 - 128) / 64;
  });
  return tensor(numbers, { shape });
}

// Expected values: PyTorch 1.13, softmax and products in float64, gradients by autograd.
Deno.test.each<{
  name: string;
  sizes: readonly [number, number, number, number, number];
  options: {
    readonly mask?: "float32" | "bool";
    readonly causal?: boolean;
    readonly scale?: number;
  };
  want: readonly (readonly number[])[];
}>([
  {
    name: "plain",
    sizes: [2, 3, 4, 2, 2],
    options: {},
    want: [
      [
        0.910174376732,
        0.253655089988,
        0.94843023567,
        0.0602844541318,
        1.08722174024,
        0.344613735405,
        -0.0873945574125,
        0.0151742884753,
        0.701782961287,
        -0.373034700279,
        1.06842140585,
        -0.778315895419,
      ],
      [
        0.0807362130784,
        0.339131278055,
        0.132585880898,
        0.499047107334,
        -0.273310153012,
        0.222503664868,
        0.162083895845,
        0.0480741333975,
        1.12526566319,
        0.0474117339321,
        0.270683123147,
        -0.0375329479722,
      ],
      [
        0.144646580804,
        0.110880573648,
        -0.205714934483,
        -0.115758980804,
        0.289925484163,
        0.0912573549872,
        -0.228857130484,
        -0.0863789478316,
        0.0883743478247,
        -0.0470269562577,
        0.439624440739,
        -0.187584745807,
        -0.0111559403273,
        -0.00802248243492,
        -0.516842848236,
        0.2426341845,
      ],
      [
        -0.963890990259,
        -0.206665803397,
        -0.815233821767,
        -0.166694192901,
        -0.820047663328,
        -0.235135053779,
        -1.32270252465,
        0.639745050076,
        -0.14551160224,
        0.253912984532,
        -0.0886217674072,
        2.60050067708,
        -0.201773302066,
        0.374284988734,
        -0.220343328287,
        0.505676349658,
      ],
    ],
  },
  {
    name: "additive mask",
    sizes: [1, 3, 3, 2, 2],
    options: { mask: "float32" },
    want: [
      [
        1.22159497426,
        -0.241938865087,
        0.826223167703,
        -0.0300104697629,
        1.23181895879,
        -0.253135662942,
      ],
      [
        -0.0607153846817,
        0.137496970123,
        -0.151029645698,
        0.720521039226,
        -0.0505391134839,
        0.0816722809711,
      ],
      [
        -0.235576568877,
        0.044939243843,
        -0.244748703327,
        -0.198255605794,
        0.480325272204,
        0.153316361951,
      ],
      [
        -0.82788957352,
        -0.73280146669,
        -0.786860425633,
        -0.310767322835,
        -2.30712500085,
        1.07481878953,
      ],
    ],
  },
  {
    name: "mask of truth",
    sizes: [1, 3, 4, 2, 1],
    options: { mask: "bool" },
    want: [
      [0.146454977956, 0.733476346728, 0.27743241659],
      [
        -0.0848957186115,
        0.340149175614,
        0.0253939843093,
        -0.050228225618,
        -0.193526728735,
        0.392160325771,
      ],
      [
        0.552566211202,
        0.149356585934,
        -0.065221878952,
        -0.0143152348662,
        -0.316991530714,
        -0.0729597551605,
        -0.170352801536,
        -0.0620815959074,
      ],
      [-0.506445704933, -0.484334485034, -0.481799538697, -1.26179527134],
    ],
  },
  {
    name: "causal",
    sizes: [1, 3, 4, 2, 2],
    options: { causal: true },
    want: [
      [
        1.515625,
        0.0625,
        0.576928615061,
        0.0625,
        0.893625500721,
        -0.0442796929601,
      ],
      [0.0, 0.0, -0.200828523051, 1.03033764, -0.100757694513, 0.363377659451],
      [
        -0.170159575432,
        0.170156633583,
        -0.117557066947,
        -0.310418496742,
        0.287716642378,
        0.140261863159,
        0.0,
        0.0,
      ],
      [
        -2.74014516691,
        -0.170257621326,
        -0.891289068242,
        -0.276865403135,
        -0.290440764852,
        0.478373024461,
        0.0,
        0.0,
      ],
    ],
  },
  {
    name: "a scale",
    sizes: [1, 2, 3, 3, 1],
    options: { scale: 0.25 },
    want: [
      [0.0458927377968, 0.509281753189],
      [
        -0.205764419568,
        0.160026300865,
        0.274474924184,
        0.00636568253204,
        -0.0109901887677,
        -0.0261150779124,
      ],
      [
        0.102921252333,
        -0.0280288594024,
        -0.0961961823168,
        0.00175283848361,
        0.0054831804171,
        0.00178919158362,
        -0.104674090817,
        0.0225456789853,
        0.0944069907332,
      ],
      [-0.317686567412, -0.313219862294, -0.665968570294],
    ],
  },
])("scaledDotProductAttention() with $name is that of PyTorch", async (row) => {
  const [heads, queries, keys, depth, width] = row.sizes;
  const { mask, ...options } = row.options;
  const inputs = [
    lattice([1, heads, queries, depth], 1),
    lattice([1, heads, keys, depth], 2),
    lattice([1, heads, keys, width], 3),
  ] as const;
  const bias = lattice([queries, keys], 5);
  const y = scaledDotProductAttention(...inputs, {
    ...options,
    mask: mask === "bool"
      ? bias.less(-1).not().and(bias.equal(-1).not())
      : mask
      ? bias
      : 0,
  });
  const weights = lattice([1, heads, queries, width], 4);
  const found = [y, ...gradients(y.mul(weights).sum(), inputs)];
  for (const [i, one] of found.entries()) {
    assertClose(await computeElements(one), row.want[i]!, { tolerance: 1e-10 });
  }
  await using wasm = createBackend("wasm");
  for (const [i, one] of found.entries()) {
    const elements = await computeElements(one, { backend: wasm });
    assertClose(elements, row.want[i]!, { tolerance: 1e-5 });
  }
});

const CASES: readonly {
  readonly name: string;
  readonly shapes: readonly [Shape, Shape, Shape];
  readonly options?: AttentionOptions;
}[] = [
  { name: "matrices", shapes: [[3, 2], [5, 2], [5, 4]] },
  { name: "shared keys", shapes: [[2, 3, 3, 2], [2, 1, 4, 2], [4, 1]] },
  { name: "shared queries", shapes: [[1, 2], [3, 2, 2], [3, 2, 1]] },
  {
    name: "later keys out of sight",
    shapes: [[3, 2], [5, 2], [5, 2]],
    options: { causal: true },
  },
  {
    name: "more queries than keys, causal",
    shapes: [[5, 2], [2, 2], [2, 3]],
    options: { causal: true },
  },
  {
    name: "a mask of truth",
    shapes: [[2, 3, 2], [2, 5, 2], [2, 5, 2]],
    options: { mask: truth([2, 3, 5], 8) },
  },
  {
    name: "a mask of one row, and a scale",
    shapes: [[2, 3, 2], [2, 5, 2], [2, 5, 2]],
    options: { mask: truth([5], 8), scale: 0.7 },
  },
  { name: "no keys", shapes: [[3, 2], [0, 2], [0, 4]] },
  { name: "no queries", shapes: [[0, 2], [3, 2], [3, 4]] },
];

Deno.test.each(CASES)(
  "scaledDotProductAttention() of $name has the gradients of central differences",
  async ({ shapes, options }) => {
    const inputs = shapes.map((shape, i) => random(shape, i));
    await assertGradients(
      (q, k, v) => q!.scaledDotProductAttention(k!, v!, options),
      inputs,
    );
  },
);

Deno.test.each<{ name: string; shape: Shape; causal: boolean }>([
  { name: "a mask of its own", shape: [2, 3, 4], causal: false },
  { name: "a shared mask", shape: [3, 1], causal: false },
  { name: "a mask, causal", shape: [3, 4], causal: true },
])(
  "scaledDotProductAttention() differentiates $name as central differences do",
  async ({ shape, causal }) => {
    const [q, k, v] = [[2, 3, 2], [2, 4, 2], [4, 3]].map(random);
    await assertGradients(
      (mask) => q!.scaledDotProductAttention(k!, v!, { mask: mask!, causal }),
      [random(shape, 9)],
    );
  },
);

Deno.test.each<{ name: string; options: AttentionOptions }>([
  { name: "plain", options: {} },
  { name: "causal", options: { causal: true, scale: -0.6 } },
  { name: "masked", options: { mask: truth([3, 2], 4) } },
])(
  "scaledDotProductAttention() has the second derivatives of central differences: $name",
  async ({ options }) => {
    const inputs = [[3, 2], [2, 2], [2, 1]].map(random);
    for (const i of inputs.keys()) {
      await assertGradients((q, k, v) => {
        const y = q!.scaledDotProductAttention(k!, v!, options);
        return gradients(y.mul(y).sum(), [q!, k!, v!])[i]!;
      }, inputs);
    }
  },
);

Deno.test("scaledDotProductAttention() has second derivatives with respect to a mask", async () => {
  const [q, k, v] = [[3, 2], [2, 2], [2, 1]].map(random);
  await assertGradients((mask) => {
    const y = q!.scaledDotProductAttention(k!, v!, { mask: mask! });
    return gradients(y.mul(y).sum(), [q!, mask!])[0]!;
  }, [random([3, 2], 5)]);
});
