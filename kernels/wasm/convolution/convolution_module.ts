import type { Local } from "../assembler/function_types.ts";
import { addAddress, loadAddress, loadNumber } from "../assembler/tables.ts";
import { FLOAT_ARITHMETIC } from "../contract/arithmetic.ts";
import { GRAINS } from "../contract/matrix_parameters.ts";
import { DEPTH_STEP, TILE_ROWS } from "../contract/micro_kernel.ts";
import { multiplyHelper } from "../contract/multiply_panels.ts";
import { packingHelper } from "../contract/packing.ts";
import type { Engine } from "../engine.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import type { Task } from "../threads/thread_pool.ts";
import { emitCopyImages } from "./copy_images.ts";
import { packGatheredHelper } from "./pack_gathered.ts";
import { PRODUCT_ADDRESSES, PRODUCT_WORD } from "./product_parameters.ts";

/** Rows of A that are packed in one unit. */
export const PACK_ROWS: number = 12 * TILE_ROWS;

/** Functions that convolutions are made of. */
export type ConvolutionTaskName =
  | "copyImages"
  | "packWeights"
  | "multiplyImages"
  | "multiplyParts";

const TASKS: Readonly<
  Record<ConvolutionTaskName, (code: VectorCode) => void>
> = {
  /** Copies images with their padding: a unit is a channel of an image. */
  copyImages: emitCopyImages,
  /** Packs weights as A: a unit is a block of rows of a group. */
  packWeights: emitPackWeights,
  /** Packs columns of an image, and multiplies all weights by them: a unit is a chunk of columns. */
  multiplyImages: emitMultiplyImages,
  /** The same, for a chunk of all images' columns and a part of the depth. */
  multiplyParts: emitMultiplyParts,
};

/**
 * Finds a function that convolutions are made of. As with matrix products, all sizes and steps are
 * parameters, so that it is shared by all convolutions.
 *
 * @param name Which.
 * @param engine What turns code into functions.
 * @returns The function.
 */
export function convolutionTask(
  name: ConvolutionTaskName,
  engine: Engine,
): Task {
  return engine.task(name, TASKS[name]);
}

type Parameters = Readonly<
  Record<keyof typeof PRODUCT_WORD | "begin" | "end", Local>
>;

/** Loads the parameters, with the packed memory of this thread. */
function parametersOf({ f }: VectorCode): Parameters {
  const address = f.parameter(2);
  const words = Object.fromEntries(
    Object.entries(PRODUCT_WORD).map(([name, word]) => [
      name,
      PRODUCT_ADDRESSES.has(name)
        ? loadAddress(f, address, word)
        : loadNumber(f, address, word),
    ]),
  ) as Record<keyof typeof PRODUCT_WORD, Local>;
  for (const name of ["packedRows", "packedColumns"] as const) {
    const own = f.op("i32.mul", f.parameter(3), words[`${name}Step`]);
    f.assign(words[name], "i32.add", words[name], own);
  }
  return { ...words, begin: f.parameter(0), end: f.parameter(1) };
}

/** Writes a loop over the units, of which there is at least one. */
function emitUnits(
  { f }: VectorCode,
  { begin, end }: Parameters,
  body: (unit: Local) => void,
): void {
  const unit = f.variable("i32", begin);
  f.loop((next) => {
    f.scoped(() => body(unit));
    f.assign(unit, "i32.add", unit, 1);
    f.branchIf(next, f.op("i32.lt_s", unit, end));
  });
}

/** Adds a product to an address. */
function emitMove(
  { f }: VectorCode,
  address: Local,
  [count, step]: readonly [Local, Local | number],
): void {
  f.assign(address, "i32.add", address, f.op("i32.mul", count, step));
}

/** The smaller of two numbers. */
function emitLeast(
  { f }: VectorCode,
  a: Local,
  b: Local | number,
): Local {
  return f.op("i32.select", a, b, f.op("i32.lt_s", a, b));
}

/** Writes a loop over the blocks of a depth: how much of it each takes, and rounded up. */
function emitDepthBlocks(
  code: VectorCode,
  { depth, depthBlock }: Parameters,
  body: (deep: Local, rounded: Local) => void,
): void {
  const { f } = code;
  const left = f.variable("i32", depth);
  f.loop((next) => {
    const deep = emitLeast(code, left, depthBlock);
    const rounded = f.op("i32.add", deep, DEPTH_STEP - 1);
    f.assign(rounded, "i32.and", rounded, -DEPTH_STEP);
    body(deep, rounded);
    f.assign(left, "i32.sub", left, depthBlock);
    f.branchIf(next, f.op("i32.gt_s", left, 0));
  });
}

/** Writes the packing of rows of A, whichever way they lie. */
function emitPackRows(
  { f, module }: VectorCode,
  p: Parameters,
  { source, target, count, deep }: {
    readonly source: Local;
    readonly target: Local;
    readonly count: Local;
    readonly deep: Local;
  },
): void {
  GRAINS.forEach((grain, i) => {
    f.if(f.op("i32.eq", p.weightGrain, i), () => {
      const panels = {
        width: TILE_ROWS,
        dtype: "float32",
        isPadded: false,
        grain,
      } as const;
      const pack = packingHelper(module, panels);
      f.run(pack, source, target, count, deep, p.weightLine, p.weightDepth);
    });
  });
}

