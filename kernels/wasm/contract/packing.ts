/**
 * Packing: the lines of a matrix (rows of A, columns of B) are copied into panels of a few lines
 * each, in the order in which the micro-kernel reads them: for each step in depth, one number of
 * every line. Whatever strides the matrix has, and however it is stored, what follows is the same.
 *
 * @module
 */
import { type DType, itemBytes } from "../../../core/base/mod.ts";
import type { FunctionReference, Local } from "../assembler/function_types.ts";
import { loadLaneBits, loadRun, widen } from "../lanes/lane_access.ts";
import type { Surroundings, VectorCode } from "../lanes/vector_code.ts";
import { emitTranspose } from "../lanes/emit_transpose.ts";
import { DEPTH_STEP } from "./micro_kernel.ts";
import { emitPairPanel, pairPartHelper } from "./pack_pairs.ts";
import {
  type Grain,
  PACK_PARAMETERS,
  type Packing,
  PART_SIGNATURE,
} from "./panel.ts";

/** What a packing function makes. */
export interface Panels {
  /** Lines of a panel. */
  readonly width: number;
  /** How the matrix is stored; panels are `float32`. */
  readonly dtype: DType;
  /** What lies next to each other in the matrix. */
  readonly grain: Grain;
  /** Whether the last panel is filled up with lines of zeros. */
  readonly isPadded: boolean;
}

/**
 * Writes the function that packs lines. Depths are filled up with zeros to multiples of four.
 *
 * Parameters: addresses of the matrix and of the panels; number of lines; depth; bytes from line to
 * line, and from one step in depth to the next.
 *
 * @param module Where the function belongs.
 * @param panels What it makes.
 * @returns The function.
 */
export function packingHelper(
  module: Surroundings,
  panels: Panels,
): FunctionReference {
  const signature = { parameters: PACK_PARAMETERS, results: [] };
  const name = `pack ${panels.width} ${panels.grain} ${panels.dtype}`;
  return module.helper(name, signature, (code) => emitPanels(code, panels));
}

/**
 * Panels that are packed at a time where the lines lie next to each other: whole lines of the cache
 * are read, which would be gone from it by the time the next panel asked for their other half.
 */
const TOGETHER = 8;

function emitPanels(
  code: VectorCode,
  { dtype, width, grain, isPadded }: Panels,
): void {
  const { f } = code;
  const [source, target, lines, depth, lineStep, depthStep] = PACK_PARAMETERS
    .map((_, i) => f.parameter(i)) as [
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
    ];
  const packing = { dtype, source, target, depth, lineStep, depthStep };
  // Two steps in depth of int8 make one word.
  const words = dtype === "int8"
    ? f.op("i32.shr_u", f.op("i32.add", depth, 1), 1)
    : depth;
  const rounded = f.op(
    "i32.and",
    f.op("i32.add", words, DEPTH_STEP - 1),
    -DEPTH_STEP,
  );
  const panelStep = f.op("i32.mul", lineStep, width);
  const panelBytes = f.op("i32.mul", rounded, 4 * width);
  const usedBytes = f.op("i32.mul", words, 4 * width);
  const restBytes = f.op("i32.sub", panelBytes, usedBytes);
  const emitWhole = (together: number) =>
    f.block((done) => {
      f.loop((next) => {
        f.branchIf(done, f.op("i32.lt_s", lines, together * width));
        f.scoped(() => {
          if (together > 1) {
            emitCopied(code, packing, { width, together, panelBytes });
          } else emitPanel(code, packing, { width, grain });
        });
        for (let panel = 0; panel < together; panel++) {
          f.fill(f.op("i32.add", target, usedBytes), 0, restBytes);
          f.assign(source, "i32.add", source, panelStep);
          f.assign(target, "i32.add", target, panelBytes);
        }
        f.assign(lines, "i32.sub", lines, together * width);
        f.branch(next);
      });
    });
  if (grain === "lines" && dtype === "float32") emitWhole(TOGETHER);
  emitWhole(1);
  f.if(lines, () => {
    const last = isPadded ? f.variable("i32", width) : lines;
    const bytes = f.op("i32.mul", f.op("i32.mul", rounded, last), 4);
    f.fill(target, 0, bytes);
    const part = dtype === "int8"
      ? pairPartHelper(code)
      : partHelper(code, dtype);
    f.run(part, source, target, lines, depth, lineStep, depthStep, last);
  });
}

