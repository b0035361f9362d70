/**
 * Packing of `int8`: as for fractions, but a word holds two steps in depth of a line, as numbers of
 * 16 bits. Where the depth is odd, the last word's second number is 0.
 *
 * @module
 */
import type { FunctionReference, Local } from "../assembler/function_types.ts";
import { emitTranspose } from "../lanes/emit_transpose.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { type Grain, type Packing, PART_SIGNATURE } from "./panel.ts";

/**
 * Writes the packing of one panel.
 *
 * @param code Where to write.
 * @param packing Where the panel comes from and goes.
 * @param panel How many lines it has, and what lies next to each other.
 */
export function emitPairPanel(
  code: VectorCode,
  { source, target, depth, lineStep, depthStep }: Packing,
  { width, grain }: { readonly width: number; readonly grain: Grain },
): void {
  const { f } = code;
  const lines: Local[] = [f.variable("i32", source)];
  for (let line = 1; line < width; line++) {
    lines.push(f.op("i32.add", lines[line - 1]!, lineStep));
  }
  const to = f.variable("i32", target);
  const left = f.variable("i32", depth);
  if (grain === "depth") emitWideSteps(code, lines, { to, left });
  const pairs = f.op("i32.shr_u", left, 1);
  const twice = f.op("i32.mul", depthStep, 2);
  f.if(pairs, () => {
    f.loop((next) => {
      f.scoped(() => {
        const words = grain === "lines"
          ? loadNeighbours(code, lines, depthStep)
          : loadPairs(code, lines, depthStep);
        storeWords(code, words, { to, width });
      });
      for (const line of lines) f.assign(line, "i32.add", line, twice);
      f.assign(to, "i32.add", to, 4 * width);
      f.assign(pairs, "i32.sub", pairs, 1);
      f.branchIf(next, pairs);
    });
  });
  f.if(f.op("i32.and", left, 1), () => {
    storeWords(code, loadPairs(code, lines), { to, width });
  });
}

/** Contiguous lines: eight steps in depth of each at a time, transposed. */
function emitWideSteps(
  code: VectorCode,
  lines: readonly Local[],
  { to, left }: { readonly to: Local; readonly left: Local },
): void {
  const { f } = code;
  const width = lines.length;
  const turns = f.op("i32.shr_u", left, 3);
  f.assign(left, "i32.and", left, 7);
  f.if(turns, () => {
    f.loop((next) => {
      f.scoped(() => {
        const words = lines.map((line) => f.load("v128.load8x8_s", line));
        for (let line = 0; line + 4 <= width; line += 4) {
          emitTranspose(code, words.slice(line, line + 4)).forEach(
            (vector, step) =>
              f.store("v128.store", to, vector, 4 * (width * step + line)),
          );
        }
        for (let line = width & ~3; line < width; line++) {
          for (let lane = 0; lane < 4; lane++) {
            const offset = 4 * (width * lane + line);
            const place = { address: to, lane, offset };
            f.storeLane("v128.store32_lane", words[line]!, place);
          }
        }
      });
      for (const line of lines) f.assign(line, "i32.add", line, 8);
      f.assign(to, "i32.add", to, 16 * width);
      f.assign(turns, "i32.sub", turns, 1);
      f.branchIf(next, turns);
    });
  });
}

/** The words of lines that lie next to each other, four in a vector. */
function loadNeighbours(
  code: VectorCode,
  lines: readonly Local[],
  depthStep: Local,
): Local[] {
  const { f } = code;
  const words: Local[] = [];
  for (let line = 0; line + 4 <= lines.length; line += 4) {
    const even = f.load("v128.load32_zero", lines[line]!);
    const second = f.op("i32.add", lines[line]!, depthStep);
    const odd = f.load("v128.load32_zero", second);
    words.push(f.op("i16x8.extend_low_i8x16_s", interleave(code, even, odd)));
  }
  const rest = lines.slice(lines.length & ~3);
  return rest.length === 0
    ? words
    : [...words, ...loadPairs(code, rest, depthStep)];
}

/** The first bytes of two vectors in turns. */
function interleave({ f }: VectorCode, even: Local, odd: Local): Local {
  return f.shuffleBytes(
    even,
    odd,
    Array.from({ length: 16 }, (_, i) => (i >> 1) + 16 * (i & 1)),
  );
}

/** The words of any lines, up to four in a vector; without a step, their second number is 0. */
function loadPairs(
  code: VectorCode,
  lines: readonly Local[],
  depthStep?: Local,
): Local[] {
  const { f } = code;
  const words: Local[] = [];
  for (let first = 0; first < lines.length; first += 4) {
    let bytes = f.i32x4(0);
    lines.slice(first, first + 4).forEach((address, i) => {
      const even = { address, lane: 2 * i };
      bytes = f.loadLane("v128.load8_lane", bytes, even);
      if (!depthStep) return;
      const second = f.op("i32.add", address, depthStep);
      const odd = { address: second, lane: 2 * i + 1 };
      bytes = f.loadLane("v128.load8_lane", bytes, odd);
    });
    words.push(f.op("i16x8.extend_low_i8x16_s", bytes));
  }
  return words;
}

function storeWords(
  { f }: VectorCode,
  words: readonly Local[],
  { to, width }: { readonly to: Local; readonly width: number },
): void {
  words.forEach((vector, i) => {
    const count = Math.min(4, width - 4 * i);
    if (count === 4) return f.store("v128.store", to, vector, 16 * i);
    for (let lane = 0; lane < count; lane++) {
      const place = { address: to, lane, offset: 16 * i + 4 * lane };
      f.storeLane("v128.store32_lane", vector, place);
    }
  });
}

/**
 * Writes the function that packs the last few lines, as many as fit a panel of a given width or
 * fewer.
 *
 * @param code Whose module it belongs to.
 * @returns The function.
 */
export function pairPartHelper(code: VectorCode): FunctionReference {
  return code.module.helper("pack part pairs", PART_SIGNATURE, (part) => {
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
    const twice = f.op("i32.mul", depthStep, 2);
    f.loop((nextLine) => {
      const from = f.variable("i32", source);
      const to = f.variable("i32", target);
      const pairs = f.op("i32.shr_u", depth, 1);
      f.if(pairs, () => {
        f.loop((next) => {
          storeWords(part, loadPairs(part, [from], depthStep), {
            to,
            width: 1,
          });
          f.assign(from, "i32.add", from, twice);
          f.assign(to, "i32.add", to, step);
          f.assign(pairs, "i32.sub", pairs, 1);
          f.branchIf(next, pairs);
        });
      });
      f.if(f.op("i32.and", depth, 1), () => {
        storeWords(part, loadPairs(part, [from]), { to, width: 1 });
      });
      f.assign(source, "i32.add", source, lineStep);
      f.assign(target, "i32.add", target, 4);
      f.assign(lines, "i32.sub", lines, 1);
      f.branchIf(nextLine, lines);
    });
  });
}
