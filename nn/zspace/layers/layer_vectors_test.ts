import { type Tensor, tensor } from "../../../ops/mod.ts";
import type { Module } from "../../module.ts";
import { Parameter } from "../../parameter.ts";
import type { PublishedVector } from "../published_vector_test.ts";
import { CoherenceScan } from "./coherence_scan.ts";
import { HyperbolicLinear } from "./hyperbolic_linear.ts";
import { HyperbolicMlr } from "./hyperbolic_mlr.ts";
import { ToposResonator } from "./topos_resonator.ts";
import { WaveGate } from "./wave_gate.ts";
import { ZSpaceLayerNorm } from "./zspace_layer_norm.ts";
import { ZSpaceMixer } from "./zspace_mixer.ts";
import { ZSpaceProjector } from "./zspace_projector.ts";
import { ZSpaceSoftmax } from "./zspace_softmax.ts";

/** A layer and what is published of it. */
export interface LayerRow {
  readonly name: string;
  readonly layer: () => Module;
  readonly parameters?: Readonly<Record<string, readonly unknown[]>>;
  readonly input: readonly unknown[];
  readonly want: readonly number[];
  /** A shape that it does not take. */
  readonly refused?: readonly number[];
}

const V = [[.3, -.2, .5]];
const GATE = { gate: [.5, .25], bias: [.1, 0] };
/** One sequence of three steps. */
export const SEQUENCE: readonly unknown[] = [[[1, 0], [.25, .5], [.5, .5]]];
const LINEAR = {
  weight: [[.8, -.4], [.3, .5]],
  bias: [.1, -.05],
};
/** Parameters of a regression with two classes. */
export const MLR: Readonly<Record<string, readonly unknown[]>> = {
  offset: [[.1, .2], [-.15, .05]],
  normal: [[1, -.5], [.3, .8]],
};

/** Every layer of the ball, with values to try it by. */
export const LAYER_ROWS: readonly LayerRow[] = [
  {
    name: "ZSpaceProjector, exact",
    layer: () => new ZSpaceProjector({ curvature: -4, strength: .5 }),
    input: V,
    want: [.2526148, -.168409867, .421024667],
  },
  {
    name: "ZSpaceProjector, classic",
    layer: () =>
      new ZSpaceProjector({ curvature: -4, strength: .5, geometry: "classic" }),
    input: V,
    want: [.222711908, -.148474606, .371186514],
  },
  {
    name: "WaveGate at -1",
    layer: () => new WaveGate({ features: 2 }),
    parameters: GATE,
    input: [[1, -2]],
    want: [.501874827, -.418229022],
    refused: [2, 3],
  },
  {
    name: "WaveGate at -4",
    layer: () => new WaveGate({ features: 2, curvature: -4 }),
    parameters: GATE,
    input: [[1, -2]],
    want: [.351750061, -.293125051],
  },
  {
    name: "ZSpaceLayerNorm at -1",
    layer: () => new ZSpaceLayerNorm({ features: 3 }),
    input: [[1, 2, 4]],
    want: [-.789099844, -.26107378, .870781145],
    refused: [3, 2],
  },
  {
    name: "ZSpaceLayerNorm at -4",
    layer: () => new ZSpaceLayerNorm({ features: 3, curvature: -4 }),
    input: [[1, 2, 4]],
    want: [-.486294613, -.244414599, .495251694],
  },
  {
    name: "ZSpaceSoftmax with a target",
    layer: () => new ZSpaceSoftmax({ targetEntropy: 1 }),
    input: [[1, 0, -1]],
    want: [.64291209, .255527597, .101560313],
  },
  {
    name: "ToposResonator",
    layer: () => new ToposResonator({ features: 2 }),
    parameters: { gate: [1, 2] },
    input: [[1, .5]],
    want: [1.328125, 1.328125],
    refused: [2, 1],
  },
  {
    name: "ZSpaceMixer",
    layer: () => new ZSpaceMixer({ features: 2 }),
    parameters: { gate: [.5, -2] },
    input: [[1, 3]],
    want: [.5, -6],
    refused: [2, 4],
  },
  {
    name: "CoherenceScan at -1",
    layer: () => new CoherenceScan(),
    input: SEQUENCE,
    want: [.465461883, .453692293],
    refused: [3, 2],
  },
  {
    name: "CoherenceScan at -4",
    layer: () => new CoherenceScan({ curvature: -4 }),
    input: SEQUENCE,
    want: [.461069938, .471399112],
  },
  {
    name: "CoherenceScan by powers",
    layer: () => new CoherenceScan({ score: "power", residual: 1 }),
    input: SEQUENCE,
    // .111111 and .888889 of the first two steps, and the last.
    want: [1 / 9 + .25 * 8 / 9 + .5, .5 * 8 / 9 + .5],
  },
  {
    name: "HyperbolicLinear at -1",
    layer: () => new HyperbolicLinear({ inFeatures: 2, outFeatures: 2 }),
    parameters: LINEAR,
    input: [[.3, -.2]],
    want: [.271170258, -.269238938],
    refused: [2, 3],
  },
  {
    name: "HyperbolicLinear at -4",
    layer: () =>
      new HyperbolicLinear({ inFeatures: 2, outFeatures: 2, curvature: -4 }),
    parameters: LINEAR,
    input: [[.3, -.2]],
    want: [.247750509, -.267915714],
  },
  {
    name: "HyperbolicMlr at -1",
    layer: () => new HyperbolicMlr({ features: 2, classes: 2 }),
    parameters: MLR,
    input: [[.3, -.2]],
    want: [1.677301497, -.29146179],
    refused: [2, 3],
  },
  {
    name: "HyperbolicMlr at -4",
    layer: () => new HyperbolicMlr({ features: 2, classes: 2, curvature: -4 }),
    parameters: MLR,
    input: [[.3, -.2]],
    want: [2.026498965, -.472313922],
  },
];

/** Nested numbers as a tensor, in float64 on the reference backend. */
export function toTensor(values: readonly unknown[]): Tensor {
  const shape: number[] = [];
  let level: unknown = values;
  for (; Array.isArray(level); level = level[0]) shape.push(level.length);
  const elements = values.flat(Infinity) as number[];
  return tensor(Float64Array.from(elements), { shape });
}

/** The layer with other tensors in the place of its parameters. */
export function withParameters(
  { layer }: LayerRow,
  given: ReadonlyMap<string, Tensor>,
): Module {
  const made = layer();
  for (const [name, value] of given) {
    Object.defineProperty(made, name, { value: new Parameter(value) });
  }
  return made;
}

/** Every published value of the layers. */
export const LAYER_VECTORS: readonly PublishedVector[] = LAYER_ROWS.map(
  (row) => ({
    name: row.name,
    tensor: () => {
      const published = Object.entries(row.parameters ?? {}).map(
        ([name, values]) => [name, toTensor(values)] as const,
      );
      return withParameters(row, new Map(published))
        .forward(toTensor(row.input));
    },
    want: row.want,
  }),
);
