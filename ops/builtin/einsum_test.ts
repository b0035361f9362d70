import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ShapeError, sizeOf } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
  randomArray,
} from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { TensorError } from "../errors.ts";
import { einsum } from "../functions/products.ts";
import { gradients } from "../gradients.ts";
import { printSchedule } from "../inspect/print_schedule.ts";
import type { Tensor } from "../tensor.ts";

function random(shape: readonly number[], seed: number): Tensor {
  return tensor(randomArray(sizeOf(shape), seed), { shape });
}

/**
 * Oracle: the definition. For each place of all letters, the product of the operands' elements is
 * added to the output's; axes of size 1 are read at their only place.
 */
async function defined(
  terms: readonly string[],
  output: string,
  operands: readonly Tensor[],
): Promise<Float64Array> {
  const sizes = new Map<string, number>();
  terms.forEach((term, i) =>
    [...term].forEach((letter, axis) => {
      const size = operands[i]!.shape[axis]!;
      sizes.set(letter, size === 1 ? sizes.get(letter) ?? 1 : size);
    })
  );
  const letters = [...sizes.keys()];
  const elements: Float64Array[] = [];
  for (const operand of operands) elements.push(await computeElements(operand));
  const shape = [...output].map((letter) => sizes.get(letter)!);
  const y = new Float64Array(sizeOf(shape));
  const place = new Map<string, number>();
  const offset = (term: string, shape: readonly number[]) =>
    [...term].reduce(
      (sum, letter, axis) =>
        sum * shape[axis]! + (shape[axis] === 1 ? 0 : place.get(letter)!),
      0,
    );
  function visit(depth: number): void {
    if (depth < letters.length) {
      const letter = letters[depth]!;
      for (let i = 0; i < sizes.get(letter)!; i++) {
        place.set(letter, i);
        visit(depth + 1);
      }
      return;
    }
    y[offset(output, shape)]! += terms.reduce(
      (product, term, i) =>
        product * elements[i]![offset(term, operands[i]!.shape)]!,
      1,
    );
  }
  visit(0);
  return y;
}

Deno.test("einsum() of any specification is what its definition says", async () => {
  const letter = fc.constantFrom(..."abcd");
  const arbitrary = fc.record({
    terms: fc.array(fc.array(letter, { maxLength: 3 }), {
      minLength: 1,
      maxLength: 4,
    }),
    sizes: fc.array(fc.constantFrom(1, 2, 3, 0), {
      minLength: 4,
      maxLength: 4,
    }),
    stretched: fc.integer({ min: 0, max: 15 }),
    order: fc.shuffledSubarray([..."abcd"]),
    seed: fc.nat(1000),
  });
  await fc.assert(
    fc.asyncProperty(
      arbitrary,
      async ({ terms, sizes, stretched, order, seed }) => {
        const size = (letter: string) => sizes["abcd".indexOf(letter)]!;
        const operands = terms.map((term, i) => {
          // All axes of an operand at once, so that its diagonals keep one size.
          const isStretched = (stretched >> i & 1) === 1 && i > 0;
          return random(term.map((a) => isStretched ? 1 : size(a)), seed + i);
        });
        const output = order.filter((a) => terms.flat().includes(a)).join("");
        const texts = terms.map((term) => term.join(""));
        const y = einsum(`${texts.join(",")}->${output}`, ...operands);
        const want = await defined(texts, output, operands);
        assertEquals(sizeOf(y.shape), want.length);
        assertClose(await computeElements(y), want, { tolerance: 1e-12 });
      },
    ),
    { seed: 1, numRuns: 150 },
  );
});

// Expected values: by hand, and as NumPy's documentation of einsum has them.
Deno.test.each([
  { spec: "ii", want: { shape: [], elements: [5] } },
  { spec: "ii->i", want: { shape: [2], elements: [1, 4] } },
  { spec: "ij", want: { shape: [2, 2], elements: [1, 2, 3, 4] } },
  { spec: "ba", want: { shape: [2, 2], elements: [1, 3, 2, 4] } },
  { spec: "ij->", want: { shape: [], elements: [10] } },
  { spec: "i...->...", want: { shape: [2], elements: [4, 6] } },
  { spec: "...", want: { shape: [2, 2], elements: [1, 2, 3, 4] } },
  { spec: " i j -> j ", want: { shape: [2], elements: [4, 6] } },
])("einsum() reads $spec as NumPy does", async ({ spec, want }) => {
  const y = einsum(spec, tensor([[1, 2], [3, 4]]));
  assertEquals(y.shape, want.shape);
  assertEquals(await computeElements(y), Float64Array.from(want.elements));
});

Deno.test("einsum() broadcasts the axes under ellipses from the last", async () => {
  const [x, y] = [random([4, 1, 2, 3], 1), random([5, 3, 2], 2)];
  const hidden = einsum("...ij,...jk", x, y);
  assertEquals(hidden.shape, [4, 5, 2, 2]);
  const named = einsum("abij,bjk->abik", x, y);
  const want = await computeElements(x.matmul(y));
  assertClose(await computeElements(hidden), want, { tolerance: 1e-12 });
  assertClose(await computeElements(named), want, { tolerance: 1e-12 });
  const last = einsum("i...,...j->j...i", random([2, 4], 3), random([4, 3], 4));
  assertEquals(last.shape, [3, 4, 2]);
});

