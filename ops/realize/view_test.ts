import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Shape, sizeOf } from "../../core/base/mod.ts";
import type { ViewStep } from "../graph/node.ts";
import { applyStep, applySteps, type View, wholeView } from "./view.ts";

/** Which element of the array a view shows at each place, row by row. */
function elementsSeen({ shape, strides, offset }: View): number[] {
  return Array.from({ length: sizeOf(shape) }, (_, index) => {
    let rest = index;
    return shape.reduceRight((at, size, axis) => {
      const place = rest % size;
      rest = Math.floor(rest / size);
      return at + place * strides[axis]!;
    }, offset);
  });
}

const PERMUTE: ViewStep = { kind: "permute", axes: [1, 0] };

function reshape(...shape: number[]): ViewStep {
  return { kind: "reshape", shape };
}

function expand(...shape: number[]): ViewStep {
  return { kind: "expand", shape };
}

// Expected strides: worked by hand.
Deno.test.each<{
  name: string;
  from: Shape;
  steps: ViewStep[];
  strides: number[];
}>([
  { name: "nothing", from: [2, 3], steps: [], strides: [3, 1] },
  { name: "a transpose", from: [2, 3], steps: [PERMUTE], strides: [1, 3] },
  { name: "a new row axis", from: [3], steps: [expand(2, 3)], strides: [0, 1] },
  {
    name: "a stretched axis",
    from: [2, 1],
    steps: [expand(2, 3)],
    strides: [1, 0],
  },
  {
    name: "merged axes",
    from: [2, 3, 4],
    steps: [reshape(6, 4)],
    strides: [4, 1],
  },
  {
    name: "a split axis",
    from: [6, 4],
    steps: [reshape(2, 3, 4)],
    strides: [12, 4, 1],
  },
  {
    name: "a split axis of a transpose",
    from: [4, 6],
    steps: [PERMUTE, reshape(2, 3, 4)],
    strides: [3, 1, 6],
  },
  {
    name: "axes of size 1 that come and go",
    from: [2, 1, 3],
    steps: [reshape(1, 2, 3, 1)],
    strides: [0, 3, 1, 1],
  },
  {
    name: "stretched axes that are merged",
    from: [1, 1],
    steps: [expand(2, 3), reshape(6)],
    strides: [0],
  },
  {
    name: "a stretched axis that is split",
    from: [1, 5],
    steps: [expand(6, 5), reshape(2, 3, 5)],
    strides: [0, 0, 1],
  },
  {
    name: "a part of an axis, backwards",
    from: [4, 6],
    steps: [{ kind: "slice", starts: [3, 1], sizes: [2, 5], steps: [-2, 1] }],
    strides: [-12, 1],
  },
  {
    name: "windows that overlap",
    from: [8, 2],
    steps: [{
      kind: "windows",
      axis: 0,
      count: 2,
      size: 3,
      stride: 2,
      dilation: 3,
    }],
    strides: [4, 1, 6],
  },
  { name: "one element", from: [1, 1], steps: [reshape()], strides: [] },
])("applySteps() of $name", ({ from, steps, strides }) => {
  const view = applySteps(wholeView(from), steps);
  assertEquals(view?.strides, strides);
});

Deno.test.each<{ name: string; from: Shape; steps: ViewStep[] }>([
  {
    name: "axes that do not lie in order",
    from: [2, 3],
    steps: [PERMUTE, reshape(6)],
  },
  {
    name: "an axis over the border between two",
    from: [4, 3],
    steps: [PERMUTE, reshape(2, 6)],
  },
  {
    name: "a stretched axis with one that is not",
    from: [3, 1],
    steps: [expand(3, 2), reshape(6)],
  },
])("applySteps() cannot merge $name", ({ from, steps }) => {
  assertEquals(applySteps(wholeView(from), steps), undefined);
  // The steps before the last can be expressed.
  assert(applySteps(wholeView(from), steps.slice(0, -1)));
});

Deno.test("applyStep() does not mind the stride of an axis of size 1", () => {
  const view = { shape: [2, 1, 3], strides: [3, 100, 1], offset: 4 };
  assertEquals(applyStep(view, reshape(6)), {
    shape: [6],
    strides: [1],
    offset: 4,
  });
});

Deno.test("applyStep() of no elements is always possible", () => {
  const view = applySteps(wholeView([2, 0, 3]), [
    { kind: "permute", axes: [2, 0, 1] },
    reshape(5, 0),
    reshape(0),
  ]);
  assertEquals(view?.shape, [0]);
});

/** A shape of `size` elements, and ways to look at it otherwise. */
const shapes = fc.array(fc.constantFrom(1, 2, 3), { maxLength: 4 });

