import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { TILE_ROWS } from "./micro_kernel.ts";

/** What is done for the tiles that lie below each other. */
export interface TileSteps {
  /** Writes a tile of so many rows. */
  readonly tile: (rows: number) => void;
  /** Writes the steps from a whole tile to the next. */
  readonly advance: () => void;
}

/**
 * Writes the tiles of packed rows below each other: whole ones, and what is left.
 *
 * @param code Where to write.
 * @param rows How many rows, a variable that is counted down.
 * @param steps What is done for each.
 */
export function emitTiles(
  { f }: VectorCode,
  rows: Local,
  { tile, advance }: TileSteps,
): void {
  f.block((done) => {
    f.loop((next) => {
      f.branchIf(done, f.op("i32.lt_s", rows, TILE_ROWS));
      tile(TILE_ROWS);
      advance();
      f.assign(rows, "i32.sub", rows, TILE_ROWS);
      f.branch(next);
    });
  });
  for (let tileRows = 1; tileRows < TILE_ROWS; tileRows++) {
    f.if(f.op("i32.eq", rows, tileRows), () => tile(tileRows));
  }
}
