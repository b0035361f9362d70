/**
 * Packing columns that lie scattered: element `d` of column `c` is at `base + taps[d] + columns[c]`.
 * What comes out are the panels that packing a matrix gives, so that the same product follows.
 *
 * @module
 */
import type { FunctionReference, Local } from "../assembler/function_types.ts";
import { TILE_COLUMNS } from "../contract/micro_kernel.ts";
import { emitTranspose } from "../lanes/emit_transpose.ts";
import type { Surroundings, VectorCode } from "../lanes/vector_code.ts";

const PARAMETERS = [
  "address",
  "address",
  "address",
  "i32",
  "i32",
  "address",
] as const;

/** A panel being packed. */
interface Panel {
  /** Address of each column, before a tap is added. */
  readonly columns: readonly Local[];
  /** The next tap, and where its elements go. */
  readonly tap: Local;
  readonly to: Local;
  /** How many taps there are. */
  readonly depth: Local;
}

/**
 * Writes the function that packs columns, eight to a panel. Depths are filled up with zeros to
 * multiples of four.
 *
 * Parameters: base; addresses of the tables of columns and taps; number of columns and of taps;
 * address of the panels. The table of columns goes on to the end of the last panel.
 *
 * @param module Where the function belongs.
 * @returns The function.
 */
export function packGatheredHelper(module: Surroundings): FunctionReference {
  const signature = { parameters: PARAMETERS, results: [] };
  return module.helper("pack gathered", signature, (code) => {
    const { f } = code;
    const [base, columns, taps, count, depth, target] = PARAMETERS.map((_, i) =>
      f.parameter(i)
    ) as [Local, Local, Local, Local, Local, Local];
    f.loop((next) => {
      const panel = {
        columns: Array.from({ length: TILE_COLUMNS }, (_, i) => {
          const column = f.load("i32.load", columns, 4 * i);
          return f.op("i32.add", column, base);
        }),
        tap: f.variable("i32", taps),
        to: f.variable("i32", target),
        depth,
      };
      const gaps = f.op(
        "v128.or",
        gapsOf(code, columns, 0),
        gapsOf(code, columns, 16),
      );
      f.if(
        f.op("v128.any_true", gaps),
        () => emitScattered(code, panel),
        () => emitLines(code, panel),
      );
      emitRest(code, panel.to, depth);
      f.copy(target, panel.to);
      f.assign(columns, "i32.add", columns, 4 * TILE_COLUMNS);
      f.assign(count, "i32.sub", count, TILE_COLUMNS);
      f.branchIf(next, f.op("i32.gt_s", count, 0));
    });
  });
}

/** Lanes that are not 0 where four places of a table do not follow each other closely. */
function gapsOf({ f }: VectorCode, table: Local, offset: number): Local {
  const four = f.load("v128.load", table, offset);
  const first = f.shuffle(four, four, [0, 0, 0, 0]);
  const close = f.v128(new Uint8Array(Int32Array.of(0, 4, 8, 12).buffer));
  return f.op("i32x4.ne", f.op("i32x4.sub", four, first), close);
}

/** A panel of two times four columns that lie next to each other. */
function emitLines({ f }: VectorCode, panel: Panel): void {
  const { columns: { 0: first, 4: second }, tap, to, depth } = panel;
  const emitStep = (step: number) => {
    const reach = f.load("i32.load", tap, 4 * step);
    [first!, second!].forEach((column, half) => {
      const vector = f.load("v128.load", f.op("i32.add", column, reach));
      f.store("v128.store", to, vector, 32 * step + 16 * half);
    });
  };
  emitSteps(f, panel, { count: f.op("i32.shr_u", depth, 2), steps: 4 }, () => {
    for (let step = 0; step < 4; step++) f.scoped(() => emitStep(step));
  });
  const rest = { count: f.op("i32.and", depth, 3), steps: 1 };
  emitSteps(f, panel, rest, () => emitStep(0));
}

/** Any other panel: four taps at once where those lie next to each other. */
function emitScattered(code: VectorCode, panel: Panel): void {
  const { f } = code;
  const { columns, tap, to, depth } = panel;
  const emitStep = (step: number) => {
    const reach = f.load("i32.load", tap, 4 * step);
    columns.forEach((column, i) =>
      f.scoped(() => {
        const element = f.load("f32.load", f.op("i32.add", column, reach));
        f.store("f32.store", to, element, 32 * step + 4 * i);
      })
    );
  };
  emitSteps(f, panel, { count: f.op("i32.shr_u", depth, 2), steps: 4 }, () => {
    const gaps = f.op("v128.any_true", gapsOf(code, tap, 0));
    f.if(gaps, () => {
      for (let step = 0; step < 4; step++) f.scoped(() => emitStep(step));
    }, () => {
      const reach = f.load("i32.load", tap);
      for (const half of [0, 1]) {
        f.scoped(() => {
          const four = columns.slice(4 * half, 4 * half + 4).map((column) =>
            f.load("v128.load", f.op("i32.add", column, reach))
          );
          emitTranspose(code, four).forEach((vector, step) =>
            f.store("v128.store", to, vector, 32 * step + 16 * half)
          );
        });
      }
    });
  });
  const rest = { count: f.op("i32.and", depth, 3), steps: 1 };
  emitSteps(f, panel, rest, () => emitStep(0));
}

/** Writes a loop over taps, which may run no time at all. */
function emitSteps(
  f: VectorCode["f"],
  { tap, to }: Panel,
  { count, steps }: { readonly count: Local; readonly steps: number },
  body: () => void,
): void {
  f.if(count, () => {
    f.loop((next) => {
      f.scoped(body);
      f.assign(tap, "i32.add", tap, 4 * steps);
      f.assign(to, "i32.add", to, 4 * TILE_COLUMNS * steps);
      f.assign(count, "i32.sub", count, 1);
      f.branchIf(next, count);
    });
  });
}

/** Fills the depth up to a multiple of four. */
function emitRest({ f }: VectorCode, to: Local, depth: Local): void {
  const zero = f.i32x4(0);
  const missing = f.op("i32.and", f.op("i32.sub", 0, depth), 3);
  f.if(missing, () => {
    f.loop((next) => {
      f.store("v128.store", to, zero);
      f.store("v128.store", to, zero, 16);
      f.assign(to, "i32.add", to, 4 * TILE_COLUMNS);
      f.assign(missing, "i32.sub", missing, 1);
      f.branchIf(next, missing);
    });
  });
}
