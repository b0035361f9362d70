import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { DTypeError, ShapeError } from "../../core/base/mod.ts";
import {
  assertGradients,
  computeElements,
  evaluateTensors,
  randomArray,
} from "../../testing/mod.ts";
import { tensor } from "../create.ts";
import { TensorError } from "../errors.ts";

// Expected values: NumPy 2.4.6, sort and argsort with kind="stable".
Deno.test("sort() and argsort() of known values, NaN as the largest", async () => {
  const x = tensor([0.5, 0.5, -8, NaN, -Infinity]);
  assertEquals([...await x.sort().data()], [-Infinity, -8, 0.5, 0.5, NaN]);
  assertEquals([...await x.argsort().data()], [4, 2, 0, 1, 3]);
  const y = tensor([2, 1, 2, 1, 3, 1], { dtype: "int32" });
  assertEquals([...await y.argsort().data()], [1, 3, 5, 0, 2, 4]);
  assertEquals([...await y.sort().data()], [1, 1, 1, 2, 2, 3]);
});

// Oracle: PyTorch's rule, NaN before all others and equal elements in order.
Deno.test("sort() and argsort() descending begin with NaN, and stay stable", async () => {
  const x = tensor([1, NaN, 3, -0, 3, 0]);
  const [values, places] = [
    x.sort(0, { descending: true }),
    x.argsort(0, { descending: true }),
  ];
  assertEquals([...await places.data()], [1, 2, 4, 0, 3, 5]);
  assertEquals([...await values.data()].map((v) => v + 0), [
    NaN,
    3,
    3,
    1,
    0,
    0,
  ]);
});

Deno.test("sort() knows the ends of int32", async () => {
  const x = tensor([0, 2 ** 31 - 1, -(2 ** 31), -1], { dtype: "int32" });
  assertEquals([...await x.argsort().data()], [2, 3, 0, 1]);
  const { values } = x.topK(2, 0, { largest: false });
  assertEquals([...await values.data()], [-(2 ** 31), -1]);
});

Deno.test("sort() and its kin along any axis, as their definitions do", async () => {
  const elements = randomArray(84, 3).map((x) => Math.round(2 * x));
  const x = tensor(elements, { shape: [3, 4, 7] });
  for (const axis of [0, 1, 2, -2]) {
    for (const descending of [false, true]) {
      const { values, indices } = x.topK(2, axis, { largest: descending });
      const all = [
        x.sort(axis, { descending }),
        x.argsort(axis, { descending }),
        values,
        indices,
      ];
      const wanted = await evaluateTensors(all);
      for (const [i, { elements }] of wanted.entries()) {
        assertEquals(await computeElements(all[i]!), elements);
      }
    }
  }
});

Deno.test("sort() gives the elements that argsort() points at, in order, for any line", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.float({ noDefaultInfinity: false }), { maxLength: 200 }),
      fc.boolean(),
      async (line, descending) => {
        const x = tensor(Float32Array.from(line));
        const places = await x.argsort(0, { descending }).data();
        assertEquals(
          Int32Array.from(places).sort(),
          Int32Array.from(line.keys()),
        );
        const values = await x.sort(0, { descending }).data();
        // Zeros are equal; their signs may come in another order.
        assertEquals(
          Array.from(values, (value) => value + 0),
          Array.from(places, (place) => Math.fround(line[place]!) + 0),
        );
        const sorted = Float32Array.from(line).sort();
        if (descending) sorted.reverse();
        assertEquals([...values], [...sorted]);
      },
    ),
    { seed: 1, numRuns: 100 },
  );
});

Deno.test("topK() gives what a whole sort begins with, however long the line", async () => {
  for (const length of [1, 50, 1023, 1024, 5000]) {
    const elements = randomArray(length, length).map((x) => Math.round(9 * x));
    for (const values of [elements, elements.toSorted()]) {
      const x = tensor(values);
      for (const largest of [true, false]) {
        const k = Math.min(length, 7);
        const { indices } = x.topK(k, 0, { largest });
        const whole = x.argsort(0, { descending: largest });
        assertEquals(
          [...await indices.data()],
          [...(await whole.data()).slice(0, k)],
        );
      }
    }
  }
});

Deno.test("sort() and topK() have the gradients of central differences", async () => {
  const seed = 8;
  const x = tensor(randomArray(24, seed), { shape: [2, 4, 3] });
  for (const axis of [0, 1, 2]) {
    for (const descending of [false, true]) {
      await assertGradients((x) => x!.sort(axis, { descending }), [x], {
        seed,
      });
      await assertGradients(
        (x) => x!.topK(2, axis, { largest: descending }).values,
        [x],
        { seed },
      );
    }
  }
});

Deno.test("sort() and topK() of nothing are nothing", async () => {
  for (const shape of [[0], [2, 0], [0, 3]]) {
    const x = tensor([], { shape });
    assertEquals((await x.sort().data()).length, 0);
    assertEquals((await x.argsort(0).data()).length, 0);
  }
  const { values, indices } = tensor([[1, 2]]).topK(0);
  assertEquals([values.shape, indices.shape], [[1, 0], [1, 0]]);
  assertEquals((await values.data()).length, 0);
});

Deno.test("sort() and topK() reject axes, dtypes and counts that do not fit", () => {
  const x = tensor([[1, 2, 3]]);
  const outside = assertThrows(() => x.sort(2), ShapeError);
  assertEquals(outside.code, "AXIS_RANGE");
  assertThrows(() => x.topK(1, -3), ShapeError);
  assertThrows(
    () => x.cast("bool").sort(),
    DTypeError,
    'Cannot apply sort to "bool": the dtype must be "int8"',
  );
  assertThrows(() => x.cast("bool").topK(1), DTypeError);
  for (const k of [-1, 4]) {
    assertThrows(
      () => x.topK(k),
      TensorError,
      `Cannot apply argTopK with attribute "k": found ${k}, wanted a whole number from 0 to 3, the size of axis 1`,
    );
  }
  assertThrows(() => x.topK(NaN), TensorError);
});