/** Steps for a shape, made from choices. */
function stepFor(shape: Shape, choices: readonly number[]): ViewStep {
  const [kind = 0, ...rest] = choices;
  const left = [...rest];
  const choose = (count: number) => (left.shift() ?? 0) % count;
  if (kind % 5 === 3) {
    const steps = shape.map(() => [1, 2, -1, -2][choose(4)]!);
    const sizes = shape.map((size, axis) =>
      Math.min(choose(3), Math.ceil(size / Math.abs(steps[axis]!)))
    );
    const starts = shape.map((size, axis) =>
      sizes[axis] === 0 ? 0 : steps[axis]! < 0 ? size - 1 : 0
    );
    return { kind: "slice", starts, sizes, steps };
  }
  if (kind % 5 === 4 && shape.length > 0) {
    const axis = choose(shape.length);
    const size = shape[axis] === 0 ? 0 : 1 + choose(shape[axis]!);
    const stride = 1 + choose(2);
    const count = Math.floor((shape[axis]! - size) / stride) + 1;
    return { kind: "windows", axis, count, size, stride, dilation: 1 };
  }
  if (kind % 5 === 0) {
    const axes = [...shape.keys()];
    const order = shape.map(() => axes.splice(choose(axes.length), 1)[0]!);
    return { kind: "permute", axes: order };
  }
  if (kind % 5 === 1) {
    const sizes = shape.map((size) => size === 1 ? 1 + choose(2) : size);
    return { kind: "expand", shape: choose(2) === 0 ? sizes : [2, ...sizes] };
  }
  if (shape.includes(0)) return { kind: "reshape", shape };
  const sizes: number[] = [];
  for (let size = sizeOf(shape); size > 1;) {
    const factor = size % 2 === 0 ? 2 : 3;
    sizes.splice(choose(sizes.length + 1), 0, factor);
    size /= factor;
  }
  while (sizes.length > 1 && choose(2) === 0) {
    sizes.splice(0, 2, sizes[0]! * sizes[1]!);
  }
  return { kind: "reshape", shape: [...sizes, ...choose(2) === 0 ? [1] : []] };
}

/** Every place of an index space, row by row. */
function placesOf(shape: Shape): readonly (readonly number[])[] {
  return shape.reduce<readonly (readonly number[])[]>(
    (places, size) =>
      places.flatMap((place) =>
        Array.from({ length: size }, (_, at) => [...place, at])
      ),
    [[]],
  );
}

/** Brute force: the step done on a list of elements. */
function moveElements(
  seen: readonly number[],
  shape: Shape,
  step: ViewStep,
): readonly number[] {
  if (step.kind === "reshape") return seen;
  const index = wholeView(shape);
  const elementAt = (place: readonly number[]) =>
    seen[place.reduce((sum, at, axis) => sum + at * index.strides[axis]!, 0)]!;
  if (step.kind === "slice") {
    return placesOf(step.sizes).map((place) =>
      elementAt(
        place.map((at, axis) => step.starts[axis]! + at * step.steps[axis]!),
      )
    );
  }
  if (step.kind === "windows") {
    const { axis, count, size, stride, dilation } = step;
    return placesOf([...shape.with(axis, count), size]).map((place) => {
      const at = place[axis]! * stride + place.at(-1)! * dilation;
      return elementAt(place.slice(0, -1).with(axis, at));
    });
  }
  const moved = step.kind === "permute"
    ? step.axes.map((axis) => index.strides[axis]!)
    : step.shape.map((_, axis) => {
      const own = axis - (step.shape.length - shape.length);
      return own < 0 || shape[own] === 1 ? 0 : index.strides[own]!;
    });
  const to = step.kind === "permute"
    ? step.axes.map((axis) => shape[axis]!)
    : step.shape;
  return elementsSeen({ shape: to, strides: moved, offset: 0 })
    .map((place) => seen[place]!);
}

Deno.test("applyStep() shows the elements that brute force finds, or says that it cannot", () => {
  let expressed = 0;
  fc.assert(
    fc.property(
      shapes,
      fc.array(fc.array(fc.nat(30), { minLength: 1, maxLength: 9 }), {
        maxLength: 5,
      }),
      (shape, plan) => {
        let view: View = wholeView(shape);
        let seen: readonly number[] = elementsSeen(view);
        for (const choices of plan) {
          const step = stepFor(view.shape, choices);
          const next = applyStep(view, step);
          // Only a reshape can be out of reach of strides.
          if (!next) return assertEquals(step.kind, "reshape");
          seen = moveElements(seen, view.shape, step);
          if (seen.length > 1000) return;
          view = next;
          assertEquals(elementsSeen(view), seen);
          expressed++;
        }
      },
    ),
    { seed: 1, numRuns: 300 },
  );
  assert(expressed > 300);
});
