import type { FunctionReference, Local } from "../assembler/function_types.ts";
import type { Arithmetic } from "./arithmetic.ts";
import type { Surroundings, VectorCode } from "../lanes/vector_code.ts";
import { emitTiles } from "./emit_tiles.ts";
import {
  DEPTH_STEP,
  TILE_COLUMNS,
  TILE_ROWS,
  tileHelper,
} from "./micro_kernel.ts";

const MULTIPLY_PARAMETERS = [
  "address",
  "address",
  "address",
  "i32",
  "i32",
  "i32",
  "i32",
  "i32",
] as const;

/**
 * Writes the function that multiplies packed panels.
 *
 * Parameters: addresses of A, B and C; rows; columns; depth rounded up; bytes from row to row of C;
 * whether to add to what C holds.
 *
 * @param module Where the function belongs.
 * @param arithmetic What the words of the panels are.
 * @returns The function.
 */
export function multiplyHelper(
  module: Surroundings,
  arithmetic: Arithmetic,
): FunctionReference {
  const signature = { parameters: MULTIPLY_PARAMETERS, results: [] };
  const name = `multiply ${arithmetic.name}`;
  return module.helper(name, signature, (code) => {
    const { f } = code;
    const [left, right, target, rows, columns, depth, stride, adds] =
      MULTIPLY_PARAMETERS.map((_, i) => f.parameter(i)) as [
        Local,
        Local,
        Local,
        Local,
        Local,
        Local,
        Local,
        Local,
      ];
    const panelBytes = f.op("i32.mul", depth, 4 * TILE_COLUMNS);
    f.loop((next) => {
      const isFull = f.op("i32.ge_s", columns, TILE_COLUMNS);
      const width = f.op("i32.select", TILE_COLUMNS, columns, isFull);
      emitColumn(code, arithmetic, {
        left,
        right,
        target,
        rows,
        depth,
        stride,
        adds,
        width,
      });
      f.assign(right, "i32.add", right, panelBytes);
      f.assign(target, "i32.add", target, 4 * TILE_COLUMNS);
      f.assign(columns, "i32.sub", columns, TILE_COLUMNS);
      f.branchIf(next, f.op("i32.gt_s", columns, 0));
    });
  });
}

/** Writes the tiles below each other: all rows by one panel of columns. */
function emitColumn(
  code: VectorCode,
  arithmetic: Arithmetic,
  { left, right, target, rows, depth, stride, adds, width }: Readonly<
    Record<
      | "left"
      | "right"
      | "target"
      | "rows"
      | "depth"
      | "stride"
      | "adds"
      | "width",
      Local
    >
  >,
): void {
  const { f, module } = code;
  const a = f.variable("i32", left);
  const c = f.variable("i32", target);
  const remaining = f.variable("i32", rows);
  const turns = f.op("i32.div_u", depth, DEPTH_STEP);
  const panelBytes = f.op("i32.mul", depth, 4 * TILE_ROWS);
  const tileStep = f.op("i32.mul", stride, TILE_ROWS);
  emitTiles(code, remaining, {
    tile: (tileRows) =>
      f.run(
        tileHelper(module, { rows: tileRows, arithmetic }),
        a,
        right,
        c,
        turns,
        stride,
        adds,
        width,
      ),
    advance: () => {
      f.assign(a, "i32.add", a, panelBytes);
      f.assign(c, "i32.add", c, tileStep);
    },
  });
}
