/** Random row programs, against the reference. */
import fc from "fast-check";
import { ADDRESSES } from "./addresses_test.ts";
import { assertAgree, assertGpuAgrees } from "./assert_agree_test.ts";
import { GPU_ABSENCE } from "./gpu_absence_test.ts";
import {
  type MatrixHandle,
  type MatrixRow,
  type RegisterScalar,
  type RowIndex,
  type RowProgram,
  RowProgramBuilder,
  type RowScalar,
  type Stretch,
} from "./ir/mod.ts";
import {
  anyOf,
  anyShape,
  type Case,
  CaseBuilder,
  type Gen,
} from "./random_parts_test.ts";

const SIZES: readonly number[] = [1, 2, 3, 8, 9, 17];

/** What statements can be made of at some place of a program. */
interface Scope {
  readonly g: Gen;
  readonly p: RowProgramBuilder;
  readonly matrices: readonly MatrixHandle[];
  readonly sizes: readonly [rows: number, columns: number];
  readonly rows: readonly RowIndex[];
  readonly columns: readonly RowIndex[];
  readonly numbers: readonly RegisterScalar[];
  /** Holds a whole number that both sides know exactly, and that may lie anywhere. */
  readonly place: RegisterScalar;
}

function anyProgram(g: Gen): RowProgram {
  const sizes = [anyOf(g, SIZES), anyOf(g, SIZES)] as const;
  const p = new RowProgramBuilder();
  const isTransposed = g(fc.boolean);
  const matrices = [
    p.matrix(...sizes, { kind: "operand", operand: 0, isTransposed }),
    p.matrix(...sizes, { kind: "identity" }),
    p.matrix(...sizes),
  ];
  const place = p.register(anyOf(g, [-3, 0, 1, 1000, NaN]));
  const numbers = [p.register(0.5), p.register(-1)];
  const scope = {
    g,
    p,
    matrices,
    sizes,
    rows: [0, sizes[0] - 1],
    columns: [0, sizes[1] - 1],
    numbers,
    place,
  };
  writeBody(scope, 2);
  return p.finish({
    name: "any",
    output: anyOf(g, matrices),
    isTransposed: g(fc.boolean),
    flops: 1,
  });
}

function writeBody(scope: Scope, depth: number): void {
  const { g } = scope;
  const count = g(fc.integer, { min: 1, max: 4 });
  for (let i = 0; i < count; i++) {
    const kind = anyOf(g, ["step", "step", "loop", "repeat"] as const);
    if (depth === 0 || kind === "step") writeStep(scope);
    else if (kind === "loop") writeLoop(scope, depth);
    else writeRepeat(scope, depth);
  }
}

function writeLoop(scope: Scope, depth: number): void {
  const { g, p, sizes: [rows, columns] } = scope;
  const isOverRows = g(fc.boolean);
  const range = {
    from: g(fc.nat, { max: 2 }),
    to: isOverRows ? rows : columns,
  };
  p.loop(range, (i) => {
    const inner = isOverRows
      ? { ...scope, rows: [...scope.rows, i, i] }
      : { ...scope, columns: [...scope.columns, i, i] };
    writeBody(inner, depth - 1);
  }, { isReverse: g(fc.boolean) });
}

/** Counts down a register, and so ends early now and then. */
function writeRepeat(scope: Scope, depth: number): void {
  const { g, p } = scope;
  const left = p.register(g(fc.integer, { min: 1, max: 3 }));
  p.repeat(g(fc.nat, { max: 3 }), left, () => {
    writeBody(scope, depth - 1);
    p.set(left, p.sub(left, 1));
  });
}

