import type { FunctionBuilder } from "../assembler/function_builder.ts";
import type { Local } from "../assembler/function_types.ts";

/** Something that moves along a line: an address or a coordinate. */
export interface LineCursor {
  /** Where it is. */
  readonly local: Local;
  /** How far it moves from one element to the next. */
  readonly step: number;
}

/** Which elements of a line a piece of code is for. */
export interface LinePart {
  /** How many elements after the cursors the first one lies. */
  readonly skip: number;
  /** How many there are, from 1 to 4. */
  readonly lanes: number;
  /** Which of the unrolled copies this is. */
  readonly copy: number;
}

/** A line of elements, and how its code is laid out. */
export interface Line {
  /** Number of elements. Where it is a variable, only the last range of a line may end unevenly. */
  readonly count: number | Local;
  /** Elements in the last, incomplete vector, from 0 to 3. */
  readonly tail: number;
  /** How many vectors one turn of the loop takes. */
  readonly unroll: number;
  /** What moves along. Cursors stand behind the last whole vector afterwards. */
  readonly cursors: readonly LineCursor[];
}

/**
 * Writes the loop along a line in vectors of four.
 *
 * @param f Where to write.
 * @param line The line.
 * @param body Writes the code for up to four elements; it must leave the cursors where they are.
 */
export function emitLine(
  f: FunctionBuilder,
  { count, tail, unroll, cursors }: Line,
  body: (part: LinePart) => void,
): void {
  const emitTurn = (copies: number) => {
    for (let copy = 0; copy < copies; copy++) {
      f.scoped(() => body({ skip: 4 * copy, lanes: 4, copy }));
    }
    for (const { local, step } of cursors) {
      if (step) f.assign(local, "i32.add", local, 4 * copies * step);
    }
  };
  const emitTail = () => {
    if (tail) f.scoped(() => body({ skip: 0, lanes: tail, copy: 0 }));
  };
  if (typeof count === "number") {
    const turns = Math.floor(count / (4 * unroll));
    const rest = Math.floor(count / 4) % unroll;
    if (turns === 1) emitTurn(unroll);
    if (turns > 1) {
      emitLoop(f, f.variable("i32", turns), () => emitTurn(unroll));
    }
    if (rest > 0) emitTurn(rest);
    emitTail();
  } else {
    emitTurns(f, { count, width: 4 * unroll }, () => emitTurn(unroll));
    const rest = f.op("i32.and", count, 4 * unroll - 1);
    if (unroll > 1) emitTurns(f, { count: rest, width: 4 }, () => emitTurn(1));
    f.if(f.op("i32.and", count, 3), emitTail);
  }
}

/** Writes a loop that takes `width` elements a turn, as long as there are so many. */
function emitTurns(
  f: FunctionBuilder,
  { count, width }: { readonly count: Local; readonly width: number },
  body: () => void,
): void {
  const turns = f.op("i32.shr_u", count, Math.log2(width));
  f.if(turns, () => emitLoop(f, turns, body));
}

/** Writes a loop that runs at least once. */
function emitLoop(f: FunctionBuilder, turns: Local, body: () => void): void {
  f.loop((next) => {
    body();
    f.assign(turns, "i32.sub", turns, 1);
    f.branchIf(next, turns);
  });
}
