import { loadAddress } from "../assembler/tables.ts";
import { type DType, itemBytes, type Shape } from "../../../core/base/mod.ts";
import type { Expression, Operand } from "../../ir/mod.ts";
import type { FunctionBuilder } from "../assembler/function_builder.ts";
import type { Local } from "../assembler/function_types.ts";
import { emitGather } from "./gather.ts";
import { loadRun } from "./lane_access.ts";
import type { EmitSource, Source } from "./emit_instruction.ts";
import type { VectorCode } from "./vector_code.ts";

/**
 * Something that an expression reads at each place of an index space: an operand's element, or the
 * place's own coordinate. Both are numbers that move by fixed steps, an address and an index.
 */
export interface View {
  /** What it is: `@2` for operand 2, `#0` for the coordinate along axis 0. */
  readonly name: string;
  /** How an operand's elements are stored; `undefined` for coordinates. */
  readonly dtype: DType | undefined;
  /** Steps along each axis of the index space, in elements. */
  readonly strides: readonly number[];
}

/** Bytes for one element of stride; a coordinate counts in ones. */
export function unitOf({ dtype }: View): number {
  return dtype === undefined ? 1 : itemBytes(dtype);
}

/**
 * Finds what an expression reads.
 *
 * @param expression The expression.
 * @param operands The kernel's operands.
 * @param space The index space.
 * @returns Each of them once.
 */
export function viewsOf(
  expression: Expression,
  operands: readonly Operand[],
  space: Shape,
): View[] {
  const views = new Map<string, View>();
  for (const instruction of expression) {
    const name = nameOf(instruction);
    if (name === undefined) continue;
    if (instruction.kind === "coordinate") {
      const strides = space.map((_, i) => i === instruction.axis ? 1 : 0);
      views.set(name, { name, dtype: undefined, strides });
    } else if (instruction.kind === "load" || instruction.kind === "gather") {
      const { dtype, strides } = operands[instruction.operand]!;
      views.set(name, { name, dtype, strides });
    }
  }
  return [...views.values()];
}

/**
 * Names what an instruction reads.
 *
 * @param instruction The instruction.
 * @returns The name of its view, or `undefined` if it reads nothing.
 */
export function nameOf(instruction: Expression[number]): string | undefined {
  switch (instruction.kind) {
    case "load":
    case "gather":
      return `@${instruction.operand}`;
    case "coordinate":
      return `#${instruction.axis}`;
    default:
      return undefined;
  }
}

/**
 * Writes where views stand at the origin of the index space.
 *
 * @param f Where to write.
 * @param views The views.
 * @param buffers The kernel's operands, and where the addresses of their buffers are.
 * @returns One variable a view.
 */
export function emitOrigins(
  f: FunctionBuilder,
  views: readonly View[],
  { operands, parameters }: {
    readonly operands: readonly Operand[];
    readonly parameters: Local;
  },
): Local[] {
  return views.map(({ name, dtype }) => {
    if (dtype === undefined) return f.variable("i32", 0);
    const index = Number(name.slice(1));
    const buffer = loadAddress(f, parameters, inputSlot(index));
    const offset = operands[index]!.offset * itemBytes(dtype);
    if (offset) f.assign(buffer, "i32.add", buffer, offset);
    return buffer;
  });
}

/** Slot of the table of a kernel's parameters with the address of its scratch memory. */
export const SCRATCH_SLOT = 0;
/** The one with the address of its output. */
export const OUTPUT_SLOT = 1;

/**
 * Tells which slot of the table of a kernel's parameters has the address of an input.
 *
 * @param index Which input; their number gives the number of slots.
 * @returns The slot.
 */
export function inputSlot(index: number): number {
  return 2 + index;
}

/** A view on a line: where it stands, and how far from one element to the next, in elements. */
export interface LineView extends View {
  /** Where it stands. */
  readonly cursor: Local;
  /** Elements from one to the next. */
  readonly stride: number;
}

/** Which elements of a line are read. */
export interface SourcePart {
  /** How many elements after the cursors the first one lies. */
  readonly skip: number;
  /** How many there are, from 1 to 4. */
  readonly lanes: number;
  /** On which line: so many steps along some axes of the views. */
  readonly shifts?: readonly {
    readonly axis: number;
    readonly count: number;
  }[];
  /** What has been read for other lines and still stands in variables. */
  readonly known?: Map<string, Local>;
}

/**
 * Makes the function that writes what an expression reads on a line.
 *
 * @param code Where to write.
 * @param views What it reads.
 * @param part Which elements of the line.
 * @returns The function.
 */
export function lineSources(
  code: VectorCode,
  views: readonly LineView[],
  { skip, lanes, shifts = [], known }: SourcePart,
): EmitSource {
  return (source, index) => {
    const view = findView(views, source);
    const { cursor, stride, dtype } = view;
    const shift = shifts.reduce(
      (sum, { axis, count }) => sum + count * view.strides[axis]!,
      0,
    );
    if (dtype === undefined) {
      return emitCoordinate(code, cursor, { stride, skip, shift });
    }
    const place = { pointer: cursor, dtype, stride, skip, shift };
    const run = { ...place, count: lanes, known };
    return source.kind === "gather"
      ? emitGather(code, source, { index: index!, run })
      : loadRun(code, run);
  };
}

/**
 * Finds the view that a source reads.
 *
 * @param views All views.
 * @param source The source, which is not an accumulator.
 * @returns The view.
 */
export function findView<T extends View>(
  views: readonly T[],
  source: Source,
): T {
  const name = nameOf(source);
  return views.find((view) => view.name === name)!;
}

function emitCoordinate(
  { f }: VectorCode,
  cursor: Local,
  { stride, skip, shift }: {
    readonly stride: number;
    readonly skip: number;
    readonly shift: number;
  },
): Local {
  const first = f.op("i32x4.splat", cursor);
  if (stride === 0 && shift === 0) return first;
  const steps = Int32Array.of(0, 1, 2, 3).map((lane) =>
    (skip + lane) * stride + shift
  );
  return f.op("i32x4.add", first, f.v128(new Uint8Array(steps.buffer)));
}