function emitPackWeights(code: VectorCode): void {
  const { f } = code;
  const p = parametersOf(code);
  const blocks = f.op("i32.add", p.rows, PACK_ROWS - 1);
  f.assign(blocks, "i32.div_u", blocks, PACK_ROWS);
  emitUnits(code, p, (unit) => {
    const group = f.op("i32.div_u", unit, blocks);
    const first = f.op("i32.rem_u", unit, blocks);
    f.assign(first, "i32.mul", first, PACK_ROWS);
    const rest = f.op("i32.sub", p.rows, first);
    const count = emitLeast(code, rest, PACK_ROWS);
    const source = f.variable("i32", p.weights);
    emitMove(code, source, [group, p.weightGroup]);
    emitMove(code, source, [first, p.weightLine]);
    const packed = f.variable("i32", p.packedRows);
    emitMove(code, packed, [group, p.packedGroup]);
    emitDepthBlocks(code, p, (deep, rounded) => {
      const bytes = f.op("i32.mul", f.op("i32.mul", first, rounded), 4);
      const target = addAddress(f, bytes, packed);
      emitPackRows(code, p, { source, target, count, deep });
      emitMove(code, source, [deep, p.weightDepth]);
      emitMove(code, packed, [rounded, f.op("i32.mul", p.rows, 4)]);
    });
  });
}

/** Writes the packing of columns, and the product of packed rows and them. */
function emitBlock(
  { f, module }: VectorCode,
  p: Parameters,
  block: Readonly<
    Record<
      | "base"
      | "columns"
      | "taps"
      | "count"
      | "deep"
      | "rounded"
      | "packedRows"
      | "target"
      | "adds",
      Local
    >
  >,
): void {
  const { base, columns, taps, count, deep, rounded } = block;
  const pack = packGatheredHelper(module);
  f.run(pack, base, columns, taps, count, deep, p.packedColumns);
  f.run(
    multiplyHelper(module, FLOAT_ARITHMETIC),
    block.packedRows,
    p.packedColumns,
    block.target,
    p.rows,
    count,
    rounded,
    f.op("i32.mul", p.count, 4),
    block.adds,
  );
}

/** Writes where the columns of a chunk stand in their table, how many they are, and where C is. */
function emitChunk(
  code: VectorCode,
  p: Parameters,
  { chunk, target }: { readonly chunk: Local; readonly target: Local },
): { readonly columns: Local; readonly count: Local } {
  const { f } = code;
  const first = f.op("i32.mul", chunk, p.chunk);
  const count = emitLeast(code, f.op("i32.sub", p.count, first), p.chunk);
  const bytes = f.op("i32.mul", first, 4);
  f.assign(target, "i32.add", target, bytes);
  return { columns: f.op("i32.add", p.columns, bytes), count };
}

function emitMultiplyImages(code: VectorCode): void {
  const { f } = code;
  const p = parametersOf(code);
  emitUnits(code, p, (unit) => {
    const pair = f.op("i32.div_u", unit, p.chunks);
    const image = f.op("i32.div_u", pair, p.groups);
    const group = f.op("i32.rem_u", pair, p.groups);
    const base = f.variable("i32", p.images);
    emitMove(code, base, [image, p.imageStep]);
    emitMove(code, base, [group, p.imageGroup]);
    const target = f.variable("i32", p.target);
    const matrix = f.op("i32.mul", f.op("i32.mul", p.rows, p.count), 4);
    emitMove(code, target, [pair, matrix]);
    const chunk = f.op("i32.rem_u", unit, p.chunks);
    const part = emitChunk(code, p, { chunk, target });
    const packedRows = f.variable("i32", p.packedRows);
    emitMove(code, packedRows, [group, p.packedGroup]);
    const taps = f.variable("i32", p.taps);
    const adds = f.variable("i32", 0);
    emitDepthBlocks(code, p, (deep, rounded) => {
      emitBlock(code, p, {
        ...part,
        base,
        taps,
        deep,
        rounded,
        packedRows,
        target,
        adds,
      });
      emitMove(code, taps, [deep, 4]);
      emitMove(code, packedRows, [rounded, f.op("i32.mul", p.rows, 4)]);
      f.copy(adds, 1);
    });
  });
}

function emitMultiplyParts(code: VectorCode): void {
  const { f } = code;
  const p = parametersOf(code);
  emitUnits(code, p, (unit) => {
    const chunk = f.op("i32.rem_u", unit, p.chunks);
    const rest = f.op("i32.div_u", unit, p.chunks);
    const part = f.op("i32.rem_u", rest, p.parts);
    const group = f.op("i32.div_u", rest, p.parts);
    const target = f.variable("i32", p.target);
    emitMove(code, target, [part, p.partBytes]);
    const matrix = f.op("i32.mul", f.op("i32.mul", p.rows, p.count), 4);
    emitMove(code, target, [group, matrix]);
    const place = emitChunk(code, p, { chunk, target });
    const slice = f.op("i32.mul", part, p.partSlices);
    const end = emitLeast(
      code,
      f.op("i32.add", slice, p.partSlices),
      p.slices,
    );
    const adds = f.variable("i32", p.adds);
    f.block((done) => {
      f.loop((next) => {
        f.branchIf(done, f.op("i32.ge_s", slice, end));
        const base = f.variable("i32", p.images);
        emitMove(code, base, [group, p.imageGroup]);
        emitMove(code, base, [slice, p.imageStep]);
        const source = f.variable("i32", p.weights);
        emitMove(code, source, [group, p.weightGroup]);
        emitMove(code, source, [slice, p.weightSlice]);
        const taps = f.variable("i32", p.taps);
        emitDepthBlocks(code, p, (deep, rounded) => {
          const rows = { source, target: p.packedRows, count: p.rows, deep };
          emitPackRows(code, p, rows);
          emitBlock(code, p, {
            ...place,
            base,
            taps,
            deep,
            rounded,
            packedRows: p.packedRows,
            target,
            adds,
          });
          emitMove(code, taps, [deep, 4]);
          emitMove(code, source, [deep, p.weightDepth]);
          f.copy(adds, 1);
        });
        f.assign(slice, "i32.add", slice, 1);
        f.branch(next);
      });
    });
  });
}
