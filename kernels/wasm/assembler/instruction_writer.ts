import { assertInvariant } from "../../../core/base/mod.ts";
import { ByteWriter } from "./byte_writer.ts";
import {
  type AddressBytes,
  type FunctionReference,
  type Label,
  type Local,
  resolveType,
  type Value,
} from "./function_types.ts";
import {
  LANE_STORES,
  MEMORY_COPY,
  MEMORY_FILL,
  ON_ADDRESSES,
  type Opcode,
  PLAIN,
  type StackType,
  STORES,
  typeAt,
  type ValueType,
} from "./opcodes.ts";

/**
 * Writes instructions that give no value: stores, calls, control flow. Types of operands are checked
 * as the code is written.
 *
 * Addresses are as wide as the memory wants them, and arithmetic follows: where an operand of an
 * `i32` instruction is a 64-bit address, the 64-bit instruction is written. So an address becomes a
 * 32-bit number only as a distance, the difference of two addresses.
 */
export class InstructionWriter {
  /** How wide addresses are. */
  readonly addressBytes: AddressBytes;
  /** The instructions so far. */
  protected readonly code: ByteWriter = new ByteWriter();
  #depth = 0;

  /**
   * Constructs a new instance.
   *
   * @param addressBytes How wide addresses are.
   */
  constructor(addressBytes: AddressBytes) {
    this.addressBytes = addressBytes;
  }

  /**
   * Writes memory.
   *
   * @param name The instruction.
   * @param address Where.
   * @param value What.
   * @param offset Bytes further on, from 0.
   */
  store(
    name: keyof typeof STORES,
    address: Value,
    value: Value,
    offset = 0,
  ): void {
    this.emit(STORES[name], [address, value]);
    this.memory(offset);
  }

  /**
   * Writes one lane of a vector to memory.
   *
   * @param name The instruction.
   * @param vector The vector.
   * @param place Address, lane, and bytes further on.
   */
  storeLane(
    name: keyof typeof LANE_STORES,
    vector: Local,
    { address, lane, offset = 0 }: {
      readonly address: Value;
      readonly lane: number;
      readonly offset?: number;
    },
  ): void {
    this.emit(LANE_STORES[name], [address, vector]);
    this.memory(offset);
    this.code.byte(lane);
  }

  /**
   * Fills memory with one byte.
   *
   * @param address Where.
   * @param byte The byte.
   * @param count How many times.
   */
  fill(address: Value, byte: Value, count: Value): void {
    this.emit(MEMORY_FILL, [address, byte, count]);
    this.code.byte(0);
  }

  /**
   * Copies memory.
   *
   * @param to Where to.
   * @param from Where from.
   * @param count How many bytes.
   */
  move(to: Value, from: Value, count: Value): void {
    this.emit(MEMORY_COPY, [to, from, count]);
    this.code.byte(0);
    this.code.byte(0);
  }

  /**
   * Calls a function that gives nothing.
   *
   * @param callee The function.
   * @param operands What it takes.
   */
  run(callee: FunctionReference, ...operands: readonly Value[]): void {
    assertInvariant(
      operands.length === callee.parameters.length,
      "a call has all its operands",
    );
    operands.forEach((operand, i) => this.push(operand, callee.parameters[i]!));
    this.code.byte(0x10);
    this.code.unsigned(callee.index);
  }

  /**
   * Writes code that a branch can leave.
   *
   * @param body Writes the code; it is given the label of its end.
   */
  block(body: (end: Label) => void): void {
    this.#structure(0x02, body);
  }

  /**
   * Writes code that a branch can start again.
   *
   * @param body Writes the code; it is given the label of its head.
   */
  loop(body: (head: Label) => void): void {
    this.#structure(0x03, body);
  }

