// The engine's validation as the oracle: only the right number of operands leaves the stack as it was.

import { assertEquals } from "@std/assert";
import { ByteReader, unsignedBytes } from "./byte_reader.ts";
import { readInstruction } from "./instructions.ts";
import { pureOperands } from "./pure_instructions.ts";
import { list, opcode, sized } from "./wasm_encoding.ts";

/** A constant of every type: i32, i64, f32, f64, v128. */
const CONSTANTS: readonly (readonly number[])[] = [
  [0x41, 0],
  [0x42, 0],
  [0x43, 0, 0, 0, 0],
  [0x44, 0, 0, 0, 0, 0, 0, 0, 0],
  [0xfd, 0x0c, ...new Array(16).fill(0)],
];

const CODES = [
  ...Array.from({ length: 0xc5 }, (_, code) => code),
  ...Array.from({ length: 8 }, (_, i) => 0xfc0000 + i),
  ...Array.from({ length: 0x114 }, (_, i) => 0xfd0000 + i),
];

/** The bytes of an instruction, with zeros for what follows its number. */
function instructionBytes(code: number): readonly number[] {
  if (code === 0x1c) return [code, 1, 0x7f];
  const bytes = Uint8Array.from([...opcode(code), ...new Array(16).fill(0)]);
  const reader = new ByteReader(bytes, 0);
  readInstruction(reader);
  return [...bytes.subarray(0, reader.at)];
}

/** Whether constants, an instruction and a drop are a function that gives nothing. */
function isBalanced(
  operands: readonly (readonly number[])[],
  instruction: readonly number[],
): boolean {
  const body = sized([0, ...operands.flat(), ...instruction, 0x1a, 0x0b]);
  return WebAssembly.validate(Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, ...sized(list([[0x60, 0, 0]]))],
    ...[3, ...sized(list([unsignedBytes(0)]))],
    ...[10, ...sized(list([body]))],
  ]));
}

/** How many operands the engine lets an instruction take that gives one value. */
function operandsByEngine(code: number): number | undefined {
  const instruction = instructionBytes(code);
  let choices: (readonly (readonly number[])[])[] = [[]];
  for (let count = 0; count <= 3; count++) {
    if (choices.some((choice) => isBalanced(choice, instruction))) return count;
    choices = choices.flatMap((choice) =>
      CONSTANTS.map((constant) => [...choice, constant])
    );
  }
  return undefined;
}

Deno.test("pureOperands() counts the operands that the engine counts", () => {
  const counted = CODES.flatMap((code) => {
    const pure = pureOperands(code);
    const wanted = operandsByEngine(code);
    // The engine knows no instruction of some numbers: it would have refused the module.
    if (pure === undefined || wanted === undefined) return [];
    assertEquals(pure, wanted, code.toString(16));
    return [code];
  });
  // Choices, numbers, saturating conversions, vectors apart from their loads and stores.
  assertEquals(counted.length, 2 + 132 + 8 + 256 - 22);
});
