import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { InvariantError } from "../core/base/mod.ts";
import {
  type MatrixHandle,
  printKernel,
  RowProgramBuilder,
  type RowProgramKernel,
} from "./ir/mod.ts";
import { verifyKernel } from "./ir/verify_kernel.ts";
import { runKernel } from "./reference/mod.ts";

/** A program over a matrix of two rows and three columns, and one of zeros. */
function kernelOf(
  write: (p: RowProgramBuilder, x: MatrixHandle, y: MatrixHandle) => void,
  { isTransposed = false }: { readonly isTransposed?: boolean } = {},
): RowProgramKernel {
  const p = new RowProgramBuilder();
  const operand = { kind: "operand", operand: 0, isTransposed: false } as const;
  const x = p.matrix(2, 3, operand);
  const y = p.matrix(2, 3);
  write(p, x, y);
  const end = { name: "test", output: x, isTransposed, flops: 1 };
  return {
    kind: "rowProgram",
    batch: [],
    program: p.finish(end),
    operands: [{ dtype: "float32", strides: [3, 1], offset: 0 }],
    dtype: "float32",
  };
}

function run(kernel: RowProgramKernel): number[] {
  verifyKernel(kernel, [6]);
  const output = new Float64Array(6);
  runKernel(kernel, [Float64Array.of(1, 2, 3, 4, 5, 6)], output);
  return [...output];
}

const ALL = { from: 0, to: 3 };

// Expected values: worked by hand.
Deno.test.each<{
  name: string;
  write: Parameters<typeof kernelOf>[0];
  want: number[];
}>([
  { name: "nothing", write: () => {}, want: [1, 2, 3, 4, 5, 6] },
  {
    name: "addScaled and scale",
    write(p, x) {
      p.addScaled(x.row(1), x.row(0), { factor: -2, from: 1, to: 3 });
      p.scale(x.row(0), { factor: 10, ...ALL });
    },
    want: [10, 20, 30, 4, 1, 0],
  },
  {
    name: "swap and rotate by a quarter turn",
    write(p, x) {
      p.swap(x.row(0), x.row(1), { from: 0, to: 1 });
      const turn = { cosine: 0, sine: 1 };
      p.rotate(x.row(0), x.row(1), { ...turn, from: 1, to: 3 });
    },
    want: [4, -5, -6, 1, 2, 3],
  },
  {
    name: "rotate by nothing, whatever the cosine",
    write: (p, x) =>
      p.rotate(x.row(0), x.row(1), { cosine: NaN, sine: 0, ...ALL }),
    want: [1, 2, 3, 4, 5, 6],
  },
  {
    name: "a sum of products in an element",
    write: (p, x) =>
      p.store(x.at(1, 2), p.dot(x.row(0), x.row(1), { from: 1, to: 3 })),
    want: [1, 2, 3, 4, 5, 28],
  },
  {
    name: "loops up and down",
    write(p, x, y) {
      p.loop(ALL, (j) => {
        const before = p.element(y.at(0, 0));
        p.store(y.at(0, 0), p.sub(p.index(j), p.mul(2, before)));
      }, { isReverse: true });
      p.store(x.at(0, 0), p.element(y.at(0, 0)));
      p.loop({ from: 2, to: 1 }, () => p.store(x.at(0, 1), 100));
    },
    // 2, then 1 - 2 × 2 = -3, then 0 + 2 × 3.
    want: [6, 2, 3, 4, 5, 6],
  },
  {
    name: "repeat until a register holds 0",
    write(p, x) {
      const left = p.register(2);
      p.repeat(5, left, () => {
        p.set(left, p.sub(left, 1));
        p.scale(x.row(0), { factor: 2, ...ALL });
      });
      p.repeat(1, left, () => p.scale(x.row(1), { factor: 3, ...ALL }));
    },
    want: [4, 8, 12, 12, 15, 18],
  },
  {
    name: "select, less and equal, of NaN too",
    write(p, x) {
      const root = p.sqrt(-1);
      const parts = { whenTrue: 7, whenFalse: 8 };
      p.store(x.at(0, 0), p.select(p.less(root, 1), parts));
      p.store(x.at(0, 1), p.select(p.binary("equal", 2, 2), parts));
      p.store(x.at(0, 2), p.abs(p.neg(p.div(1, 4))));
    },
    want: [8, 7, 0.25, 4, 5, 6],
  },
  {
    name: "rows that a register holds, brought into range",
    write(p, x) {
      for (const [column, held] of [1, 1000, -5].entries()) {
        const row = p.held(p.register(held));
        p.store({ ...x.row(row), column }, 0);
      }
    },
    want: [1, 2, 0, 0, 0, 6],
  },
])("runKernel() rowProgram: $name", ({ write, want }) => {
  assertEquals(run(kernelOf(write)), want);
});

