import { type DType, isHalfDType } from "../../../core/base/mod.ts";
import { compareElements, computeOn, record } from "../compute.ts";
import type { Property } from "../property.ts";

/** Largest gap to the reference: of `float32`, and of the halves, which are rounded to 11 and 8 bits. */
const TOLERANCES: Readonly<Record<DType, number>> = {
  bool: 0,
  int8: 0,
  int32: 0,
  float32: 1e-5,
  float16: 2 ** -9,
  bfloat16: 2 ** -6,
};

/** Every backend computes what the reference does. */
export const backendsProperty: Property = {
  name: "backends",
  cases: ["samples", "dtypes", "empty"],
  async check(call, { operator, reference, backends }) {
    if (backends.length === 0) {
      return { skipped: "no backend but the reference" };
    }
    const tolerance = Math.max(
      ...call.inputs.map(({ dtype }) =>
        isHalfDType(dtype) ? TOLERANCES[dtype] : 0
      ),
      TOLERANCES[record(operator, call).type.dtype],
    );
    const [want] = await computeOn(reference, [record(operator, call)]);
    let worst = 0;
    for (const backend of backends) {
      const [found] = await computeOn(backend, [record(operator, call)]);
      const { index, error } = compareElements(found!, want!, tolerance);
      worst = Math.max(worst, error);
      if (index === -1) continue;
      return {
        problem: `on ${backend.name}: found ${
          found![index]
        } at ${index}, wanted ${
          want![index]
        } as on the reference (at most ${tolerance} apart)`,
        advice:
          `correct the kernel for ${backend.name}, or leave it out where there is a forward function`,
        error,
      };
    }
    return { error: worst };
  },
};
