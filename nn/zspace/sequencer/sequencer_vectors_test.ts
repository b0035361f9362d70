/** What sequencers give, computed outside in `float64` from the formulas of the specification. */
import { gradients, type Tensor, tensor } from "../../../ops/mod.ts";
import type { PublishedVector } from "../published_vector_test.ts";
import { ZSpaceCoherenceSequencer } from "./sequencer.ts";
import type { SequencerOptions } from "./sequencer_options.ts";

/** A tensor whose elements follow from their places. */
function grid(
  rows: number,
  columns: number,
  value: (i: number, j: number) => number,
): Tensor {
  const elements = Array.from(
    { length: rows * columns },
    (_, at) => value(Math.floor(at / columns), at % columns),
  );
  return tensor(Float64Array.from(elements), { shape: [rows, columns] });
}

/** The inputs that published values are about. */
export const SEQUENCER_INPUTS = {
  A: (): Tensor => grid(2, 16, (i, j) => 0.1 * (j + 1) * (-1) ** (i + j)),
  B: (): Tensor => grid(3, 12, (i, j) => ((7 * i + 3 * j) % 11 - 5) / 10),
  C: (): Tensor => grid(2, 28, (i, j) => ((5 * i + 4 * j) % 13 - 6) / 10),
};

interface Row {
  readonly name: string;
  readonly input: keyof typeof SEQUENCER_INPUTS;
  readonly options: Partial<SequencerOptions>;
  /** Sets up what options cannot say. */
  readonly prepare?: (
    sequencer: ZSpaceCoherenceSequencer,
  ) => ZSpaceCoherenceSequencer;
  readonly weights: readonly number[];
  /** The first four columns of the first row, and its last. */
  readonly output: readonly number[];
  /** A weighted sum of the output, its slopes at four places and the last, and their norm. */
  readonly slopes?: readonly number[];
  /** Dominant channel, energy ratio, entropy, bias. */
  readonly diagnostics?: readonly number[];
}

const A = { input: "A" as const, weights: [.284364652, .715635348] };

/** The table of published values. */
export const SEQUENCER_ROWS: readonly Row[] = [
  {
    name: "A",
    ...A,
    options: {},
    output: [.003618539, -.000108573, .00345568, -.002270703, -.100525801],
    diagnostics: [1, .891084783, .597028465, .284364652],
    slopes: [
      .02310528,
      ...[-.008272861, .000195204, .001444267, .001120678, -.001417643],
      .025049485,
    ],
  },
  {
    name: "A, classic",
    ...A,
    options: { geometry: "classic" },
    output: [.003618539, -.000108573, .00345568, -.002270703, -.100525801],
  },
  {
    name: "B",
    input: "B",
    options: { heads: 3 },
    weights: [.333231654, .337470706, .32929764],
    output: [-.08228602, -.04674644, -.011014961, .007426478, -.0410765],
    diagnostics: [1, .278742704, 1.098562173, .003934014],
    slopes: [
      .014036875,
      ...[-.023868875, -.001191079, .00792153, -.002422329, .021817074],
      .059220579,
    ],
  },
  {
    name: "C",
    input: "C",
    options: {},
    weights: [.340809752, .341914771, .317275477],
    output: [-.06465115, -.031155446, .003120344, .022598498, -.034801642],
    diagnostics: [1, .365226362, 1.098026391, .023534275],
    slopes: [
      .017183275,
      ...[-.017401621, -.001168759, .005653965, -.0010229, -.013312263],
      .039272313,
    ],
  },
  {
    name: "D, classic",
    ...A,
    options: { curvature: -4, geometry: "classic" },
    output: [.003335223, .002406281, .002302752, .001256712, -.030530631],
    diagnostics: [1, .884499226, .597028465, .568729304],
    slopes: [
      .004746377,
      ...[-.005100114, -.000424726, -.000321769, -.000155903, -.000149087],
      .009451139,
    ],
  },
  {
    name: "D, exact",
    ...A,
    options: { curvature: -4 },
    output: [.001738819, .001254515, .00120054, .000655187, -.015917147],
    diagnostics: [1, .884499226, .597028465, .568729304],
    slopes: [
      .002474524,
      ...[-.002661271, -.000216777, -.000174735, -.000071973, -.00008331],
      .004926512,
    ],
  },
  {
    name: "E, classic",
    input: "B",
    options: { heads: 3, curvature: -.25, geometry: "classic" },
    weights: [.333145349, .337480278, .329374374],
    output: [-.123475522, -.054814324, .018461287, .060802891, -.098229788],
  },
  {
    name: "E, exact",
    input: "B",
    options: { heads: 3, curvature: -.25 },
    weights: [.333308417, .337462202, .329229381],
    output: [-.13180867, -.05851332, .019709018, .064915406, -.104761684],
    diagnostics: [1, .343040074, 1.098561453, .002039518],
    slopes: [
      .046798033,
      ...[-.050636639, -.001669752, .035406229, -.007935415, .054760422],
      .177231886,
    ],
  },
  {
    name: "B, profile membrane",
    input: "B",
    options: { heads: 3 },
    prepare(sequencer) {
      sequencer.registerLinguisticProfile({ concept: "membrane" });
      return sequencer;
    },
    weights: [.372929975, .33731192, .289758104],
    output: [-.091865636, -.051868955, -.011434289, .010097002, -.035645792],
  },
  {
    name: "B, discard",
    input: "B",
    options: { heads: 3, preDiscard: { dominanceRatio: .02 } },
    weights: [.496839842, .503160158, 0],
    output: [-.12254542, -.069415895, -.015859329, .012200077, .006026376],
    diagnostics: [1, .380215148, .693127207, .496839842],
    slopes: [
      .035883426,
      ...[-.031693247, -.000218015, .011031871, -.006727337, .00057061],
      .061636472,
    ],
  },
  {
    name: "B, pooling row",
    input: "B",
    options: { heads: 3, pooling: "row" },
    weights: [.337058781, .337058781, .325882439],
    output: [-.083207688, -.047236563, -.011047956, .007698791, -.040611895],
  },
];

