import { type Tensor, tensor, zeros } from "../../../ops/mod.ts";
import type { PublishedVector } from "../published_vector_test.ts";
import { ClassicHypergradTape } from "./classic_hypergrad_tape.ts";

/** The gradient after a wave, then the parameters after each of three steps. */
function replay(): readonly Tensor[] {
  const tape = new ClassicHypergradTape({
    curvature: -1,
    learningRate: .1,
    shape: [1, 2],
  });
  const wave = tensor([[.2, -.4]]);
  tape.accumulateWave(wave);
  const { gradient } = tape;
  const first = tape.apply(tensor([[.5, -.25]]));
  tape.accumulateWave(wave);
  const second = tape.apply(first);
  tape.accumulateWave(zeros([1, 2]));
  return [gradient, first, second, tape.apply(second)];
}

function strongerCurvature(): Tensor {
  const tape = new ClassicHypergradTape({
    curvature: -4,
    learningRate: .05,
    shape: [1, 2],
  });
  tape.accumulateWave(tensor([[2, -.1]]));
  return tape.apply(tensor([[.5, -.25]]));
}

const REPLAYED: readonly (readonly number[])[] = [
  [.192307692, -.344827586],
  [.443650391, -.199156302],
  [.399922757, -.155251544],
  [.377069571, -.14637985],
];

/** Every published number of the tape. */
export const TAPE_VECTORS: readonly PublishedVector[] = [
  ...REPLAYED.map((want, i) => ({
    name: `tape, number ${i}`,
    tensor: () => replay()[i]!,
    want,
  })),
  {
    name: "tape at curvature -4",
    tensor: strongerCurvature,
    want: [.242347666, -.120015594],
  },
];
