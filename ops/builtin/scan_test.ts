import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { DTypeError, ShapeError } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
  evaluateTensors,
  randomArray,
} from "../../testing/mod.ts";
import { tensor } from "../create.ts";
import { TensorError } from "../errors.ts";
import { gradients } from "../gradients.ts";
import { Tensor } from "../tensor.ts";
import { scan, SCAN_OPERATORS, type ScanName } from "./scan.ts";

const NAMES = Object.keys(SCAN_OPERATORS) as ScanName[];

// Expected values: NumPy 2.4.6, cumsum, cumprod, maximum.accumulate and minimum.accumulate.
Deno.test.each<{ name: ScanName; x: number[]; want: number[] }>([
  {
    name: "cumsum",
    x: [3.5, -1.25, 0, -2, 7],
    want: [3.5, 2.25, 2.25, 0.25, 7.25],
  },
  { name: "cumprod", x: [3.5, -1.25, 4, -2], want: [3.5, -4.375, -17.5, 35] },
  {
    name: "cummax",
    x: [0.5, 0.25, -8, NaN, -Infinity],
    want: [0.5, 0.5, 0.5, NaN, NaN],
  },
  {
    name: "cummin",
    x: [0.5, 0.25, -8, NaN, -Infinity],
    want: [0.5, 0.25, -8, NaN, NaN],
  },
])("scan() $name of known values", async ({ name, x, want }) => {
  assertEquals([...await tensor(x)[name]().data()], want);
  const reversed = tensor(x.toReversed())[name](0, { reverse: true });
  assertEquals([...await reversed.data()], want.toReversed());
});

Deno.test.each<{ name: ScanName; dtype: "float32" | "int32"; want: number }>([
  { name: "cumsum", dtype: "float32", want: 0 },
  { name: "cumprod", dtype: "int32", want: 1 },
  { name: "cummax", dtype: "float32", want: -Infinity },
  { name: "cummax", dtype: "int32", want: -(2 ** 31) },
  { name: "cummin", dtype: "float32", want: Infinity },
  { name: "cummin", dtype: "int32", want: 2 ** 31 - 1 },
])("scan() exclusive $name of $dtype begins with $want", async (row) => {
  const x = tensor([5, 7, 2], { dtype: row.dtype });
  const own = await x[row.name]().data();
  const before = await x[row.name](0, { exclusive: true }).data();
  assertEquals([...before], [row.want, ...own.slice(0, -1)]);
});

Deno.test("scan() along any axis, as its definition does", async () => {
  const x = tensor(randomArray(60, 11), { shape: [3, 4, 5] });
  for (const name of NAMES) {
    for (const axis of [0, 1, 2, -1]) {
      for (const exclusive of [false, true]) {
        for (const reverse of [false, true]) {
          const y = x[name](axis, { exclusive, reverse });
          const [want] = await evaluateTensors([y]);
          assertClose(await computeElements(y), want!.elements, { seed: 11 });
        }
      }
    }
  }
});

Deno.test("scan() counts truth in int32, which wraps around", async () => {
  const truth = tensor([1, 0, 1], { dtype: "bool" });
  assertEquals(truth.cumsum().dtype, "int32");
  assertEquals([...await truth.cumsum().data()], [1, 1, 2]);
  assertEquals([...await truth.cumprod().data()], [1, 0, 0]);
  const large = tensor([2 ** 31 - 1, 1], { dtype: "int32" });
  assertEquals([...await large.cumsum().data()], [2 ** 31 - 1, -(2 ** 31)]);
});

Deno.test("scan() rounds each sum once", async () => {
  // 2^24 and ones: float32 has no odd numbers there, a sum that is rounded on the way stays.
  const x = new Float32Array(1001).fill(1);
  x[0] = 2 ** 24;
  const y = await tensor(x).cumsum().data();
  for (let i = 0; i <= 1000; i++) assertEquals(y[i], Math.fround(2 ** 24 + i));
});

