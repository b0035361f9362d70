import type { Instruction } from "./instructions.ts";
import { OP } from "./wasm_encoding.ts";

/**
 * Counts the instructions that a turn of each loop takes at most, apart from those of the loops in it.
 *
 * @param instructions The instructions of a function.
 * @returns The number for each loop; under `undefined`, for the function.
 */
export function costsOf(
  instructions: readonly Instruction[],
): Map<Instruction | undefined, number> {
  const costs = new Map<Instruction | undefined, number>([[undefined, 0]]);
  /** For each block that is open, the loop that its instructions belong to. */
  const open: (Instruction | undefined)[] = [];
  let loop: Instruction | undefined;
  for (const instruction of instructions) {
    const { code } = instruction;
    costs.set(loop, costs.get(loop)! + 1);
    if (code >= 0x02 && code <= OP.if) {
      open.push(loop);
      if (code === OP.loop) {
        loop = instruction;
        costs.set(loop, 1);
      }
    } else if (code === OP.end) loop = open.pop();
  }
  return costs;
}
