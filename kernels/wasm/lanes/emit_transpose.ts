import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "./vector_code.ts";

/**
 * Writes the transposition of four vectors.
 *
 * @param code Where to write.
 * @param vectors Rows of four.
 * @returns The columns.
 */
export function emitTranspose(
  { f }: VectorCode,
  vectors: readonly Local[],
): Local[] {
  const [a, b, c, d] = vectors as [Local, Local, Local, Local];
  const ab = [f.shuffle(a, b, [0, 4, 1, 5]), f.shuffle(a, b, [2, 6, 3, 7])];
  const cd = [f.shuffle(c, d, [0, 4, 1, 5]), f.shuffle(c, d, [2, 6, 3, 7])];
  return [0, 1].flatMap((half) => [
    f.shuffle(ab[half]!, cd[half]!, [0, 1, 4, 5]),
    f.shuffle(ab[half]!, cd[half]!, [2, 3, 6, 7]),
  ]);
}