function emitPanel(
  code: VectorCode,
  packing: Packing,
  { width, grain }: { readonly width: number; readonly grain: Grain },
): void {
  if (packing.dtype === "int8") {
    return emitPairPanel(code, packing, { width, grain });
  }
  switch (grain) {
    case "depth":
      return emitTransposed(code, packing, width);
    case "lines":
      return emitCopied(code, packing, { width, together: 1, panelBytes: 0 });
    case "neither":
      return emitScalar(code, packing, width);
    default:
      return grain satisfies never;
  }
}

/** Panels whose lines lie next to each other: for each step in depth, one stretch is copied. */
function emitCopied(
  code: VectorCode,
  { dtype, source, target, depth, depthStep }: Packing,
  { width, together, panelBytes }: {
    readonly width: number;
    /** How many panels are packed. */
    readonly together: number;
    /** How far one panel lies behind the one before it. */
    readonly panelBytes: Local | number;
  },
): void {
  const { f } = code;
  const [from, to, left] = [source, target, depth].map((local) =>
    f.variable("i32", local)
  ) as [Local, Local, Local];
  const targets = [to];
  while (targets.length < together) {
    targets.push(f.op("i32.add", targets.at(-1)!, panelBytes));
  }
  f.loop((next) => {
    targets.forEach((to, panel) => {
      const skip = panel * width;
      for (let line = 0; line + 4 <= width; line += 4) {
        const four = loadFour(code, from, { dtype, skip: skip + line });
        f.store("v128.store", to, four, 4 * line);
      }
      for (let line = width & ~3; line < width; line++) {
        const place = { pointer: from, dtype, stride: 1, skip: skip + line };
        const one = loadRun(code, { ...place, shift: 0, count: 1 });
        const offset = 4 * line;
        f.storeLane("v128.store32_lane", one, { address: to, lane: 0, offset });
      }
      f.assign(to, "i32.add", to, 4 * width);
    });
    f.assign(from, "i32.add", from, depthStep);
    f.assign(left, "i32.sub", left, 1);
    f.branchIf(next, left);
  });
}

/** A panel whose lines are contiguous: four steps in depth of each line at a time, transposed. */
function emitTransposed(
  code: VectorCode,
  { dtype, source, target, depth, lineStep }: Packing,
  width: number,
): void {
  const { f } = code;
  const lines: Local[] = [f.variable("i32", source)];
  for (let line = 1; line < width; line++) {
    lines.push(f.op("i32.add", lines[line - 1]!, lineStep));
  }
  const to = f.variable("i32", target);
  const turns = f.op("i32.shr_u", depth, 2);
  const advance = (steps: number) => {
    const bytes = itemBytes(dtype) * steps;
    for (const line of lines) f.assign(line, "i32.add", line, bytes);
    f.assign(to, "i32.add", to, 4 * width * steps);
  };
  f.if(turns, () => {
    f.loop((next) => {
      f.scoped(() => {
        for (let line = 0; line + 4 <= width; line += 4) {
          const four = lines.slice(line, line + 4).map((address) =>
            loadFour(code, address, { dtype, skip: 0 })
          );
          emitTranspose(code, four).forEach((vector, step) =>
            f.store("v128.store", to, vector, 4 * (width * step + line))
          );
        }
        for (let line = width & ~3; line < width; line++) {
          const vector = loadFour(code, lines[line]!, { dtype, skip: 0 });
          for (let lane = 0; lane < 4; lane++) {
            const offset = 4 * (width * lane + line);
            const place = { address: to, lane, offset };
            f.storeLane("v128.store32_lane", vector, place);
          }
        }
      });
      advance(4);
      f.assign(turns, "i32.sub", turns, 1);
      f.branchIf(next, turns);
    });
  });
  const rest = f.op("i32.and", depth, 3);
  f.if(rest, () => {
    f.loop((next) => {
      emitStep(code, lines, { dtype, to });
      advance(1);
      f.assign(rest, "i32.sub", rest, 1);
      f.branchIf(next, rest);
    });
  });
}

