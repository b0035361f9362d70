import { itemBytes } from "../../../core/base/mod.ts";
import type { Instruction } from "../../ir/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import {
  laneAddress,
  loadLaneBits,
  loadRun,
  type Run,
  widen,
} from "./lane_access.ts";
import type { VectorCode } from "./vector_code.ts";

type Gather = Instruction & { readonly kind: "gather" };

/** Where a whole line is read, because its index is the same all along. */
export interface GatheredLine {
  /** Elements from where index 0 lies. */
  readonly reach: Local;
  /** Lanes of set bits where the index is out of range. */
  readonly isMissing: Local;
}

/**
 * Writes where a line is read whose index is the same all along: once a line.
 *
 * @param code Where to write: before the line.
 * @param gather The instruction.
 * @param index The computed index, in every lane.
 * @returns Where.
 */
export function emitGatheredLine(
  { f }: VectorCode,
  { size, stride }: Gather,
  index: Local,
): GatheredLine {
  const wanted = f.lane("i32x4.extract_lane", 0, index);
  const found = f.op(
    "i32.select",
    f.op("i32.add", wanted, size),
    wanted,
    f.op("i32.lt_s", wanted, 0),
  );
  const isThere = f.op("i32.lt_u", found, size);
  // What there is at 0 may be read wherever the index points.
  const place = f.op("i32.mul", found, isThere);
  return {
    reach: f.op("i32.mul", place, stride),
    isMissing: f.op("i32x4.splat", f.op("i32.sub", isThere, 1)),
  };
}

/**
 * Writes the reading of up to four elements that lie a computed number of strides further on. An index
 * out of range gives `NaN`, or 0 where there is none.
 *
 * @param code Where to write.
 * @param gather The instruction.
 * @param place The computed indices, or the line that they point at, and where index 0 lies.
 * @returns The vector.
 */
export function emitGather(
  code: VectorCode,
  gather: Gather,
  { index, run }: { readonly index: Local | GatheredLine; readonly run: Run },
): Local {
  const { f } = code;
  const isFloat = gather.dtype === "float32";
  if (gather.size === 0) return isFloat ? f.f32x4(NaN) : f.i32x4(0);
  const { elements, isMissing } = "reach" in index
    ? { ...index, elements: loadLine(code, index, run) }
    : loadLanes(code, gather, { index, run });
  // All bits set are a NaN.
  return f.op(isFloat ? "v128.or" : "v128.andnot", elements, isMissing);
}

function loadLine(
  code: VectorCode,
  { reach }: GatheredLine,
  run: Run,
): Local {
  const { f } = code;
  const bytes = f.op("i32.mul", reach, itemBytes(run.dtype));
  const pointer = f.op("i32.add", run.pointer, bytes);
  return loadRun(code, { ...run, pointer });
}

function loadLanes(
  code: VectorCode,
  { size, stride }: Gather,
  { index, run }: { readonly index: Local; readonly run: Run },
): { readonly elements: Local; readonly isMissing: Local } {
  const { f } = code;
  const { dtype } = run;
  const isNegative = f.op("i32x4.shr_s", index, 31);
  const fromEnd = f.op("v128.and", isNegative, f.i32x4(size));
  const found = f.op("i32x4.add", index, fromEnd);
  const isThere = f.op("i32x4.lt_u", found, f.i32x4(size));
  // What there is at 0 may be read wherever the index points.
  const places = f.op("v128.and", found, isThere);
  const bytes = f.i32x4(stride * itemBytes(dtype));
  const reaches = f.op("i32x4.mul", places, bytes);
  let bits = f.i32x4(0);
  for (let lane = 0; lane < run.count; lane++) {
    const [base, offset] = laneAddress(f, run, lane);
    const reach = f.lane("i32x4.extract_lane", lane, reaches);
    const address = f.op("i32.add", base, reach);
    bits = loadLaneBits(f, bits, { lane, dtype, address, offset });
  }
  return {
    elements: widen(code, bits, dtype),
    isMissing: f.op("v128.not", isThere),
  };
}
