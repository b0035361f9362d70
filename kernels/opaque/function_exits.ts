import { ByteReader } from "./byte_reader.ts";
import type { Instruction } from "./instructions.ts";
import { OP } from "./wasm_encoding.ts";

/**
 * Finds where a function may end otherwise than by a trap.
 *
 * @param instructions The instructions of a function.
 * @returns Those that leave it, or may.
 */
export function exitsOf(
  instructions: readonly Instruction[],
): ReadonlySet<Instruction> {
  const exits = new Set<Instruction>();
  let open = 0;
  for (const instruction of instructions) {
    const { code } = instruction;
    if (code >= OP.block && code <= OP.if) open++;
    else if (code === OP.end) open--;
    const leaves = open < 0 || code === OP.return ||
      farthestLabel(instruction) >= open;
    if (leaves) exits.add(instruction);
  }
  return exits;
}

/** How many blocks a branch leaves at most, its target not counted; -1 if it is none. */
function farthestLabel({ code, bytes }: Instruction): number {
  if (code < OP.br || code > OP.brTable) return -1;
  const reader = new ByteReader(bytes, 1);
  const others = code === OP.brTable ? reader.unsigned() : 0;
  let farthest = reader.unsigned();
  for (let i = 0; i < others; i++) {
    farthest = Math.max(farthest, reader.unsigned());
  }
  return farthest;
}
