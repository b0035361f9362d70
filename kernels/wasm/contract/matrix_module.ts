import type { Local } from "../assembler/function_types.ts";
import type { WasmFunction } from "../compiled_kernel.ts";
import type { KernelModule } from "../kernel_module.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import {
  DEPTH_STEP,
  TILE_COLUMNS,
  TILE_ROWS,
  tileHelper,
} from "./micro_kernel.ts";
import { emitPacking, type Grain, PACK_PARAMETERS } from "./packing.ts";

/** The functions that matrix products are made of. All sizes and strides are parameters. */
export interface MatrixFunctions {
  /** Packs rows of A: from, to, rows, depth, bytes from row to row, and along the depth. */
  readonly packRows: Readonly<Record<Grain, WasmFunction>>;
  /** Packs columns of B: from, to, columns, depth, bytes from column to column, along the depth. */
  readonly packColumns: Readonly<Record<Grain, WasmFunction>>;
  /**
   * Multiplies packed panels: A, B, C, rows, columns, depth rounded up, bytes from row to row of C,
   * whether to add to what C holds.
   */
  readonly multiply: WasmFunction;
}

const GRAINS: readonly Grain[] = ["depth", "lines", "neither"];

/**
 * Compiles the functions that matrix products are made of. They are shared by all products, so that
 * they are soon compiled to their best.
 *
 * @param compile Compiles a module: what writes it becomes what it exports.
 * @returns The functions.
 */
export function compileMatrixModule(
  compile: (
    write: (module: KernelModule) => void,
  ) => Readonly<Record<string, WasmFunction>>,
): MatrixFunctions {
  const functions = compile((module) => {
    for (const grain of GRAINS) {
      module.export(`rows ${grain}`, (code) => {
        emitPacking(code, { width: TILE_ROWS, grain, isPadded: false });
      }, PACK_PARAMETERS);
      module.export(`columns ${grain}`, (code) => {
        emitPacking(code, { width: TILE_COLUMNS, grain, isPadded: true });
      }, PACK_PARAMETERS);
    }
    exportMultiply(module);
  });
  const pick = (lines: string) =>
    Object.fromEntries(
      GRAINS.map((grain) => [grain, functions[`${lines} ${grain}`]!]),
    ) as Record<Grain, WasmFunction>;
  return {
    packRows: pick("rows"),
    packColumns: pick("columns"),
    multiply: functions.multiply!,
  };
}

const MULTIPLY_PARAMETERS = [
  "i32",
  "i32",
  "i32",
  "i32",
  "i32",
  "i32",
  "i32",
  "i32",
] as const;

function exportMultiply(module: KernelModule): void {
  module.export("multiply", (code) => {
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
      emitColumn(code, {
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
  }, MULTIPLY_PARAMETERS);
}

/** Writes the tiles below each other: all rows by one panel of columns. */
function emitColumn(
  code: VectorCode,
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
  const emitTile = (tileRows: number) =>
    f.run(
      tileHelper(module, tileRows),
      a,
      right,
      c,
      turns,
      stride,
      adds,
      width,
    );
  f.block((done) => {
    f.loop((next) => {
      f.branchIf(done, f.op("i32.lt_s", remaining, TILE_ROWS));
      emitTile(TILE_ROWS);
      f.assign(a, "i32.add", a, panelBytes);
      f.assign(c, "i32.add", c, tileStep);
      f.assign(remaining, "i32.sub", remaining, TILE_ROWS);
      f.branch(next);
    });
  });
  for (let tileRows = 1; tileRows < TILE_ROWS; tileRows++) {
    f.if(f.op("i32.eq", remaining, tileRows), () => emitTile(tileRows));
  }
}
