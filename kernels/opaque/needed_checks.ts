/**
 * Which accesses of a function need their address compared with the size of an array.
 *
 * One comparison serves all accesses at the same address that follow before the next branch, call or
 * label, with whatever is added to it: it is made for the farthest of them. Those would trap anyway,
 * and what a call that traps has done until then nobody sees. What has been compared holds to the end
 * of the block, and in those within.
 *
 * **Source**: Gupta, "Optimizing array bound checks using flow analysis" (LOPLAS 2, 1993), within
 * straight code and blocks.
 *
 * @module
 */
import type { Instruction, PlacedAccess } from "./instructions.ts";
import { localOf, LocalValues, type ValueId } from "./local_values.ts";
import { pureOperands } from "./pure_instructions.ts";
import { OP } from "./wasm_encoding.ts";

/** A comparison, and the accesses that it serves. */
export interface Check {
  /** The largest address at which none of them leaves its array. */
  readonly limit: number;
  /** The accesses, at one address. */
  readonly accesses: readonly PlacedAccess[];
  /** Whether all of them store, and nothing is loaded from the first to the last. */
  readonly isStored: boolean;
}

/** Accesses at one address, with nothing between them that code could leave or enter by. */
class Group implements Check {
  readonly address: ValueId;
  readonly accesses: PlacedAccess[] = [];
  limit = Infinity;
  isStored = true;
  /** How many loads came before the first access. */
  readonly #loads: number;

  constructor(address: ValueId, loads: number) {
    this.address = address;
    this.#loads = loads;
  }

  add(
    access: PlacedAccess,
    { limit, loads }: { readonly limit: number; readonly loads: number },
  ): void {
    this.accesses.push(access);
    this.limit = Math.min(this.limit, limit);
    this.isStored &&= loads === this.#loads;
  }
}

/**
 * Finds the checks that are needed.
 *
 * @param instructions The instructions of a function.
 * @param limitOf The largest address at which an access does not leave its array, below 0 if there is
 * none; nothing if it needs no check.
 * @returns For each access whose address is to be compared, how.
 */
export function neededChecks(
  instructions: readonly Instruction[],
  limitOf: (access: PlacedAccess) => number | undefined,
): Map<Instruction, Check> {
  const groups = groupsOf(instructions, limitOf);
  const checks = new Map<Instruction, Check>();
  const known = new ScopedLimits();
  for (const instruction of instructions) {
    const { code, access } = instruction;
    known.pass(code);
    const group = groups.get(instruction);
    if (!access || !group) continue;
    if (known.get(group.address) <= limitOf(access)!) continue;
    checks.set(instruction, group);
    known.set(group.address, group.limit);
  }
  return checks;
}

/** What addresses are known not to exceed, until the block ends in which they were compared. */
class ScopedLimits {
  readonly #limits = new Map<ValueId, number>();
  /** For each open block, what was known before it. */
  readonly #before: [ValueId, number][][] = [[]];

  pass(code: number): void {
    if (code === OP.end || code === OP.else) {
      for (const [value, limit] of this.#before.pop()!.reverse()) {
        this.#limits.set(value, limit);
      }
    }
    if (code >= OP.block && code <= OP.else) this.#before.push([]);
  }

  get(value: ValueId): number {
    return this.#limits.get(value) ?? Infinity;
  }

  set(value: ValueId, limit: number): void {
    this.#before.at(-1)!.push([value, this.get(value)]);
    this.#limits.set(value, limit);
  }
}

/** Walks through the code with the values that are on its stack; those that are not known are fresh. */
function groupsOf(
  instructions: readonly Instruction[],
  limitOf: (access: PlacedAccess) => number | undefined,
): Map<Instruction, Group> {
  const locals = new LocalValues(instructions);
  const numbers = new Map<string, ValueId>();
  const groups = new Map<Instruction, Group>();
  let straight = new Map<ValueId, Group>();
  let stack: ValueId[] = [];
  let loads = 0;
  const pop = () => stack.pop() ?? locals.fresh();
  const take = (count: number) => Array.from({ length: count }, pop);
  /** The value of a pure instruction: for whole numbers of 32 bits, the same of the same. */
  function valueOf({ code, bytes }: Instruction, count: number): ValueId {
    const operands = take(count);
    if (code !== OP.i32Const && (code < OP.i32Clz || code > OP.i32Rotr)) {
      return locals.fresh();
    }
    const key = `${bytes.join()} ${operands.join()}`;
    const value = numbers.get(key) ?? locals.fresh();
    numbers.set(key, value);
    return value;
  }
  function place(instruction: Instruction, access: PlacedAccess): void {
    if (access.operand !== undefined) pop();
    const address = pop();
    if (!access.isStore) stack.push(locals.fresh());
    const limit = limitOf(access);
    if (limit === undefined) return;
    const group = straight.get(address) ?? new Group(address, loads);
    if (!access.isStore) loads++;
    group.add(access, { limit, loads });
    straight.set(address, group);
    groups.set(instruction, group);
  }
  instructions.forEach((instruction, at) => {
    const { code, access } = instruction;
    const count = pureOperands(code);
    if (access) place(instruction, access);
    else if (count !== undefined) stack.push(valueOf(instruction, count));
    else if (code === OP.drop) pop();
    else if (code === OP.localGet) {
      stack.push(locals.get(localOf(instruction), at));
    } else if (code === OP.localSet || code === OP.localTee) {
      const value = pop();
      locals.set(localOf(instruction), value, at);
      if (code === OP.localTee) stack.push(value);
    } else if (code === OP.globalGet) stack.push(locals.fresh());
    else if (code === OP.globalSet) pop();
    else {
      stack = [];
      straight = new Map();
      locals.pass(code, at);
    }
  });
  return groups;
}
