import type { RandomKernel } from "../../ir/mod.ts";
import type { AddressBytes, Local } from "../assembler/function_types.ts";
import { loadAddress, loadNumber } from "../assembler/tables.ts";
import type { Engine } from "../engine.ts";
import { emitTranspose } from "../lanes/emit_transpose.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import type { Task } from "../threads/thread_pool.ts";
import { DISTRIBUTIONS } from "./distributions.ts";
import { emitPhilox, philoxSource } from "./philox.ts";

/** Elements of a unit. */
export const UNIT_ELEMENTS = 16;

const UNIT_BYTES = 4 * UNIT_ELEMENTS;

/** What a draw is told: which word, from the address of its parameters on, says what. */
export const RANDOM_WORD = {
  /** Address of the output. */
  target: 0,
  /** How many elements it has. */
  size: 1,
  /** The key. */
  key0: 2,
  key1: 3,
  /** Which draw of the key. */
  draw: 4,
  /** Room for the last unit, of which not all is wanted. */
  room: 5,
} as const;

/**
 * Tells how much memory the parameters take.
 *
 * @param slotBytes Bytes of a slot.
 * @returns Their bytes.
 */
export function randomBytes(slotBytes: AddressBytes): number {
  return slotBytes * RANDOM_WORD.room + UNIT_BYTES;
}

/**
 * Finds the function that draws from a distribution: a unit is four blocks of four.
 *
 * @param distribution The distribution.
 * @param engine What turns code into functions.
 * @returns The function, which all draws share.
 */
export function randomTask(
  distribution: RandomKernel["distribution"],
  engine: Engine,
): Task {
  return engine.task(
    `random ${distribution}`,
    (code) => emitDraw(code, distribution),
  );
}

function emitDraw(
  code: VectorCode,
  distribution: RandomKernel["distribution"],
): void {
  const { f } = code;
  const parameters = f.parameter(2);
  const target = loadAddress(f, parameters, RANDOM_WORD.target);
  const size = loadNumber(f, parameters, RANDOM_WORD.size);
  const { key0, key1, draw } = RANDOM_WORD;
  const [low, high, third] = [key0, key1, draw].map((word) =>
    f.load("v128.load32_splat", parameters, f.addressBytes * word)
  ) as [Local, Local, Local];
  const source = philoxSource(code, { key: [low, high], draw: third });
  const unit = f.variable("i32", f.parameter(0));
  const first = f.op("i32x4.splat", f.op("i32.shl", unit, 2));
  const steps = new Uint8Array(Int32Array.of(0, 1, 2, 3).buffer);
  const counter = f.op("i32x4.add", first, f.v128(steps));
  f.loop((next) => {
    f.scoped(() => {
      const words = emitPhilox(code, counter, source);
      const rows = emitTranspose(
        code,
        DISTRIBUTIONS[distribution](code, words),
      );
      const done = f.op("i32.mul", unit, UNIT_ELEMENTS);
      const left = f.op("i32.sub", size, done);
      const to = f.op("i32.add", target, f.op("i32.mul", unit, UNIT_BYTES));
      f.if(
        f.op("i32.ge_s", left, UNIT_ELEMENTS),
        () => rows.forEach((row, i) => f.store("v128.store", to, row, 16 * i)),
        () => emitPart(code, { rows, left, to }),
      );
    });
    f.assign(counter, "i32x4.add", counter, f.i32x4(4));
    f.assign(unit, "i32.add", unit, 1);
    f.branchIf(next, f.op("i32.lt_s", unit, f.parameter(1)));
  });
}

/** Writes the last unit by way of the room for it. */
function emitPart(
  { f }: VectorCode,
  { rows, left, to }: {
    readonly rows: readonly Local[];
    readonly left: Local;
    readonly to: Local;
  },
): void {
  const from = f.op(
    "i32.add",
    f.parameter(2),
    f.addressBytes * RANDOM_WORD.room,
  );
  rows.forEach((row, i) => f.store("v128.store", from, row, 16 * i));
  f.loop((next) => {
    f.store("i32.store", to, f.load("i32.load", from));
    f.assign(from, "i32.add", from, 4);
    f.assign(to, "i32.add", to, 4);
    f.assign(left, "i32.sub", left, 1);
    f.branchIf(next, left);
  });
}