function writeStep(scope: Scope): void {
  const { g, p } = scope;
  const stretch = anyStretch(scope);
  const [left, right] = [anyRow(scope), anyRow(scope)];
  switch (g(fc.nat, { max: 6 })) {
    case 0:
      return p.set(anyOf(g, scope.numbers), anyScalar(scope, 2));
    case 1: {
      const { matrix, row } = anyRow(scope);
      const target = { matrix, row, column: anyOf(g, scope.columns) };
      return p.store(target, anyScalar(scope, 2));
    }
    case 2: {
      const factor = p.mul(0.01, anyScalar(scope, 1));
      return p.addScaled(left, right, { factor, ...stretch });
    }
    case 3:
      return p.scale(left, { factor: anyOf(g, [-1, 0.5]), ...stretch });
    case 4:
      return p.swap(left, right, stretch);
    case 5: {
      const sine = anyOf(g, [0.6, -0.28, 0]);
      const cosine = Math.sqrt(1 - sine ** 2);
      return p.rotate(left, right, { cosine, sine, ...stretch });
    }
    default:
      return p.set(scope.place, p.index(anyOf(g, scope.rows)));
  }
}

function anyRow({ g, p, matrices, rows, place }: Scope): MatrixRow {
  return anyOf(g, matrices).row(anyOf(g, [...rows, p.held(place)]));
}

function anyStretch({ g, columns, sizes }: Scope): Stretch {
  const from = anyOf(g, [0, 0, ...columns]);
  return { from, to: anyOf(g, [sizes[1], sizes[1], ...columns]) };
}

/** A number of about 1, which small errors do not make jump. */
function anyScalar(scope: Scope, depth: number): RowScalar {
  const { g, p } = scope;
  const part = () => anyScalar(scope, depth - 1);
  const tamed = (x: RowScalar) => p.div(x, p.add(1, p.abs(x)));
  switch (g(fc.nat, { max: depth === 0 ? 2 : 7 })) {
    case 0:
      return anyOf(g, [0.25, -2, ...scope.numbers]);
    case 1: {
      const { matrix, row } = anyRow(scope);
      const column = anyOf(g, scope.columns);
      return tamed(p.element({ matrix, row, column }));
    }
    case 2:
      return tamed(p.index(anyOf(g, [...scope.rows, ...scope.columns])));
    case 3:
      return tamed(
        p.dot(anyRow(scope), anyRow(scope), anyStretch(scope)),
      );
    case 4:
      return p.sqrt(p.add(1, p.abs(part())));
    case 5: {
      const fn = anyOf(g, ["add", "sub", "mul"] as const);
      return tamed(p.binary(fn, part(), p.neg(part())));
    }
    case 6: {
      const fn = anyOf(g, ["less", "equal"] as const);
      const condition = p.binary(fn, p.index(anyOf(g, scope.rows)), 1);
      return p.select(condition, { whenTrue: part(), whenFalse: part() });
    }
    default:
      return p.less({ kind: "epsilon" }, p.index(anyOf(g, scope.columns)));
  }
}

function anyRowProgram(g: Gen): Case {
  const program = anyProgram(g);
  const { rows, columns, initial } = program.matrices[0]!;
  const isTurned = initial.kind === "operand" && initial.isTransposed;
  const batch = anyShape(g, { rankMax: 2, sizeMax: 9 });
  const builder = new CaseBuilder(g);
  builder.operand(
    [...batch, ...isTurned ? [columns, rows] : [rows, columns]],
    "float32",
  );
  const operands = builder.operands.map((operand) => ({
    ...operand,
    dtype: "float32" as const,
  }));
  const inputs = builder.inputs.map((input) => Float32Array.from(input));
  const kind = "rowProgram";
  return {
    kernel: { kind, batch, program, operands, dtype: "float32" },
    inputs,
  };
}

Deno.test.each(ADDRESSES.map((addresses) => ({ addresses })))(
  "createWasmBackend() agrees on any rowProgram kernel, $addresses addresses",
  async ({ addresses }) => {
    const count = addresses === "32-bit" ? 300 : 75;
    await assertAgree(anyRowProgram, count, { addresses });
  },
);

Deno.test(
  `createWebGpuBackend() agrees on any rowProgram kernel${GPU_ABSENCE}`,
  { ignore: GPU_ABSENCE !== "" },
  async () => {
    await assertGpuAgrees(anyRowProgram, 15);
  },
);