/** The sequencer of a row. */
export function sequencerOf(
  { input, options, prepare }: Row,
): ZSpaceCoherenceSequencer {
  const made = new ZSpaceCoherenceSequencer({
    dim: SEQUENCER_INPUTS[input]().shape[1]!,
    heads: 2,
    concept: "membrane",
    ...options,
  });
  return prepare?.(made) ?? made;
}

/** Weights of a sum whose slopes are published. */
export function lossOf(y: Tensor): Tensor {
  const [rows, columns] = y.shape as [number, number];
  const weights = grid(rows, columns, (i, j) => ((i + 2 * j) % 5 - 2) / 10);
  return y.mul(weights).sum();
}

/** Every published value of the sequencer. */
export const SEQUENCER_VECTORS: readonly PublishedVector[] = SEQUENCER_ROWS
  .flatMap((row) => {
    const input = () => SEQUENCER_INPUTS[row.input]();
    const of = (x: Tensor) => sequencerOf(row).forwardWithCoherence(x);
    const vectors = [{
      name: `weights of ${row.name}`,
      tensor: () =>
        firstOf(of(input()).coherence).slice([[0, row.weights.length]]),
      want: row.weights,
    }, {
      name: `output of ${row.name}`,
      tensor: () => ends(of(input()).output.select(0)),
      want: row.output,
    }];
    const { slopes } = row;
    return slopes === undefined ? vectors : [...vectors, {
      name: `slopes of ${row.name}`,
      tensor: () => slopesOf(input(), (x) => of(x).output),
      want: slopes,
    }];
  });

/** The first row, or the only one. */
function firstOf(weights: Tensor): Tensor {
  return weights.rank === 2 ? weights.select(0) : weights;
}

/** The first four elements, and the last. */
function ends(row: Tensor): Tensor {
  return row.slice([[0, 4]]).concat(row.slice([[row.size - 1]]));
}

function slopesOf(x: Tensor, f: (x: Tensor) => Tensor): Tensor {
  const loss = lossOf(f(x));
  const slope = gradients(loss, [x])[0]!.reshape([x.size]);
  const norm = slope.mul(slope).sum().sqrt();
  return loss.reshape([1]).concat([ends(slope), norm.reshape([1])]);
}