/** A panel of which nothing lies next to each other. */
function emitScalar(
  code: VectorCode,
  { dtype, source, target, depth, lineStep, depthStep }: Packing,
  width: number,
): void {
  const { f } = code;
  const lines: Local[] = [f.variable("i32", source)];
  for (let line = 1; line < width; line++) {
    lines.push(f.op("i32.add", lines[line - 1]!, lineStep));
  }
  const to = f.variable("i32", target);
  const left = f.variable("i32", depth);
  f.loop((next) => {
    emitStep(code, lines, { dtype, to });
    for (const line of lines) f.assign(line, "i32.add", line, depthStep);
    f.assign(to, "i32.add", to, 4 * width);
    f.assign(left, "i32.sub", left, 1);
    f.branchIf(next, left);
  });
}

/** Four neighbours of a matrix. */
function loadFour(
  code: VectorCode,
  pointer: Local,
  { dtype, skip }: { readonly dtype: DType; readonly skip: number },
): Local {
  return loadRun(code, {
    pointer,
    dtype,
    stride: 1,
    skip,
    shift: 0,
    count: 4,
  });
}

/** One step in depth: an element of each line. */
function emitStep(
  code: VectorCode,
  lines: readonly Local[],
  { dtype, to }: { readonly dtype: DType; readonly to: Local },
): void {
  const { f } = code;
  for (let first = 0; first < lines.length; first += 4) {
    const some = lines.slice(first, first + 4);
    let bits = f.i32x4(0);
    some.forEach((address, lane) => {
      bits = loadLaneBits(f, bits, { lane, dtype, address, offset: 0 });
    });
    const values = widen(code, bits, dtype);
    if (some.length === 4) f.store("v128.store", to, values, 4 * first);
    else {
      some.forEach((_, lane) => {
        const place = { address: to, lane, offset: 4 * (first + lane) };
        f.storeLane("v128.store32_lane", values, place);
      });
    }
  }
}

/** A function that packs the last few lines, as many as fit a panel of a given width or fewer. */
function partHelper(code: VectorCode, dtype: DType): FunctionReference {
  return code.module.helper(`pack part ${dtype}`, PART_SIGNATURE, (part) => {
    const { f } = part;
    const [source, target, lines, depth, lineStep, depthStep, width] =
      PART_SIGNATURE.parameters.map((_, i) => f.parameter(i)) as [
        Local,
        Local,
        Local,
        Local,
        Local,
        Local,
        Local,
      ];
    const step = f.op("i32.mul", width, 4);
    f.loop((nextLine) => {
      const [from, to, left] = [source, target, depth].map((local) =>
        f.variable("i32", local)
      ) as [Local, Local, Local];
      f.loop((next) => {
        const run = { pointer: from, dtype, stride: 1, skip: 0, shift: 0 };
        const one = loadRun(part, { ...run, count: 1 });
        f.storeLane("v128.store32_lane", one, { address: to, lane: 0 });
        f.assign(from, "i32.add", from, depthStep);
        f.assign(to, "i32.add", to, step);
        f.assign(left, "i32.sub", left, 1);
        f.branchIf(next, left);
      });
      f.assign(source, "i32.add", source, lineStep);
      f.assign(target, "i32.add", target, 4);
      f.assign(lines, "i32.sub", lines, 1);
      f.branchIf(nextLine, lines);
    });
  });
}
