import { type DType, DTYPES, isFloatDType } from "../../../core/base/mod.ts";

/** Everything but truth. */
export const NUMBERS: readonly DType[] = DTYPES.filter((one) => one !== "bool");

/** Fractions, however they are stored. */
export const FRACTIONS: readonly DType[] = DTYPES.filter(isFloatDType);
