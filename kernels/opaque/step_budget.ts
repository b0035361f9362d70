/**
 * Code that takes steps from the budget of a call, and traps if there are not so many.
 *
 * @module
 */
import { UNLIKELY } from "./branch_hints.ts";
import { signedBytes, unsignedBytes } from "./byte_reader.ts";
import { EMPTY_BLOCK, type Linkage } from "./linkage.ts";
import { OP } from "./wasm_encoding.ts";

/** Steps that loops take at once: what each call of a function may take too many. */
const LOOP_STEPS = 1024;

/**
 * Begins a call: the budget is full.
 *
 * @param linkage The budget; the first two locals hold the first element and the one after the last.
 * @returns The code.
 */
export function beginSteps({ options, globals }: Linkage): readonly number[] {
  const { steps, elementSteps } = options.budget;
  return [
    ...[OP.localGet, 1, OP.localGet, 0, OP.i32Sub, OP.i64ExtendU],
    ...[OP.i64Const, ...signedBytes(elementSteps), OP.i64Mul],
    ...[OP.i64Const, ...signedBytes(steps), OP.i64Add],
    ...[OP.globalSet, ...unsignedBytes(globals.steps)],
  ];
}

/**
 * Takes a number of steps.
 *
 * @param steps The number.
 * @param linkage Where the budget is.
 * @returns The code.
 */
export function takeSteps(steps: number, linkage: Linkage): readonly number[] {
  return takeCounted([OP.i64Const, ...signedBytes(BigInt(steps))], linkage);
}

/**
 * Takes a number of steps that is counted when the code runs.
 *
 * @param count Code that gives the number.
 * @param linkage Where the budget is.
 * @returns The code.
 */
export function takeCounted(
  count: readonly number[],
  { globals }: Linkage,
): readonly number[] {
  const budget = unsignedBytes(globals.steps);
  return [
    ...[OP.globalGet, ...budget, ...count, OP.i64Sub],
    ...[OP.globalSet, ...budget, OP.globalGet, ...budget],
    ...[OP.i64Const, 0, OP.i64LtS],
    ...[OP.if, EMPTY_BLOCK, OP.unreachable, OP.end],
  ];
}

/**
 * Takes the steps of a turn from those that the function has paid for, and pays for more if there are
 * not so many: a global would be written at every turn.
 *
 * @param steps The number.
 * @param place The local with what is paid for, and where the budget is.
 * @returns The code.
 */
export function takeTurn(
  steps: number,
  { paid, linkage }: { readonly paid: number; readonly linkage: Linkage },
): readonly number[] {
  const local = unsignedBytes(paid);
  const bought = Math.max(LOOP_STEPS, steps);
  const changed = (by: number) => [
    ...[OP.localGet, ...local, OP.i32Const, ...signedBytes(BigInt(by))],
    OP.i32Add,
  ];
  return [
    ...[...changed(-steps), OP.localTee, ...local],
    ...[OP.i32Const, 0, OP.i32LtS, UNLIKELY, OP.if, EMPTY_BLOCK],
    ...takeSteps(bought, linkage),
    ...[...changed(bought), OP.localSet, ...local, OP.end],
  ];
}
