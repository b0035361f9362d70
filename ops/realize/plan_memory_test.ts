import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { itemBytes, sizeOf } from "../../core/base/mod.ts";
import { type Node, placeholder } from "../graph/node.ts";
import type { ScheduledKernel } from "./scheduled_kernel.ts";
import { planMemory } from "./plan_memory.ts";

function value(size: number): Node {
  return placeholder("value", { dtype: "float32", shape: [size] });
}

/** A launch that reads some values and writes another; what it computes does not matter here. */
function launch(inputs: readonly Node[], output: Node): ScheduledKernel {
  const { dtype, shape } = output.type;
  // From elsewhere in the array: nothing can be written over it.
  const operands = inputs.map(() => ({ dtype, strides: [1], offset: 1 }));
  return {
    kernel: { kind: "map", shape, operands, body: [], dtype },
    inputs,
    output,
  };
}

/** A chain of launches, each of which reads what the one before it wrote. */
function chain(values: readonly Node[]): ScheduledKernel[] {
  return values.map((value, i) => launch(values.slice(i - 1, i), value));
}

Deno.test("planMemory() needs two temporaries for a chain, of any length", () => {
  const values = Array.from({ length: 10 }, () => value(4));
  const { temporaries, places } = planMemory(chain(values), new Set());
  assertEquals(temporaries, [16, 16]);
  assertEquals(values.map((value) => places.get(value)), [
    0,
    1,
    0,
    1,
    0,
    1,
    0,
    1,
    0,
    1,
  ]);
});

/** The same launch, element by element. */
function inPlace({ kernel, ...launch }: ScheduledKernel): ScheduledKernel {
  const operands = kernel.operands.map((each) => ({ ...each, offset: 0 }));
  return { ...launch, kernel: { ...kernel, operands } as typeof kernel };
}

Deno.test("planMemory() needs one temporary for an elementwise chain", () => {
  const values = Array.from({ length: 10 }, () => value(4));
  const { temporaries } = planMemory(chain(values).map(inPlace), new Set());
  assertEquals(temporaries, [16]);
});

Deno.test("planMemory() writes over nothing that is needed again", () => {
  const [a, b, c] = [value(4), value(4), value(4)];
  const kernels = [launch([], a), launch([a], b), launch([a, b], c)];
  const { places } = planMemory(kernels.map(inPlace), new Set());
  assertEquals([a, b, c].map((each) => places.get(each)), [0, 1, 0]);
});

Deno.test("planMemory() writes over nothing that is also read in another order", () => {
  const [a, b] = [value(4), value(4)];
  const [first, second] = [launch([], a), launch([a, a], b)];
  const { kernel, ...rest } = second;
  const [view, ...others] = kernel.operands;
  const mixed = { ...kernel, operands: [{ ...view!, offset: 0 }, ...others] };
  const kernels = [first, { ...rest, kernel: mixed as typeof kernel }];
  const { places } = planMemory(kernels, new Set());
  assertEquals([a, b].map((each) => places.get(each)), [0, 1]);
});

Deno.test("planMemory() keeps outputs out of the temporaries", () => {
  const [a, b, c] = [value(1), value(1), value(1)];
  const { temporaries, places } = planMemory(chain([a, b, c]), new Set([b, c]));
  assertEquals(temporaries, [4]);
  assertEquals([...places.keys()], [a]);
});

Deno.test("planMemory() takes the smallest place that is large enough, else grows the largest", () => {
  const [large, small, middle, huge] = [
    value(100),
    value(10),
    value(50),
    value(500),
  ];
  const reader = value(1);
  const kernels = [
    launch([], large),
    launch([], small),
    launch([large, small], reader),
    launch([], middle),
    launch([middle], value(1)),
    launch([], huge),
  ];
  const { temporaries, places } = planMemory(kernels, new Set([reader]));
  // Of 100 and 10, 100 holds 50; of 100 and 10, the larger grows to hold 500.
  assertEquals(places.get(middle), places.get(large));
  assertEquals(places.get(huge), places.get(large));
  assertEquals(temporaries, [2000, 40]);
});

Deno.test("planMemory() frees a value that nobody reads, and counts bytes by dtype", () => {
  const unread = placeholder("x", { dtype: "bool", shape: [5] });
  const kernels = [launch([], unread), launch([], value(1))];
  const { temporaries, places } = planMemory(kernels, new Set());
  assertEquals(temporaries, [5]);
  assertEquals([...places.values()], [0, 0]);
});

Deno.test("planMemory() of no launches needs nothing", () => {
  assertEquals(planMemory([], new Set()), {
    temporaries: [],
    places: new Map(),
  });
});

/** Launches that each read some earlier values; some values are outputs. */
const launches = fc.array(
  fc.record({
    size: fc.nat({ max: 9 }),
    reads: fc.array(fc.nat(), { maxLength: 4 }),
    isOutput: fc.boolean(),
  }),
  { maxLength: 20 },
);

Deno.test("planMemory() never lets two values share a place while both are needed", () => {
  fc.assert(
    fc.property(launches, (plan) => {
      const values = plan.map(({ size }) => value(size));
      const kernels = plan.map(({ reads }, i) =>
        launch(
          i === 0 ? [] : reads.map((read) => values[read % i]!),
          values[i]!,
        )
      );
      const outputs = new Set(values.filter((_, i) => plan[i]!.isOutput));
      const { temporaries, places } = planMemory(kernels, outputs);
      /** The last launch that reads a value, or writes it if none does. */
      const lastUses = values.map((value, i) =>
        Math.max(
          i,
          kernels.findLastIndex(({ inputs }) => inputs.includes(value)),
        )
      );
      values.forEach((value, i) => {
        const place = places.get(value);
        assertEquals(place === undefined, outputs.has(value));
        if (place === undefined) return;
        const bytes = sizeOf(value.type.shape) * itemBytes(value.type.dtype);
        assert(temporaries[place]! >= bytes);
        // Whatever is written from the next launch to the last use goes elsewhere. That includes the
        // launch of the last use, which would write over what it reads.
        for (let j = i + 1; j <= lastUses[i]!; j++) {
          assert(
            places.get(values[j]!) !== place,
            `${i} and ${j} share ${place}`,
          );
        }
      });
      // No place without a value.
      assertEquals(new Set(places.values()).size, temporaries.length);
    }),
    { seed: 1 },
  );
});
