/** Oracle: padding as it is defined, place by place. */
import { assert, assertEquals } from "@std/assert";
import { contiguousStrides } from "../../../core/base/mod.ts";
import type { ConvolutionAxis } from "../../ir/mod.ts";
import { type Geometry, geometryOf } from "./geometry.ts";
import { imageLayout, isReadable } from "./image_layout.ts";

/** A convolution along rows of one channel. */
function rows(
  axis: Partial<ConvolutionAxis> & Pick<ConvolutionAxis, "input" | "kernel">,
  { step = 1 }: { readonly step?: number } = {},
): Geometry {
  const whole: ConvolutionAxis = {
    stride: 1,
    dilation: 1,
    inputDilation: 1,
    padding: 0,
    output: 0,
    ...axis,
  };
  const { input, inputDilation, padding, kernel, dilation, stride } = whole;
  const places = (input - 1) * inputDilation + 1 + 2 * padding;
  const room = places - (kernel - 1) * dilation - 1;
  return geometryOf({
    kind: "convolution",
    batch: 1,
    groups: 1,
    channels: 1,
    depth: 1,
    axes: [{ ...whole, output: Math.floor(room / stride) + 1 }],
    operands: [input, kernel].map((size, i) => ({
      dtype: "float32",
      strides: contiguousStrides([1, 1, 1, size]).with(3, i === 0 ? step : 1),
      offset: 0,
    })),
    epilogue: [{ kind: "accumulator", dtype: "float32" }],
    dtype: "float32",
  });
}

Deno.test("imageLayout() reads an image without padding where it is", () => {
  const { copy, origin, at } = imageLayout(
    rows({ input: 9, kernel: 3 }),
    "positions",
  );
  assertEquals([copy, origin, at([0, 0, 5])], [undefined, 0, 20]);
});

Deno.test("imageLayout() begins later where places are cut off", () => {
  const { copy, origin } = imageLayout(
    rows({ input: 9, kernel: 3, padding: -2 }),
    "positions",
  );
  assertEquals([copy, origin], [undefined, 8]);
});

Deno.test.each<{ name: string; of: Geometry }>([
  { name: "padding", of: rows({ input: 9, kernel: 3, padding: 1 }) },
  { name: "steps of two", of: rows({ input: 9, kernel: 3, stride: 2 }) },
  {
    name: "zeros between elements",
    of: rows({ input: 9, kernel: 3, inputDilation: 2 }),
  },
  { name: "gaps in memory", of: rows({ input: 9, kernel: 3 }, { step: 2 }) },
])("imageLayout() copies for $name", ({ of }) => {
  assert(imageLayout(of, "positions").copy);
});

Deno.test.each([
  { padding: 2, stride: 1, dilation: 1, inputDilation: 1 },
  { padding: 3, stride: 2, dilation: 3, inputDilation: 1 },
  { padding: 1, stride: 3, dilation: 2, inputDilation: 2 },
  { padding: -1, stride: 2, dilation: 2, inputDilation: 3 },
])(
  "imageLayout() copies every element to its place: padding $padding, steps $stride, $dilation, $inputDilation",
  (axis) => {
    const geometry = rows({ input: 13, kernel: 3, ...axis }, { step: 2 });
    const { output } = geometry.axes[2];
    for (const neighbours of ["positions", "taps"] as const) {
      const { copy, at } = imageLayout(geometry, neighbours);
      assert(copy);
      const found = new Map<number, number>();
      for (const { from, to, count } of copy.runs) {
        for (let i = 0; i < count; i++) {
          found.set(to + i * copy.runTo, from + i * copy.runFrom);
        }
      }
      for (let p = 0; p < output; p++) {
        for (let k = 0; k < 3; k++) {
          const [along, by] = [p * axis.stride, k * axis.dilation];
          const place = (along + by - axis.padding) / axis.inputDilation;
          const isInside = Number.isInteger(place) && place >= 0 && place < 13;
          const to = at([0, 0, along]) + at([0, 0, by]);
          assert(to < copy.planeBytes);
          assertEquals(found.get(to), isInside ? 8 * place : undefined);
        }
      }
    }
  },
);

Deno.test("isReadable() wants rows in few parts, and no steps back", () => {
  const many = rows({ input: 99, kernel: 3, stride: 9, padding: 1 });
  const few = rows({ input: 99, kernel: 3, stride: 8, padding: 1 });
  const plain = rows({ input: 9, kernel: 3 });
  const back: Geometry = {
    ...plain,
    image: { ...plain.image, places: [0, -9, 1] },
  };
  const found = [many, few, plain, back].map((geometry) =>
    isReadable(imageLayout(geometry, "positions"), geometry)
  );
  assertEquals(found, [false, true, true, false]);
});