Deno.test("scan() forward and backward meet in the total, for any line", async () => {
  const whole = fc.integer({ min: -1000, max: 1000 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(whole, { minLength: 1, maxLength: 40 }),
      async (line) => {
        const x = tensor(line, { dtype: "int32" });
        const before = await x.cumsum(0, { exclusive: true }).data();
        const after = await x.cumsum(0, { exclusive: true, reverse: true })
          .data();
        const total = line.reduce((a, b) => a + b);
        line.forEach((own, i) =>
          assertEquals(before[i]! + own + after[i]!, total)
        );
      },
    ),
    { seed: 1, numRuns: 60 },
  );
});

Deno.test.each(
  NAMES.flatMap((name) =>
    [false, true].flatMap((reverse) =>
      [false, true].map((exclusive) => ({ name, reverse, exclusive }))
    )
  ),
)(
  "scan() $name has the gradient of central differences: reverse $reverse, exclusive $exclusive",
  async ({ name, reverse, exclusive }) => {
    const seed = 5;
    const x = tensor(randomArray(12, seed), { shape: [2, 3, 2] });
    // Extremes that nothing precedes are infinite, and have no slope.
    const finite = (y: Tensor) => y.clamp(-100, 100);
    for (const axis of [1, -1]) {
      await assertGradients(
        (x) => finite(x![name](axis, { reverse, exclusive })),
        [x],
        { seed },
      );
    }
  },
);

Deno.test("scan() cumprod has a gradient through zeros, and a second one", async () => {
  const x = tensor([[2, 0, 3, 4], [0, 5, 0, 1], [1, 2, 0, 0]]);
  for (const reverse of [false, true]) {
    await assertGradients((x) => x!.cumprod(1, { reverse }), [x]);
  }
  for (const reverse of [false, true]) {
    for (const exclusive of [false, true]) {
      await assertGradients(
        (x) => {
          const z = x!.cumprod(1, { reverse, exclusive });
          return gradients(z.mul(z).sum(), [x!])[0]!;
        },
        [x],
        { tolerance: 1e-5 },
      );
    }
  }
});

Deno.test("scan() cumprod has gradients where products are too small for float32", async () => {
  const x = tensor([1e-30, 1e-30, 3]);
  const [slope] = gradients(x.cumprod().slice([[1, null]]).sum(), [x]);
  // x1 + x1 x2, x0 + x0 x2, and x0 x1.
  assertClose(await slope!.data(), [4e-30, 4e-30, 0], {
    tolerance: 1e-6,
  });
});

// Oracle: PyTorch's rule, the latest of equal elements.
Deno.test("scan() cummax gives the gradient to the latest of equal elements", async () => {
  const x = tensor([1, 3, 3, 2]);
  const [forward] = gradients(x.cummax().sum(), [x]);
  assertEquals([...await forward!.data()], [1, 1, 2, 0]);
  const [backward] = gradients(x.cummax(0, { reverse: true }).sum(), [x]);
  assertEquals([...await backward!.data()], [0, 2, 1, 1]);
});

Deno.test("scan() of nothing is nothing", async () => {
  const x = tensor([], { shape: [2, 0, 3] });
  for (const name of NAMES) {
    for (const axis of [0, 1, 2]) {
      assertEquals((await x[name](axis).data()).length, 0);
    }
  }
});

Deno.test("scan() rejects axes and dtypes that do not fit", () => {
  const x = tensor([[1, 2]]);
  for (const name of NAMES) {
    const error = assertThrows(() => x[name](2), ShapeError);
    assertEquals(error.code, "AXIS_RANGE");
    assertThrows(() => x[name](0.5), TensorError);
  }
  assertThrows(
    () => x.cast("bool").cummax(),
    DTypeError,
    'Cannot apply cummax to "bool": the dtype must be "int8"',
  );
});

Deno.test("scan() takes the computation of its input into its kernel", async () => {
  const { makePlan } = await import("../realize/plan.ts");
  const x = tensor([1, 2, 3]);
  const y = new Tensor(
    scan("cumsum", x.mul(x).add(1).node, {
      axis: 0,
      exclusive: false,
      reverse: false,
    }),
  );
  const { steps } = makePlan([y.node]).program;
  assertEquals(steps.map(({ kernel }) => kernel.kind), ["scan"]);
  assert([...await y.data()].join() === "2,7,17");
});
