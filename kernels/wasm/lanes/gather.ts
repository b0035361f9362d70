import { itemBytes } from "../../../core/base/mod.ts";
import type { Instruction } from "../../ir/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import { laneAddress, type Run, truthOf } from "./lane_access.ts";
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
  { stride, size, dtype }: Instruction & { readonly kind: "gather" },
  { index, run }: { readonly index: Local; readonly run: Run },
): Local {
  const { f } = code;
  const load = dtype === "bool" ? "v128.load8_lane" : "v128.load32_lane";
  const bytes = stride * itemBytes(dtype);
  const result = f.variable(
    "v128",
    dtype === "float32" ? f.f32x4(NaN) : f.i32x4(0),
  );
  for (let lane = 0; lane < run.count; lane++) {
    const wanted = f.lane("i32x4.extract_lane", lane, index);
    const found = f.op(
      "i32.select",
      f.op("i32.add", wanted, size),
      wanted,
      f.op("i32.lt_s", wanted, 0),
    );
    f.if(f.op("i32.lt_u", found, size), () => {
      const [base, offset] = laneAddress(f, run, lane);
      const address = f.op("i32.add", base, f.op("i32.mul", found, bytes));
      const place = {
        address: offset === 0 ? address : f.op("i32.add", address, offset),
        lane: dtype === "bool" ? 4 * lane : lane,
      };
      f.copy(result, f.loadLane(load, result, place));
    });
  }
  return dtype === "bool" ? truthOf(f, result) : result;
}
