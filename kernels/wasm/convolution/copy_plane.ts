import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { copyRunHelper } from "./copy_run.ts";
import { emitCounted } from "./emit_counted.ts";
import type { ImageCopy } from "./image_layout.ts";

/**
 * Writes the copying of one channel of an image. The zeros around and between its elements are not
 * written: they stay what they are.
 *
 * @param code Where to write.
 * @param copy How it is copied.
 * @param places Addresses of the channel and of its copy.
 */
export function emitCopyPlane(
  { f, module }: VectorCode,
  { lines: [planes, rows], runs, runFrom, runTo }: ImageCopy,
  places: { readonly from: Local; readonly to: Local },
): void {
  const run = copyRunHelper(module);
  const plane = start(places);
  emitCounted(f, planes!.count, () => {
    const row = start(plane);
    emitCounted(f, rows!.count, () => {
      for (const { from, to, count } of runs) {
        f.run(
          run,
          f.op("i32.add", row.from, from),
          f.op("i32.add", row.to, to),
          count,
          runFrom,
          runTo,
        );
      }
      move(row, rows!);
    });
    move(plane, planes!);
  });

  function start({ from, to }: { readonly from: Local; readonly to: Local }) {
    return { from: f.variable("i32", from), to: f.variable("i32", to) };
  }

  function move(
    place: { readonly from: Local; readonly to: Local },
    step: { readonly from: number; readonly to: number },
  ): void {
    f.assign(place.from, "i32.add", place.from, step.from);
    f.assign(place.to, "i32.add", place.to, step.to);
  }
}
