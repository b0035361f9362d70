import { type Shape, sizeOf } from "../../../core/base/mod.ts";
import type { FunctionBuilder } from "../assembler/function_builder.ts";
import type { Local, Value } from "../assembler/function_types.ts";

/** Something that moves along with the place in the index space: an address or a coordinate. */
export interface Cursor {
  /** Where it is. */
  readonly local: Local;
  /** How far it moves for one step along each axis. */
  readonly steps: readonly number[];
}

/**
 * Writes a loop over consecutive places of an index space, row by row.
 *
 * @param f Where to write.
 * @param rows The axes, the first place and the one after the last, and what moves along: cursors
 * stand at the origin before the loop, and anywhere after it.
 * @param body Writes the code for one place, given its coordinates; it must leave them and the
 * cursors as they are.
 */
export function emitRows(
  f: FunctionBuilder,
  { sizes, begin, end, cursors }: {
    readonly sizes: Shape;
    readonly begin: Value;
    readonly end: Value;
    readonly cursors: readonly Cursor[];
  },
  body: (coordinates: readonly Local[]) => void,
): void {
  const moving = cursors.filter(({ steps }) => steps.some((step) => step));
  const coordinates = emitPlace(f, { sizes, begin, cursors: moving });
  const row = f.variable("i32", begin);
  f.block((done) => {
    f.loop((next) => {
      f.branchIf(done, f.op("i32.ge_s", row, end));
      f.scoped(() => body(coordinates));
      f.assign(row, "i32.add", row, 1);
      emitStep(f, { sizes, coordinates, cursors: moving }, sizes.length - 1);
      f.branch(next);
    });
  });
}

/** Writes the coordinates of the first place, and moves the cursors there. */
function emitPlace(
  f: FunctionBuilder,
  { sizes, begin, cursors }: {
    readonly sizes: Shape;
    readonly begin: Value;
    readonly cursors: readonly Cursor[];
  },
): readonly Local[] {
  const coordinates = sizes.map(() => f.variable("i32", 0));
  if (begin === 0) return coordinates;
  sizes.forEach((size, axis) => {
    const inner = sizeOf(sizes.slice(axis + 1));
    const coordinate = coordinates[axis]!;
    f.assign(coordinate, "i32.div_u", begin, inner);
    if (axis > 0) f.assign(coordinate, "i32.rem_u", coordinate, size);
    for (const { local, steps } of cursors) {
      if (!steps[axis]) continue;
      const reach = f.op("i32.mul", coordinate, steps[axis]!);
      f.assign(local, "i32.add", local, reach);
    }
  });
  return coordinates;
}

/** Writes one step along an axis; at its end, back to its start and a step along the one before. */
function emitStep(
  f: FunctionBuilder,
  state: {
    readonly sizes: Shape;
    readonly coordinates: readonly Local[];
    readonly cursors: readonly Cursor[];
  },
  axis: number,
): void {
  if (axis < 0) return;
  const { sizes, coordinates, cursors } = state;
  const move = (count: number) => {
    for (const { local, steps } of cursors) {
      if (steps[axis]) f.assign(local, "i32.add", local, steps[axis]! * count);
    }
  };
  move(1);
  const coordinate = coordinates[axis]!;
  f.assign(coordinate, "i32.add", coordinate, 1);
  // The outermost axis ends with the loop.
  if (axis === 0) return;
  f.if(f.op("i32.eq", coordinate, sizes[axis]!), () => {
    f.copy(coordinate, 0);
    move(-sizes[axis]!);
    emitStep(f, state, axis - 1);
  });
}