  /**
   * Writes code that runs if a number is not 0.
   *
   * @param condition The number.
   * @param whenTrue Writes the code.
   * @param whenFalse Writes the code that runs otherwise.
   */
  if(condition: Local, whenTrue: () => void, whenFalse?: () => void): void {
    this.push(condition, "i32");
    this.#structure(0x04, () => {
      whenTrue();
      if (!whenFalse) return;
      this.code.byte(0x05);
      whenFalse();
    });
  }

  /**
   * Goes to a label.
   *
   * @param label The label.
   */
  branch(label: Label): void {
    this.code.byte(0x0c);
    this.code.unsigned(this.#depth - label.depth);
  }

  /**
   * Goes to a label if a number is not 0.
   *
   * @param label The label.
   * @param condition The number.
   */
  branchIf(label: Label, condition: Local): void {
    this.push(condition, "i32");
    this.code.byte(0x0d);
    this.code.unsigned(this.#depth - label.depth);
  }

  /**
   * Tells what a type is here.
   *
   * @param type The type.
   * @returns The type, where addresses have their width.
   */
  protected resolve(type: ValueType): StackType {
    return resolveType(type, this.addressBytes);
  }

  /**
   * Tells whether a value is an address of 64 bits.
   *
   * @param value The value.
   * @returns Whether it is.
   */
  protected isLong(value: Value): boolean {
    return this.addressBytes === 8 && typeof value !== "number" &&
      value.type === "i64";
  }

  /**
   * Writes an instruction without immediates.
   *
   * @param name Its name in the specification.
   * @param operands What it takes.
   * @returns What it gives, as a letter.
   */
  protected emitPlain(
    name: keyof typeof PLAIN,
    operands: readonly Value[],
  ): string {
    const onAddresses = ON_ADDRESSES[name];
    if (!onAddresses || !operands.some((value) => this.isLong(value))) {
      this.emit(PLAIN[name], operands);
      return PLAIN[name][2];
    }
    this.emit(onAddresses, operands);
    const areAddresses = operands.every((value) => this.isLong(value));
    assertInvariant(
      name !== "i32.add" || !areAddresses,
      "two addresses have no sum",
    );
    if (name !== "i32.sub" || !areAddresses) return onAddresses[2];
    const wrap = PLAIN["i32.wrap_i64"];
    this.code.opcode(wrap[0]);
    return wrap[2];
  }

  /**
   * Writes an instruction without its immediates.
   *
   * @param opcode The instruction.
   * @param operands What it takes.
   */
  protected emit([code, takes]: Opcode, operands: readonly Value[]): void {
    assertInvariant(
      operands.length === takes.length,
      "an instruction has all its operands",
    );
    for (let i = 0; i < takes.length; i++) {
      this.push(operands[i]!, typeAt(takes, i)!);
    }
    this.code.opcode(code);
  }

  /**
   * Writes a value onto the stack.
   *
   * @param value The value.
   * @param type What is expected.
   */
  protected push(value: Value, type: ValueType): void {
    if (typeof value === "number") return this.#constant(value, type);
    const wanted = this.resolve(type);
    const isExtended = type === "distance" && value.type === "i32" &&
      wanted === "i64";
    assertInvariant(
      value.type === wanted || isExtended,
      "an instruction has operands of its types",
    );
    this.code.byte(0x20);
    this.code.unsigned(value.index);
    if (isExtended) this.code.opcode(PLAIN["i64.extend_i32_s"][0]);
  }

  /**
   * Writes the immediate of an instruction that uses memory; accesses need not be aligned.
   *
   * @param offset Bytes to add to the address.
   */
  protected memory(offset: number): void {
    this.code.byte(0);
    this.code.unsigned(offset);
  }

  #constant(value: number, type: ValueType): void {
    switch (this.resolve(type)) {
      case "i32":
        this.code.byte(0x41);
        return this.code.signed(value);
      case "i64":
        this.code.byte(0x42);
        return this.code.signedLong(value);
      case "f32":
        this.code.byte(0x43);
        return this.code.bytes(new Uint8Array(Float32Array.of(value).buffer));
      default:
        assertInvariant(false, "a number in the code is whole or an f32");
    }
  }

  #structure(opcode: number, body: (label: Label) => void): void {
    this.code.byte(opcode);
    this.code.byte(0x40);
    this.#depth++;
    body({ depth: this.#depth });
    this.#depth--;
    this.code.byte(0x0b);
  }
}
