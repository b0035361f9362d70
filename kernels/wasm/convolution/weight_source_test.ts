/** Oracle: the definition of a view, element by element. */
import { assert, assertEquals } from "@std/assert";
import { contiguousStrides } from "../../../core/base/mod.ts";
import type { ConvolutionAxis } from "../../ir/mod.ts";
import { Engine } from "../engine.ts";
import { createLinearMemory } from "../linear_memory.ts";
import { geometryOf } from "./geometry.ts";
import { WeightSource } from "./weight_source.ts";

const AXIS: ConvolutionAxis = {
  input: 8,
  kernel: 2,
  output: 7,
  stride: 1,
  dilation: 1,
  inputDilation: 1,
  padding: 0,
};
const [GROUPS, CHANNELS, DEPTH, HEIGHT, WIDTH] = [2, 3, 4, 2, 2];
const SPACE = [GROUPS, CHANNELS, DEPTH, HEIGHT, WIDTH];
const STEPS = contiguousStrides(SPACE);

const VIEWS = {
  contiguous: { strides: STEPS, offset: 0 },
  reversed: { strides: STEPS.map((step) => -step), offset: 95 },
  "windows reversed": {
    strides: [...STEPS.slice(0, 3), -STEPS[3]!, -STEPS[4]!],
    offset: 3,
  },
  "channels turned": {
    strides: [STEPS[0]!, 4, 12, STEPS[3]!, STEPS[4]!],
    offset: 0,
  },
} as const;

Deno.test.each<
  { name: keyof typeof VIEWS; isSliced: boolean; copies: boolean }
>([
  { name: "contiguous", isSliced: false, copies: false },
  { name: "contiguous", isSliced: true, copies: false },
  { name: "reversed", isSliced: false, copies: false },
  { name: "windows reversed", isSliced: false, copies: true },
  { name: "windows reversed", isSliced: true, copies: false },
  { name: "channels turned", isSliced: false, copies: true },
  { name: "channels turned", isSliced: true, copies: false },
])(
  "WeightSource finds weights that are $name, in slices: $isSliced, copied: $copies",
  ({ name, isSliced, copies }) => {
    const { strides, offset } = VIEWS[name];
    const memory = createLinearMemory(2 ** 20);
    const engine = new Engine(memory, { relaxedSimd: false });
    const operand = { dtype: "float32", strides, offset } as const;
    const geometry = geometryOf({
      kind: "convolution",
      batch: 1,
      groups: GROUPS,
      channels: CHANNELS,
      depth: DEPTH,
      axes: [AXIS, AXIS],
      operands: [operand, operand],
      epilogue: [{ kind: "accumulator", dtype: "float32" }],
      dtype: "float32",
    });
    const source = new WeightSource(geometry, isSliced, engine);
    assertEquals(source.copyBytes > 0, copies);
    const words = memory.float32;
    const weights = 1024;
    words.forEach((_, i) => words[i] = i);
    const places = { weights: 4 * weights, copy: 8192, own: 16384 };
    const first = source.bring(places);
    assert(source.grain !== "depth" || source.depthStep === 4);
    for (let g = 0; g < GROUPS; g++) {
      for (let o = 0; o < CHANNELS; o++) {
        for (let c = 0; c < DEPTH; c++) {
          for (let tap = 0; tap < HEIGHT * WIDTH; tap++) {
            const along = isSliced ? tap : c * HEIGHT * WIDTH + tap;
            const at = first + g * source.groupStep + o * source.lineStep +
              (isSliced ? c * source.sliceStep : 0) +
              along * source.depthStep;
            const place = [g, o, c, tap >> 1, tap & 1];
            const want = place.reduce(
              (sum, step, axis) => sum + step * strides[axis]!,
              weights + offset,
            );
            assertEquals(words[at / 4], want);
          }
        }
      }
    }
  },
);
