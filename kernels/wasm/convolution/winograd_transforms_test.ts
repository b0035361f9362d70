/** Oracle: the definition of a convolution. Small whole numbers, of which all sums are exact. */
import { assertEquals } from "@std/assert";
import type { Local } from "../assembler/function_types.ts";
import { Engine } from "../engine.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { createLinearMemory } from "../linear_memory.ts";
import {
  emitImageTransform,
  emitSumTransform,
  emitWindowTransform,
} from "./winograd_transforms.ts";

function readSquare(
  { f }: VectorCode,
  { side, start }: { readonly side: number; readonly start: number },
): Local[][] {
  return Array.from({ length: side }, (_, y) =>
    Array.from(
      { length: side },
      (_, x) => f.load("v128.load", 0, start + 16 * (y * side + x)),
    ));
}

Deno.test("Winograd's transforms make four elements of sixteen products", () => {
  const memory = createLinearMemory(2 ** 20);
  const engine = new Engine(memory, { relaxedSimd: false });
  const [image, window, output] = [0, 1024, 2048];
  const task = engine.compile((code) => {
    const { f } = code;
    const tile = readSquare(code, { side: 4, start: image });
    const weights = readSquare(code, { side: 3, start: window });
    const factors = emitWindowTransform(code, weights);
    const products = emitImageTransform(code, tile).map((row, y) =>
      row.map((four, x) => f.op("f32x4.mul", four, factors[y]![x]!))
    );
    emitSumTransform(code, products).flat().forEach((four, i) =>
      f.store("v128.store", 0, four, output + 16 * i)
    );
  });
  const words = memory.float32;
  for (let i = 0; i < 512; i++) words[i] = i * i % 23 - 11;
  task.run(0, 1, 0, 0);
  for (let lane = 0; lane < 4; lane++) {
    const read = (start: number, i: number) => words[start / 4 + 4 * i + lane]!;
    for (let place = 0; place < 4; place++) {
      const [y, x] = [place >> 1, place & 1];
      let sum = 0;
      for (let tap = 0; tap < 9; tap++) {
        const [v, u] = [Math.floor(tap / 3), tap % 3];
        sum += read(image, 4 * (y + v) + x + u) * read(window, tap);
      }
      assertEquals(read(output, place), sum);
    }
  }
});
