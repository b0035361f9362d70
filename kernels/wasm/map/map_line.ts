import type { MapKernel } from "../../ir/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import { ExpressionCode } from "../lanes/expression_code.ts";
import { storeRun } from "../lanes/lane_access.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import {
  findView,
  lineSources,
  type LineView,
  unitOf,
} from "../lanes/views.ts";
import { emitLine } from "../loops/emit_line.ts";

/** Instructions a vector up to which a line's code is unrolled. */
const UNROLL_WEIGHT_MAX = 24;

/**
 * Writes the computation of one line of elements.
 *
 * @param code Where to write.
 * @param elements The value of one, and how it is stored.
 * @param line The views, whose cursors are moved; the output is the last. How many elements there
 * are, and how many of them are left over from the last vector of four.
 */
export function emitMapLine(
  code: VectorCode,
  { body, dtype }: Pick<MapKernel, "body" | "dtype">,
  { views, count, tail }: {
    readonly views: readonly LineView[];
    readonly count: number | Local;
    readonly tail: number;
  },
): void {
  const expression = new ExpressionCode(
    body,
    (source) => findView(views, source).stride !== 0,
  );
  expression.emitStill(code, lineSources(code, views, { skip: 0, lanes: 4 }));
  const output = views.at(-1)!;
  const line = {
    count,
    tail,
    unroll: expression.weight <= UNROLL_WEIGHT_MAX ? 4 : 1,
    cursors: views.map((view) => ({
      local: view.cursor,
      step: view.stride * unitOf(view),
    })),
  };
  emitLine(code.f, line, ({ skip, lanes }) => {
    const part = { skip, lanes };
    const value = expression.emitMoving(code, lineSources(code, views, part));
    const { cursor: pointer, stride } = output;
    const run = { pointer, dtype, stride, skip, shift: 0 };
    storeRun(code, value, { ...run, count: lanes });
  });
}
