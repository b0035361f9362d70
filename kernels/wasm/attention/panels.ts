/**
 * What attention is made of: panels of eight columns, which are queries or keys. A product of packed
 * rows and a panel is a panel again, whose rows lie one after another, and so the right side of the
 * next product as it stands.
 *
 * @module
 */
import type { FunctionReference, Local } from "../assembler/function_types.ts";
import { addAddress } from "../assembler/tables.ts";
import { FLOAT_ARITHMETIC } from "../contract/arithmetic.ts";
import { emitTiles } from "../contract/emit_tiles.ts";
import {
  TILE_COLUMNS,
  TILE_ROWS,
  tileHelper,
} from "../contract/micro_kernel.ts";
import { packingHelper } from "../contract/packing.ts";
import { emitTranspose } from "../lanes/emit_transpose.ts";
import type { Surroundings, VectorCode } from "../lanes/vector_code.ts";

/** Bytes of one row of a panel. */
export const PANEL_ROW: number = 4 * TILE_COLUMNS;

const PACK_PARAMETERS = [
  "address",
  "address",
  "i32",
  "i32",
  "i32",
  "i32",
] as const;
const PRODUCT_PARAMETERS = [
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
 * Writes the function that packs the lines of a matrix, however it lies in memory.
 *
 * Parameters: addresses of the matrix and of the panels; number of lines; depth; bytes from line to
 * line, and from one step in depth to the next.
 *
 * @param module Where the function belongs.
 * @param side Whether lines become rows, five a panel, or columns, eight a panel.
 * @returns The function.
 */
export function packHelper(
  module: Surroundings,
  side: "columns" | "rows",
): FunctionReference {
  const signature = { parameters: PACK_PARAMETERS, results: [] };
  return module.helper(`attention pack ${side}`, signature, (code) => {
    const { f } = code;
    const operands = PACK_PARAMETERS.map((_, i) => f.parameter(i));
    const [depth, lineStep, depthStep] = operands.slice(3) as [
      Local,
      Local,
      Local,
    ];
    const panels = side === "rows"
      ? { dtype: "float32", width: TILE_ROWS, isPadded: false } as const
      : { dtype: "float32", width: TILE_COLUMNS, isPadded: true } as const;
    const pack = (grain: "depth" | "lines" | "neither") =>
      f.run(packingHelper(code.module, { ...panels, grain }), ...operands);
    f.if(depth, () =>
      f.if(
        f.op("i32.eq", depthStep, 4),
        () => pack("depth"),
        () =>
          f.if(
            f.op("i32.eq", lineStep, 4),
            () => pack("lines"),
            () => pack("neither"),
          ),
      ));
  });
}

/**
 * Writes the function that multiplies packed rows by one panel.
 *
 * Parameters: addresses of the rows, of the panel and of the result, a panel; number of rows; depth
 * from where on to multiply; how much of the depth to multiply, in steps of four; bytes of a panel of
 * rows; whether to add to what the result holds.
 *
 * @param module Where the function belongs.
 * @returns The function.
 */
export function productHelper(module: Surroundings): FunctionReference {
  const signature = { parameters: PRODUCT_PARAMETERS, results: [] };
  return module.helper("attention product", signature, (code) => {
    const { f } = code;
    const [left, right, target, rows, skip, turns, panelBytes, adds] =
      PRODUCT_PARAMETERS
        .map((_, i) => f.parameter(i)) as [
          Local,
          Local,
          Local,
          Local,
          Local,
          Local,
          Local,
          Local,
        ];
    f.if(turns, () => {
      emitTiles(code, rows, {
        tile: (tileRows) => {
          const a = addAddress(f, f.op("i32.mul", skip, 4 * tileRows), left);
          const tile = tileHelper(code.module, {
            rows: tileRows,
            arithmetic: FLOAT_ARITHMETIC,
          });
          f.run(tile, a, right, target, turns, PANEL_ROW, adds, TILE_COLUMNS);
        },
        advance: () => {
          f.assign(left, "i32.add", left, panelBytes);
          f.assign(target, "i32.add", target, PANEL_ROW * TILE_ROWS);
        },
      });
    }, () => {
      // Nothing to add up: zeros.
      f.if(f.op("i32.eqz", adds), () => {
        f.fill(target, 0, f.op("i32.mul", rows, PANEL_ROW));
      });
    });
  });
}

/**
 * Writes the function that multiplies numbers in place.
 *
 * Parameters: their address; how many vectors of four; the factor.
 *
 * @param module Where the function belongs.
 * @returns The function.
 */
export function scaleHelper(module: Surroundings): FunctionReference {
  const parameters = ["address", "i32", "f32"] as const;
  const signature = { parameters, results: [] };
  return module.helper("attention scale", signature, ({ f }) => {
    const [address, count] = [f.parameter(0), f.parameter(1)];
    const factor = f.op("f32x4.splat", f.parameter(2));
    f.if(count, () =>
      f.loop((next) => {
        const product = f.op(
          "f32x4.mul",
          f.load("v128.load", address),
          factor,
        );
        f.store("v128.store", address, product);
        f.assign(address, "i32.add", address, 16);
        f.assign(count, "i32.sub", count, 1);
        f.branchIf(next, count);
      }));
  });
}

const STORE_PARAMETERS = [...PACK_PARAMETERS, "v128", "v128"] as const;

/**
 * Writes the function that stores a panel as lines of a matrix: columns become lines.
 *
 * Parameters: addresses of the panel and of the lines; bytes from line to line; number of rows, which
 * become the places in a line; number of columns; whether to add to what the lines hold; factors of
 * the first four columns, and of the others.
 *
 * @param module Where the function belongs.
 * @returns The function.
 */
export function storeHelper(module: Surroundings): FunctionReference {
  const signature = { parameters: STORE_PARAMETERS, results: [] };
  return module.helper("attention store", signature, (code) => {
    const { f } = code;
    const [source, target, lineBytes, rows, columns, adds, first, second] =
      STORE_PARAMETERS.map((_, i) => f.parameter(i)) as [
        Local,
        Local,
        Local,
        Local,
        Local,
        Local,
        Local,
        Local,
      ];
    const lines: Local[] = [target];
    for (let line = 1; line < TILE_COLUMNS; line++) {
      lines.push(f.op("i32.add", lines[line - 1]!, lineBytes));
    }
    f.block((done) => {
      f.loop((next) => {
        f.branchIf(done, f.op("i32.lt_s", rows, 1));
        const part = storePartHelper(code);
        f.scoped(() => {
          [first, second].forEach((factor, half) => {
            const four = [0, 1, 2, 3].map((row) =>
              f.op(
                "f32x4.mul",
                f.load("v128.load", source, PANEL_ROW * row + 16 * half),
                factor,
              )
            );
            emitTranspose(code, four).forEach((vector, i) => {
              const line = 4 * half + i;
              f.if(f.op("i32.gt_s", columns, line), () => {
                f.run(part, lines[line]!, vector, rows, adds);
              });
            });
          });
        });
        for (const line of lines) f.assign(line, "i32.add", line, 16);
        f.assign(source, "i32.add", source, 4 * PANEL_ROW);
        f.assign(rows, "i32.sub", rows, 4);
        f.branch(next);
      });
    });
  });
}

/** A function that stores up to four numbers, or adds them. */
function storePartHelper(code: VectorCode): FunctionReference {
  const parameters = ["address", "v128", "i32", "i32"] as const;
  const signature = { parameters, results: [] };
  return code.module.helper("attention store part", signature, ({ f }) => {
    const [address, vector, count, adds] = parameters.map((_, i) =>
      f.parameter(i)
    ) as [Local, Local, Local, Local];
    f.if(adds, () => {
      // Past the last number this reads what lies behind, which is not stored.
      const known = f.load("v128.load", address);
      f.assign(vector, "f32x4.add", vector, known);
    });
    f.if(f.op("i32.ge_s", count, 4), () => {
      f.store("v128.store", address, vector);
    }, () => {
      for (let lane = 0; lane < 3; lane++) {
        f.if(f.op("i32.gt_s", count, lane), () => {
          const place = { address, lane, offset: 4 * lane };
          f.storeLane("v128.store32_lane", vector, place);
        });
      }
    });
  });
}
