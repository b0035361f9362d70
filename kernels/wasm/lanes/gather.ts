import { type DType, itemBytes } from "../../../core/base/mod.ts";
import type { Instruction } from "../../ir/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import { laneAddress, loadLaneBits, type Run, widen } from "./lane_access.ts";
import type { VectorCode } from "./vector_code.ts";

/**
 * Writes the reading of up to four elements that lie a computed number of strides further on. What
 * an index outside the range points at is not read.
 *
 * @param code Where to write.
 * @param gather The instruction.
 * @param place The computed indices, and where index 0 lies.
 * @returns The vector.
 */
export function emitGather(
  code: VectorCode,
  { stride, size }: Instruction & { readonly kind: "gather" },
  { index, run }: { readonly index: Local; readonly run: Run },
): Local {
  const { f } = code;
  const { dtype } = run;
  const bytes = stride * itemBytes(dtype);
  const result = f.variable("v128", f.i32x4(NOTHING[dtype]));
  for (let lane = 0; lane < run.count; lane++) {
    const wanted = f.lane("i32x4.extract_lane", lane, index);
    const found = f.op(
      "i32.select",
      f.op("i32.add", wanted, size),
      wanted,
      f.op("i32.lt_s", wanted, 0),
    );
    f.if(f.op("i32.lt_u", found, size), () => {
      const [base, further] = laneAddress(f, run, lane);
      const reach = f.op("i32.add", base, f.op("i32.mul", found, bytes));
      const address = further === 0 ? reach : f.op("i32.add", reach, further);
      const place = { lane, dtype, address, offset: 0 };
      f.copy(result, loadLaneBits(f, result, place));
    });
  }
  return widen(code, result, dtype);
}

/** What is read where there is nothing, as bits: `NaN`, or 0 for dtypes that have none. */
const NOTHING: Readonly<Record<DType, number>> = {
  bool: 0,
  int8: 0,
  int32: 0,
  float16: 0x7e00,
  bfloat16: 0x7fc0,
  float32: 0x7fc00000,
};
