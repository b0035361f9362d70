import { loadAddress } from "../assembler/tables.ts";
import { itemBytes, sizeOf } from "../../../core/base/mod.ts";
import type { AssembleKernel } from "../../ir/mod.ts";
import type { Local, Value } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import {
  emitOrigins,
  type LineView,
  OUTPUT_SLOT,
  unitOf,
} from "../lanes/views.ts";
import { emitRows } from "../loops/emit_rows.ts";
import { emitMapLine } from "../map/map_line.ts";
import { CALL_ELEMENTS, type RangeCode } from "../range_code.ts";
import {
  type AssemblePlan,
  planAssemble,
  type PlannedPiece,
} from "./assemble_plan.ts";

/** Bytes of a line from which one instruction for all of them is faster than vectors. */
const BULK_BYTES_MIN = 512;

/**
 * Plans the code that puts an array together.
 *
 * @param kernel The kernel.
 * @returns Its code.
 */
export function assembleCode(kernel: AssembleKernel): RangeCode {
  const plan = planAssemble(kernel);
  const units = unitsOf(plan);
  const unitElements = Math.ceil(sizeOf(kernel.shape) / Math.max(1, units));
  return {
    units: sizeOf(kernel.shape) === 0 ? 0 : units,
    grain: Math.ceil(CALL_ELEMENTS / Math.max(1, unitElements)),
    unitElements,
    scratchBytes: 0,
    emit: (code) =>
      plan.blocks.length > 0 ? emitBlocks(code, plan) : emitPieces(code, plan),
  };
}

/** Blocks, or where there is one only, the rows of all its pieces. */
function unitsOf({ blocks, isLayered, pieces }: AssemblePlan): number {
  if (blocks.length > 0) return sizeOf(blocks);
  return isLayered
    ? 1
    : pieces.reduce((sum, { sizes }) => sum + sizeOf(sizes.slice(0, -1)), 0);
}

/** Writes a range of blocks, one after the other. */
function emitBlocks(code: VectorCode, plan: AssemblePlan): void {
  const { f } = code;
  const { blocks, pieces } = plan;
  const output = loadAddress(f, f.parameter(2), OUTPUT_SLOT);
  const places = pieces.map((piece) =>
    emitPlaces(code, plan, { piece, output })
  );
  const cursors = places.flatMap((place, i) =>
    place.map((local, k) => {
      const view = pieces[i]!.views[k]!;
      const steps = view.strides.slice(0, blocks.length);
      return { local, steps: steps.map((step) => step * unitOf(view)) };
    })
  );
  const [begin, end] = [f.parameter(0), f.parameter(1)];
  emitRows(f, { sizes: blocks, begin, end, cursors }, () => {
    pieces.forEach((piece, i) => {
      const rows = sizeOf(piece.sizes.slice(0, -1));
      emitRowsOf(code, plan, {
        piece,
        places: places[i]!,
        begin: 0,
        end: rows,
      });
    });
  });
}

/** Writes a range of the rows of all pieces. */
function emitPieces(code: VectorCode, plan: AssemblePlan): void {
  const { f } = code;
  const output = loadAddress(f, f.parameter(2), OUTPUT_SLOT);
  const [begin, end] = [f.parameter(0), f.parameter(1)];
  let done = 0;
  for (const piece of plan.pieces) {
    const rows = sizeOf(piece.sizes.slice(0, -1));
    const first = done;
    done += rows;
    f.scoped(() => {
      const places = emitPlaces(code, plan, { piece, output });
      if (plan.isLayered) {
        return emitRowsOf(code, plan, { piece, places, begin: 0, end: rows });
      }
      const from = f.op("i32.sub", begin, first);
      const to = f.op("i32.sub", end, first);
      f.assign(from, "i32.select", from, 0, f.op("i32.gt_s", from, 0));
      f.assign(to, "i32.select", to, rows, f.op("i32.lt_s", to, rows));
      f.if(
        f.op("i32.lt_s", from, to),
        () => emitRowsOf(code, plan, { piece, places, begin: from, end: to }),
      );
    });
  }
}

/** Writes where the views of a piece begin. */
function emitPlaces(
  { f }: VectorCode,
  { kernel }: AssemblePlan,
  { piece, output }: { readonly piece: PlannedPiece; readonly output: Local },
): readonly Local[] {
  const { views, starts } = piece;
  const parameters = f.parameter(2);
  const { operands } = kernel;
  const places = [
    ...emitOrigins(f, views.slice(0, -1), { operands, parameters }),
    f.variable("i32", output),
  ];
  places.forEach((place, i) => {
    const bytes = starts[i]! * unitOf(views[i]!);
    if (bytes) f.assign(place, "i32.add", place, bytes);
  });
  return places;
}

/** Writes some rows of a piece. */
function emitRowsOf(
  code: VectorCode,
  { blocks, kernel }: AssemblePlan,
  { piece, places, begin, end }: {
    readonly piece: PlannedPiece;
    readonly places: readonly Local[];
    readonly begin: Value;
    readonly end: Value;
  },
): void {
  const { f } = code;
  const { sizes, views } = piece;
  const cursors = views.map((view, i) => ({
    local: f.variable("i32", places[i]!),
    steps: view.strides.slice(blocks.length, -1).map((step) =>
      step * unitOf(view)
    ),
  }));
  const length = sizes.at(-1) ?? 1;
  const lines = { sizes: sizes.slice(0, -1), begin, end, cursors };
  emitRows(f, lines, () => {
    const line = views.map((view, i) => ({
      ...view,
      cursor: f.variable("i32", cursors[i]!.local),
      stride: sizes.length === 0 ? 0 : view.strides.at(-1)!,
    }));
    if (!emitBulk(code, piece, { line, length })) {
      const { dtype } = kernel;
      const { body } = piece;
      const part = { views: line, count: length, tail: length % 4 };
      emitMapLine(code, { body, dtype }, part);
    }
  });
}

/** Writes a long line that is only copied or cleared as one instruction; `false` if it is none. */
function emitBulk(
  { f }: VectorCode,
  { body }: PlannedPiece,
  { line, length }: {
    readonly line: readonly LineView[];
    readonly length: number;
  },
): boolean {
  const output = line.at(-1)!;
  const bytes = length * itemBytes(output.dtype!);
  const [only] = body;
  if (body.length > 1 || bytes < BULK_BYTES_MIN || output.stride !== 1) {
    return false;
  }
  if (only?.kind === "constant" && Object.is(only.value, 0)) {
    f.fill(output.cursor, 0, bytes);
    return true;
  }
  const [source] = line as [LineView];
  const isCopy = only?.kind === "load" && source.stride === 1 &&
    source.dtype === output.dtype;
  if (isCopy) {
    f.move(output.cursor, source.cursor, bytes);
    return true;
  }
  return false;
}
