import type { FunctionReference, Local } from "../assembler/function_types.ts";
import type { Surroundings, VectorCode } from "../lanes/vector_code.ts";
import { emitCounted } from "./emit_counted.ts";

/** The elements that a function is copying: addresses, how many are left, and both steps. */
interface Copying {
  readonly from: Local;
  readonly to: Local;
  readonly count: Local;
  readonly stepFrom: Local;
  readonly stepTo: Local;
}

const PARAMETERS = ["address", "address", "i32", "i32", "i32"] as const;

/**
 * Writes the function that copies elements of 32 bits. Where the copies lie two apart, what lies
 * between them may be set to 0.
 *
 * Parameters: addresses of the first and of its copy; how many there are; both steps, in bytes.
 *
 * @param module Where the function belongs.
 * @returns The function.
 */
export function copyRunHelper(module: Surroundings): FunctionReference {
  const signature = { parameters: PARAMETERS, results: [] };
  return module.helper("copy run", signature, (code) => {
    const { f } = code;
    const [from, to, count, stepFrom, stepTo] = PARAMETERS.map((_, i) =>
      f.parameter(i)
    ) as [Local, Local, Local, Local, Local];
    const copying = { from, to, count, stepFrom, stepTo };
    emitWhere(code, copying, [4, 4], () => emitClose(code, copying));
    emitWhere(code, copying, [8, 4], () => emitEverySecond(code, copying));
    emitWhere(code, copying, [4, 8], () => emitSpread(code, copying));
    emitCounted(f, count, () => {
      f.store("f32.store", to, f.load("f32.load", from));
      f.assign(from, "i32.add", from, stepFrom);
      f.assign(to, "i32.add", to, stepTo);
    });
  });
}

/** Writes code for two steps. */
function emitWhere(
  { f }: VectorCode,
  { stepFrom, stepTo }: Copying,
  [from, to]: readonly [from: number, to: number],
  body: () => void,
): void {
  const isSo = f.op(
    "i32.and",
    f.op("i32.eq", stepFrom, from),
    f.op("i32.eq", stepTo, to),
  );
  f.if(isSo, body);
}

/** Writes a loop that takes some elements a turn, as long as so many and some more are left. */
function emitTurns(
  { f }: VectorCode,
  { from, to, count, stepFrom, stepTo }: Copying,
  { elements, keeps = 0 }: {
    readonly elements: number;
    readonly keeps?: number;
  },
  body: () => void,
): void {
  const bytesFrom = f.op("i32.mul", stepFrom, elements);
  const bytesTo = f.op("i32.mul", stepTo, elements);
  f.block((done) => {
    f.loop((next) => {
      f.branchIf(done, f.op("i32.lt_s", count, elements + keeps));
      f.scoped(body);
      f.assign(from, "i32.add", from, bytesFrom);
      f.assign(to, "i32.add", to, bytesTo);
      f.assign(count, "i32.sub", count, elements);
      f.branch(next);
    });
  });
}

function emitClose(code: VectorCode, copying: Copying): void {
  const { f } = code;
  for (const vectors of [4, 1]) {
    emitTurns(code, copying, { elements: 4 * vectors }, () => {
      for (let i = 0; i < vectors; i++) {
        const four = f.load("v128.load", copying.from, 16 * i);
        f.store("v128.store", copying.to, four, 16 * i);
      }
    });
  }
}

/** The last element is left: behind it there may be nothing that can be read. */
function emitEverySecond(code: VectorCode, copying: Copying): void {
  const { f } = code;
  emitTurns(code, copying, { elements: 4, keeps: 1 }, () => {
    const [a, b] = [0, 16].map((offset) =>
      f.load("v128.load", copying.from, offset)
    );
    f.store("v128.store", copying.to, f.shuffle(a!, b!, [0, 2, 4, 6]));
  });
}

/** The last element is left: behind its copy there may be something else. */
function emitSpread(code: VectorCode, copying: Copying): void {
  const { f } = code;
  const zero = f.i32x4(0);
  emitTurns(code, copying, { elements: 4, keeps: 1 }, () => {
    const four = f.load("v128.load", copying.from);
    f.store("v128.store", copying.to, f.shuffle(four, zero, [0, 4, 1, 4]));
    f.store("v128.store", copying.to, f.shuffle(four, zero, [2, 4, 3, 4]), 16);
  });
}
