/**
 * Which keys a query sees: masks are added to panels of scores, and what is out of sight becomes
 * -Infinity.
 *
 * @module
 */
import type { FunctionReference, Local } from "../assembler/function_types.ts";
import { TILE_COLUMNS } from "../contract/micro_kernel.ts";
import type { Surroundings, VectorCode } from "../lanes/vector_code.ts";
import { PANEL_ROW } from "./panels.ts";

/**
 * Writes the function that adds one panel to another.
 *
 * Parameters: address of the panel that is changed, and of the other; number of rows.
 *
 * @param module Where the function belongs.
 * @returns The function.
 */
export function addHelper(module: Surroundings): FunctionReference {
  const parameters = ["address", "address", "i32"] as const;
  const signature = { parameters, results: [] };
  return module.helper("attention add", signature, ({ f }) => {
    const [target, source, rows] = parameters.map((_, i) => f.parameter(i)) as [
      Local,
      Local,
      Local,
    ];
    f.loop((next) => {
      for (const offset of [0, 16]) {
        const sum = f.op(
          "f32x4.add",
          f.load("v128.load", target, offset),
          f.load("v128.load", source, offset),
        );
        f.store("v128.store", target, sum, offset);
      }
      f.assign(target, "i32.add", target, PANEL_ROW);
      f.assign(source, "i32.add", source, PANEL_ROW);
      f.assign(rows, "i32.sub", rows, 1);
      f.branchIf(next, rows);
    });
  });
}

const TRUTH_PARAMETERS = [
  "address",
  "address",
  "i32",
  "i32",
  "i32",
  "i32",
] as const;

/** Variables of the function that hides what a mask of truth leaves out. */
interface Truth {
  /** The panel, and the mask. */
  readonly target: Local;
  readonly mask: Local;
  /** Rows that are left. */
  readonly rows: Local;
  /** Bytes of the mask from row to row. */
  readonly rowStep: Local;
  /** Bytes from the first column to each. */
  readonly offsets: readonly Local[];
}

/**
 * Writes the function that hides what a mask of truth leaves out.
 *
 * Parameters: addresses of the panel and of the mask; numbers of rows and of columns; bytes from row
 * to row and from column to column of the mask.
 *
 * @param module Where the function belongs.
 * @returns The function.
 */
export function truthHelper(module: Surroundings): FunctionReference {
  const signature = { parameters: TRUTH_PARAMETERS, results: [] };
  return module.helper("attention truth", signature, (code) => {
    const { f } = code;
    const [target, mask, rows, columns, rowStep, columnStep] = TRUTH_PARAMETERS
      .map((_, i) => f.parameter(i)) as [
        Local,
        Local,
        Local,
        Local,
        Local,
        Local,
      ];
    const last = f.op("i32.sub", columns, 1);
    // Columns that are not there see what the last one sees.
    const offsets = Array.from({ length: TILE_COLUMNS }, (_, column) => {
      const isThere = f.op("i32.gt_s", columns, column);
      const place = f.op("i32.select", column, last, isThere);
      return f.op("i32.mul", place, columnStep);
    });
    const truth = { target, mask, rows, rowStep, offsets };
    f.if(f.op("i32.eq", rowStep, 1), () => emitFourRows(code, truth));
    f.if(rows, () => emitRows(code, truth));
  });
}

/** Hides four rows at a time, whose bytes lie next to each other for each column. */
function emitFourRows(code: VectorCode, t: Truth): void {
  const { f } = code;
  f.block((done) => {
    f.loop((next) => {
      f.branchIf(done, f.op("i32.lt_s", t.rows, 4));
      f.scoped(() => {
        for (const half of [0, 1]) {
          // A lane holds the bytes of four rows.
          let bytes = f.i32x4(0);
          for (let lane = 0; lane < 4; lane++) {
            const address = f.op(
              "i32.add",
              t.mask,
              t.offsets[4 * half + lane]!,
            );
            const place = { address, lane };
            bytes = f.loadLane("v128.load32_lane", bytes, place);
          }
          for (let row = 0; row < 4; row++) {
            const byte = f.op("v128.and", bytes, f.i32x4(0xff << (8 * row)));
            const isHidden = f.op("i32x4.eq", byte, f.i32x4(0));
            const offset = PANEL_ROW * row + 16 * half;
            emitHide(code, t.target, { isHidden, offset });
          }
        }
      });
      f.assign(t.target, "i32.add", t.target, 4 * PANEL_ROW);
      f.assign(t.mask, "i32.add", t.mask, 4);
      f.assign(t.rows, "i32.sub", t.rows, 4);
      f.branch(next);
    });
  });
}

/** Hides rows one by one, wherever their bytes lie. */
function emitRows(code: VectorCode, t: Truth): void {
  const { f } = code;
  f.loop((next) => {
    f.scoped(() => {
      for (const half of [0, 1]) {
        let bytes = f.i32x4(0);
        for (let lane = 0; lane < 4; lane++) {
          const address = f.op("i32.add", t.mask, t.offsets[4 * half + lane]!);
          const place = { address, lane: 4 * lane };
          bytes = f.loadLane("v128.load8_lane", bytes, place);
        }
        const isHidden = f.op("i32x4.eq", bytes, f.i32x4(0));
        emitHide(code, t.target, { isHidden, offset: 16 * half });
      }
    });
    f.assign(t.target, "i32.add", t.target, PANEL_ROW);
    f.assign(t.mask, "i32.add", t.mask, t.rowStep);
    f.assign(t.rows, "i32.sub", t.rows, 1);
    f.branchIf(next, t.rows);
  });
}

/**
 * Writes the function that hides keys that come after their query.
 *
 * Parameters: address of the panel; number of rows; which query or key the first row is, and the first
 * column.
 *
 * @param module Where the function belongs.
 * @param rowsAre What rows are; columns are the other.
 * @returns The function.
 */
export function causalHelper(
  module: Surroundings,
  rowsAre: "keys" | "queries",
): FunctionReference {
  const parameters = ["address", "i32", "i32", "i32"] as const;
  const signature = { parameters, results: [] };
  return module.helper(`attention causal ${rowsAre}`, signature, (code) => {
    const { f } = code;
    const [target, rows, row, column] = parameters.map((_, i) =>
      f.parameter(i)
    ) as [Local, Local, Local, Local];
    const columns = [0, 4].map((first) => {
      const lanes = Int32Array.of(first, first + 1, first + 2, first + 3);
      return f.op(
        "i32x4.add",
        f.op("i32x4.splat", column),
        f.v128(new Uint8Array(lanes.buffer)),
      );
    });
    f.loop((next) => {
      f.scoped(() => {
        const here = f.op("i32x4.splat", row);
        columns.forEach((there, half) => {
          const isHidden = rowsAre === "keys"
            ? f.op("i32x4.lt_s", there, here)
            : f.op("i32x4.lt_s", here, there);
          emitHide(code, target, { isHidden, offset: 16 * half });
        });
      });
      f.assign(target, "i32.add", target, PANEL_ROW);
      f.assign(row, "i32.add", row, 1);
      f.assign(rows, "i32.sub", rows, 1);
      f.branchIf(next, rows);
    });
  });
}

function emitHide(
  code: VectorCode,
  target: Local,
  { isHidden, offset }: { readonly isHidden: Local; readonly offset: number },
): void {
  const { f } = code;
  const known = f.load("v128.load", target, offset);
  const left = code.select(isHidden, f.f32x4(-Infinity), known);
  f.store("v128.store", target, left, offset);
}
