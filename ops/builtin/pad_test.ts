import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { OptionError, ShapeError, sizeOf } from "../../core/base/mod.ts";
import { assertGradients, computeElements } from "../../testing/mod.ts";
import { arange, tensor } from "../create.ts";
import { TensorError } from "../errors.ts";
import type { PadOptions, PadWidth } from "../pad_widths.ts";
import { padOperator } from "./pad.ts";
import { apply } from "../apply.ts";

const X = tensor([[1, 2], [3, 4]]);

// Expected values: worked by hand from the definition of XLA's Pad.
Deno.test.each<
  { widths: PadWidth[]; options: PadOptions; want: number[][] }
>([
  { widths: [0, 0], options: {}, want: [[1, 2], [3, 4]] },
  {
    widths: [[1, 0], [0, 2]],
    options: { value: 9 },
    want: [[9, 9, 9, 9], [1, 2, 9, 9], [3, 4, 9, 9]],
  },
  {
    widths: [[-1, 1], 1],
    options: {},
    want: [[0, 3, 4, 0], [0, 0, 0, 0]],
  },
  {
    widths: [0, [0, 1]],
    options: { interior: [1, 2], value: -Infinity },
    want: [
      [1, -Infinity, -Infinity, 2, -Infinity],
      [-Infinity, -Infinity, -Infinity, -Infinity, -Infinity],
      [3, -Infinity, -Infinity, 4, -Infinity],
    ],
  },
  {
    widths: [[0, -1], [-1, 0]],
    options: { interior: [0, 1], value: 5 },
    want: [[5, 2]],
  },
])("pad() by $widths, $options", async ({ widths, options, want }) => {
  assertEquals(await X.pad(widths, options).array(), want);
});

Deno.test("pad() makes its value one of the tensor's dtype", async () => {
  const whole = tensor([1], { dtype: "int32" });
  const pad = (value: number) => whole.pad([[0, 1]], { value }).array();
  assertEquals(await pad(2.9), [1, 2]);
  assertEquals(await pad(-Infinity), [1, -(2 ** 31)]);
  assertEquals(await pad(NaN), [1, 0]);
  const truth = tensor([0], { dtype: "bool" });
  assertEquals(await truth.pad([1], { value: 3 }).array(), [1, 0, 1]);
});

Deno.test("pad() of nothing is all value; of a scalar, the scalar", async () => {
  const nothing = tensor([], { shape: [0, 2] });
  assertEquals(await nothing.pad([1, 0], { value: 3 }).array(), [[3, 3], [
    3,
    3,
  ]]);
  assertEquals(await tensor(7).pad([]).array(), 7);
});

Deno.test("slice() of pad() is the tensor, of any shape", async () => {
  const width = fc.tuple(
    fc.nat({ max: 2 }),
    fc.nat({ max: 2 }),
    fc.nat({ max: 2 }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat({ max: 3 }), width), { maxLength: 5 }),
      async (axes) => {
        const shape = axes.map(([size]) => size);
        const x = arange(0, sizeOf(shape)).reshape(shape);
        const y = x.pad(
          axes.map(([, [before, behind]]) => [before, behind]),
          { value: -1, interior: axes.map(([, [, , between]]) => between) },
        );
        const back = y.slice(
          axes.map(([size, [before, , between]]) => {
            const step = between + 1;
            return [before, before + size * step, step];
          }),
        );
        const count = (await computeElements(y.equal(-1).sum()))[0]!;
        assertEquals(
          back.shape.map((size, i) => Math.min(size, shape[i]!)),
          shape,
        );
        assertEquals(count, y.size - x.size);
        if (x.size > 0) {
          assertEquals(await computeElements(back), await computeElements(x));
        }
      },
    ),
    { seed: 1, numRuns: 60 },
  );
});

Deno.test("pad() has the gradients of central differences", async () => {
  const square = (widths: PadWidth[], options?: PadOptions) =>
    assertGradients((x) => x!.mul(x!).pad(widths, options), [X]);
  await square([1, [0, 2]], { value: 3 });
  await square([[-1, 1], 0], { interior: [1, 2] });
});

Deno.test.each<
  { name: string; widths: unknown; options: unknown; want: string }
>([
  {
    name: "no list",
    widths: 1,
    options: {},
    want: "a list, one for each axis",
  },
  {
    name: "a fraction",
    widths: [0.5, 0],
    options: {},
    want: "[before, behind]",
  },
  {
    name: "three numbers",
    widths: [[1, 1, 1], 0],
    options: {},
    want: "[before, behind]",
  },
  {
    name: "a word as value",
    widths: [0, 0],
    options: { value: "0" },
    want: "a number",
  },
])("pad() rejects $name", ({ widths, options, want }) => {
  const error = assertThrows(
    () => X.pad(widths as PadWidth[], options as PadOptions),
    OptionError,
    want,
  );
  assertEquals(error.code, "INVALID_OPTION");
});

Deno.test.each<{ widths: PadWidth[]; interior: number[]; want: string }>([
  {
    widths: [1],
    interior: [0, 0],
    want: "found 1 entries, wanted one for each axis of shape [2,2]",
  },
  { widths: [1, 1], interior: [0], want: '"interior": found 1 entries' },
  { widths: [1, 1], interior: [0, -1], want: "found [0,-1], wanted 0 or more" },
  {
    widths: [1, 1],
    interior: [0, 0.5],
    want: "wanted a list of whole numbers",
  },
])(
  "pad() rejects $widths with $interior between",
  ({ widths, interior, want }) => {
    const error = assertThrows(
      () => X.pad(widths, { interior }),
      TensorError,
      want,
    );
    assertEquals(error.code, "ATTRIBUTE_INVALID");
  },
);

Deno.test("pad() rejects to take away more than there is", () => {
  const error = assertThrows(() => X.pad([0, [-3, 0]]), ShapeError);
  assertEquals(error.code, "SHAPE_INVALID");
});

Deno.test("pad() rejects a value that JSON has no name for", () => {
  const widths = { low: [0, 0], high: [0, 0], interior: [0, 0] };
  const error = assertThrows(
    () => apply(padOperator, [X.node], { ...widths, value: "much" }),
    TensorError,
  );
  assertEquals(error.code, "ATTRIBUTE_INVALID");
});