Deno.test("einsum() of scalars, and of nothing along an axis", async () => {
  assertEquals(await einsum(",", tensor(3), tensor(4)).item(), 12);
  const empty = einsum("ij,jk->ik", zeros([2, 0]), zeros([0, 1]));
  assertEquals(await empty.array(), [[0], [0]]);
});

Deno.test("einsum() counts truth and whole numbers in int32", async () => {
  const truth = tensor([[true, false], [true, true]]);
  assertEquals(einsum("ij->ji", truth).dtype, "bool");
  const count = einsum("ij->i", truth);
  assertEquals(count.dtype, "int32");
  assertEquals(await count.array(), [1, 2]);
  const whole = tensor([[100, 27]], { dtype: "int8" });
  const square = einsum("ij,kj->ik", whole, whole);
  assertEquals([square.dtype, await square.item()], ["int32", 10729]);
  const mixed = einsum("ij,j->i", whole, tensor([0.5, 1]));
  assertEquals([mixed.dtype, await mixed.item()], ["float32", 77]);
});

Deno.test("einsum() multiplies matrices where there are some, else in one pass", () => {
  const [x, y, v] = [random([8, 8], 1), random([8, 8], 2), random([8], 3)];
  const kernels = (spec: string, ...operands: Tensor[]) =>
    printSchedule([einsum(spec, ...operands)]);
  const product = kernels("ij,kj->ki", x, y);
  assertEquals(product.match(/contract/g)?.length, 1, product);
  const column = kernels("ij,j->i", x, v);
  assertEquals(column.match(/contract/g)?.length, 1, column);
  const line = kernels("ij,ij->i", x, y);
  assertEquals(line.match(/contract/g) ?? [], []);
  assertEquals(line.match(/reduce/g)?.length, 1, line);
  assert(
    !kernels("bij,bjk->bik", random([2, 3, 4], 4), random([2, 4, 5], 5))
      .includes("map"),
  );
});

Deno.test.each([
  { spec: "ij,jk->ik", shapes: [[2, 3], [3, 2]] },
  { spec: "ii->i", shapes: [[3, 3]] },
  { spec: "ij,j,ki->k", shapes: [[2, 3], [3], [2, 2]] },
  { spec: "...i,i->...", shapes: [[2, 2], [2]] },
  { spec: "ij,ij->j", shapes: [[1, 3], [2, 3]] },
])(
  "einsum() of $spec has the gradients of central differences",
  async ({ spec, shapes }) => {
    const inputs = shapes.map((shape, i) => random(shape, 7 + i));
    await assertGradients((...xs) => einsum(spec, ...xs), inputs);
    for (const i of inputs.keys()) {
      await assertGradients((...xs) => {
        const y = einsum(spec, ...xs);
        return gradients(y.mul(y).sum(), xs)[i]!;
      }, inputs);
    }
  },
);

Deno.test.each([
  { spec: "ij->k", problem: 'found "k" in the output and no operand' },
  { spec: "ij->ii", problem: 'found "i" twice in the output' },
  { spec: "i", problem: 'found 1 labels "i", wanted 2 for shape [2,3]' },
  { spec: "ijk...", problem: 'found 3 labels "ijk...", wanted 2' },
  { spec: "ij,jk", problem: "found labels for 2 operands, wanted them for 1" },
  { spec: "i1", problem: 'found "1", wanted letters' },
  { spec: "i..", problem: 'found ".", wanted letters' },
  { spec: "...i...", problem: 'found two ellipses in "...i..."' },
  { spec: "ij->i->j", problem: "found more than one arrow" },
])("einsum() rejects $spec", ({ spec, problem }) => {
  const error = assertThrows(
    () => einsum(spec, zeros([2, 3])),
    TensorError,
    `Cannot apply einsum with attribute "spec": ${problem}`,
  );
  assertEquals(error.code, "ATTRIBUTE_INVALID");
});

Deno.test("einsum() names the label and the operands whose sizes differ", () => {
  const [x, y] = [zeros([2, 3]), zeros([4, 5])];
  const letters = assertThrows(
    () => einsum("ij,jk,j", x, y, zeros([3])),
    ShapeError,
    'Cannot apply einsum to shapes [2,3] and [4,5]: "j" must have one size, or 1, in operands 0 and 1',
  );
  assertEquals(letters.code, "SHAPE_MISMATCH");
  assertThrows(
    () => einsum("...,...", x, y),
    ShapeError,
    'the axes under "..." must have one size, or 1, in operands 0 and 1',
  );
  for (const spec of ["ii", "ii->i"]) {
    const message = '"i" must have one size in operand 0';
    assertThrows(() => einsum(spec, zeros([1, 3])), ShapeError, message);
  }
  const none = assertThrows(() => einsum("i"), TensorError);
  assertEquals(none.code, "OPERATOR_ARITY");
});