Deno.test("runKernel() rowProgram: gives its output transposed", () => {
  const kernel = kernelOf(() => {}, { isTransposed: true });
  assertEquals(run(kernel), [1, 4, 2, 5, 3, 6]);
});

Deno.test.each<{
  name: string;
  write: Parameters<typeof kernelOf>[0];
  claim: string;
}>([
  {
    name: "an element outside",
    write: (p, x) => p.store(x.at(0, 3), 1),
    claim: "lies within its matrix",
  },
  {
    name: "a loop that leaves the matrix",
    write: (p, x) => p.loop(ALL, (i) => p.store(x.at(i, 0), 1)),
    claim: "lies within its matrix",
  },
  {
    name: "the row after the last",
    write: (p, x) =>
      p.loop(
        { from: 0, to: 2 },
        (i) => p.scale(x.row(p.after(i)), { factor: 1, ...ALL }),
      ),
    claim: "lies within its matrix",
  },
  {
    name: "a stretch that is too long",
    write: (p, x) => p.scale(x.row(0), { factor: 1, from: 0, to: 4 }),
    claim: "a stretch lies within its rows",
  },
  {
    name: "products that begin before the row",
    write: (p, x) =>
      p.store(x.at(0, 0), p.dot(x.row(0), x.row(1), { from: -1, to: 2 })),
    claim: "a stretch lies within its rows",
  },
  {
    name: "a loop whose end elements have computed",
    write: (p) => p.loop({ from: 0, to: p.held(p.register(1)) }, () => {}),
    claim: "is known before elements are",
  },
  {
    name: "a register that there is not",
    write: (p, x) => p.store(x.at(0, 0), { kind: "register", register: 3 }),
    claim: "has the registers that it names",
  },
  {
    name: "a matrix that there is not",
    write: (p) => p.store({ matrix: 2, row: 0, column: 0 }, 1),
    claim: "has the matrices that it names",
  },
])("verifyKernel() rejects a row program with $name", ({ write, claim }) => {
  assertThrows(() => verifyKernel(kernelOf(write), [6]), InvariantError, claim);
});

Deno.test("verifyKernel() rejects operands that a row program does not take", () => {
  const kernel = kernelOf(() => {});
  const [operand] = kernel.operands;
  assertThrows(
    () => verifyKernel({ ...kernel, operands: [] }, []),
    InvariantError,
    "has the operands",
  );
  const half = { ...operand!, dtype: "float16" } as const;
  assertThrows(
    () => verifyKernel({ ...kernel, operands: [half] }, [6]),
    InvariantError,
    "which are float32",
  );
  assertThrows(
    () => verifyKernel(kernel, [5]),
    InvariantError,
    "reaches 0 to 5 of 5",
  );
});

Deno.test("verifyKernel() lets a loop that never runs do anything", () => {
  const kernel = kernelOf((p, x) =>
    p.loop({ from: 2, to: 2 }, (i) => p.store(x.at(i, 0), 1))
  );
  verifyKernel(kernel, [6]);
});

Deno.test("printKernel() writes a row program a step a line", () => {
  const kernel = kernelOf((p, x, y) => {
    const size = p.register(p.abs(p.element(x.at(0, 1))));
    p.loop({ from: 0, to: 2 }, (i) => {
      p.addScaled(y.row(i), x.row(p.held(size)), { factor: -0, ...ALL });
      p.rotate(x.row(0), x.row(1), { cosine: size, sine: 1, ...ALL });
    }, { isReverse: true });
    p.repeat(3, size, () =>
      p.scale(x.row(0), {
        factor: p.select(p.less(size, { kind: "epsilon" }), {
          whenTrue: p.index(1),
          whenFalse: p.dot(x.row(0), y.row(0), { from: 1, to: 3 }),
        }),
        ...ALL,
      }));
    p.swap(x.row(0), x.row(1), ALL);
  }, { isTransposed: true });
  assertEquals(printKernel(kernel).split("\n"), [
    "rowProgram test float32[] 3x2",
    "  @0 float32 strides [3,1] offset 0",
    "    m0 2x3 from @0",
    "    m1 2x3 from zeros",
    "    r0 = abs(m0[0,1])",
    "    loop i0 down 0..2",
    "      m1[i0] += -0 m0[r0] over 0..3",
    "      rotate m0[0], m0[1] by r0, 1 over 0..3",
    "    repeat 3 while r0",
    "      m0[0] *= select(less(r0, epsilon), 1, dot(m0[0] m1[0] over 1..3)) over 0..3",
    "    swap m0[0], m0[1] over 0..3",
    "    give m0 transposed",
  ]);
  const other = { ...kernel, program: { ...kernel.program, name: "other" } };
  assertNotEquals(printKernel(other), printKernel(kernel));
});
