import { assertInvariant } from "../../../core/base/mod.ts";
import { ByteWriter } from "./byte_writer.ts";
import {
  type AddressBytes,
  byteOfType,
  type FunctionReference,
  type Local,
  type Value,
} from "./function_types.ts";
import { InstructionWriter } from "./instruction_writer.ts";
import {
  LANE_LOADS,
  LANES,
  LOADS,
  type Opcode,
  type PLAIN,
  SHUFFLE,
  type StackType,
  typeAt,
  V128_CONST,
  type ValueType,
} from "./opcodes.ts";

/**
 * Writes the code of one function.
 *
 * Instructions take variables or numbers and put their result into a variable of their own, so a
 * generator reads like ordinary code; V8 turns the variables into values, at no cost. Types are
 * checked as the code is written.
 */
export class FunctionBuilder extends InstructionWriter {
  readonly #parameters: Local[];
  readonly #locals: StackType[] = [];
  // Constants, before everything else: V8 makes a v128 constant anew wherever it stands, loops
  // included.
  readonly #prologue = new ByteWriter();
  readonly #constants = new Map<string, Local>();
  readonly #free = new Map<StackType, Local[]>();
  #scope: Local[] | undefined;
  #depth = 0;

  /**
   * Constructs a new instance.
   *
   * @param parameters Types of the function's parameters.
   * @param addressBytes How wide addresses are.
   */
  constructor(
    parameters: readonly ValueType[],
    addressBytes: AddressBytes = 4,
  ) {
    super(addressBytes);
    this.#parameters = parameters.map((type, index) => ({
      index,
      type: this.resolve(type),
    }));
  }

  /**
   * Finds a parameter.
   *
   * @param index Its number.
   * @returns Its variable.
   */
  parameter(index: number): Local {
    const parameter = this.#parameters[index];
    assertInvariant(parameter, "a function has the parameter");
    return parameter;
  }

  /**
   * Makes an address of a parameter that counts units, since an `i64` would have to be a `bigint`.
   *
   * @param index The parameter's number.
   * @param unitBits Logarithm of the bytes of a unit.
   */
  widen(index: number, unitBits: number): void {
    if (this.addressBytes === 4) return;
    const units = this.op("i64.extend_i32_u", this.parameter(index));
    this.#parameters[index] = this.op("i64.shl", units, unitBits);
  }

  /**
   * Makes a variable.
   *
   * @param type What it holds.
   * @returns The variable, whose value is not defined.
   */
  local(type: ValueType): Local {
    const held = this.resolve(type);
    const local = this.#free.get(held)?.pop() ?? this.#fresh(held);
    this.#scope?.push(local);
    return local;
  }

  /**
   * Writes code whose variables are not needed after it: they are used again.
   *
   * @param body Writes the code.
   */
  scoped(body: () => void): void {
    const outer = this.#scope;
    this.#scope = [];
    body();
    for (const local of this.#scope) {
      const free = this.#free.get(local.type) ?? [];
      this.#free.set(local.type, free);
      free.push(local);
    }
    this.#scope = outer;
  }

  /**
   * Writes a vector of four equal numbers, once a function.
   *
   * @param value The number, which is rounded to `f32`.
   * @returns Its variable, not to be written to.
   */
  f32x4(value: number): Local {
    return this.#constant(
      `f32 ${keyOf(value)}`,
      () => new Float32Array(4).fill(value),
    );
  }

  /**
   * Writes a vector of four equal whole numbers, once a function.
   *
   * @param value The number.
   * @returns Its variable, not to be written to.
   */
  i32x4(value: number): Local {
    return this.#constant(
      `i32 ${value}`,
      () => new Int32Array(4).fill(value),
    );
  }

  /**
   * Writes a vector of two equal numbers, once a function.
   *
   * @param value The number.
   * @returns Its variable, not to be written to.
   */
  f64x2(value: number): Local {
    return this.#constant(
      `f64 ${keyOf(value)}`,
      () => new Float64Array(2).fill(value),
    );
  }

  /**
   * Writes a constant vector, once a function.
   *
   * @param bytes Its sixteen bytes.
   * @returns Its variable, not to be written to.
   */
  v128(bytes: Uint8Array): Local {
    return this.#constant(bytes.join(), () => bytes);
  }

  /**
   * Writes an instruction.
   *
   * @param name Its name in the specification.
   * @param operands What it takes.
   * @returns A new variable with its result.
   */
  op(name: keyof typeof PLAIN, ...operands: readonly Value[]): Local {
    return this.#keep(typeAt(this.emitPlain(name, operands), 0)!);
  }

  /**
   * Writes an instruction whose result replaces the value of a variable.
   *
   * @param target The variable.
   * @param name The instruction's name in the specification.
   * @param operands What it takes.
   */
  assign(
    target: Local,
    name: keyof typeof PLAIN,
    ...operands: readonly Value[]
  ): void {
    this.#set(target, this.emitPlain(name, operands));
  }

  /**
   * Gives a variable the value of another, or a number.
   *
   * @param target The variable.
   * @param value Its new value.
   */
  copy(target: Local, value: Value): void {
    this.push(value, target.type);
    this.code.byte(0x21);
    this.code.unsigned(target.index);
  }

  /**
   * Makes a variable with a value.
   *
   * @param type What it holds; what holds an address where an `i32` is asked for is as wide as it.
   * @param value Its first value.
   * @returns The variable.
   */
  variable(type: ValueType, value: Value): Local {
    const isAddress = type === "i32" && this.isLong(value);
    const local = this.local(isAddress ? "address" : type);
    this.copy(local, value);
    return local;
  }

  /**
   * Reads memory.
   *
   * @param name The instruction.
   * @param address Where.
   * @param offset Bytes further on, from 0.
   * @returns A new variable with what was read.
   */
  load(name: keyof typeof LOADS, address: Value, offset = 0): Local {
    return this.#give(LOADS[name], [address], () => this.memory(offset));
  }

  /**
   * Reads one lane of a vector from memory.
   *
   * @param name The instruction.
   * @param vector The other lanes.
   * @param place Address, lane, and bytes further on.
   * @returns A new variable with the vector.
   */
  loadLane(
    name: keyof typeof LANE_LOADS,
    vector: Local,
    { address, lane, offset = 0 }: {
      readonly address: Value;
      readonly lane: number;
      readonly offset?: number;
    },
  ): Local {
    return this.#give(LANE_LOADS[name], [address, vector], () => {
      this.memory(offset);
      this.code.byte(lane);
    });
  }

  /**
   * Takes a lane out of a vector, or replaces it.
   *
   * @param name The instruction.
   * @param lane The lane.
   * @param operands The vector, and the new value.
   * @returns A new variable with the result.
   */
  lane(
    name: keyof typeof LANES,
    lane: number,
    ...operands: readonly Value[]
  ): Local {
    return this.#give(LANES[name], operands, () => this.code.byte(lane));
  }

  /**
   * Picks 32-bit lanes of two vectors.
   *
   * @param left The vector with lanes 0 to 3.
   * @param right The vector with lanes 4 to 7.
   * @param lanes Which to pick.
   * @returns A new variable with the four lanes.
   */
  shuffle(
    left: Local,
    right: Local,
    lanes: readonly [number, number, number, number],
  ): Local {
    return this.#give(SHUFFLE, [left, right], () => {
      for (const lane of lanes) {
        for (let i = 0; i < 4; i++) this.code.byte(4 * lane + i);
      }
    });
  }

  /**
   * Picks bytes of two vectors.
   *
   * @param left The vector with bytes 0 to 15.
   * @param right The vector with bytes 16 to 31.
   * @param bytes Which to pick, sixteen of them.
   * @returns A new variable with the bytes.
   */
  shuffleBytes(left: Local, right: Local, bytes: readonly number[]): Local {
    assertInvariant(bytes.length === 16, "a vector has sixteen bytes");
    return this.#give(SHUFFLE, [left, right], () => {
      for (const byte of bytes) this.code.byte(byte);
    });
  }

  /**
   * Calls a function that gives one value.
   *
   * @param callee The function.
   * @param operands What it takes.
   * @returns A new variable with what it gives.
   */
  call(callee: FunctionReference, ...operands: readonly Value[]): Local {
    this.run(callee, ...operands);
    const [type] = callee.results;
    assertInvariant(type, "a call that is used gives a value");
    return this.#keep(type);
  }

  /**
   * Ends the function with a result.
   *
   * @param value The result.
   */
  result(value: Local): void {
    this.push(value, value.type);
    this.code.byte(0x0f);
  }

  /**
   * Ends the code.
   *
   * @returns The function's entry in the code section, without its size.
   */
  finish(): Uint8Array {
    const writer = new ByteWriter();
    const runs: { type: StackType; count: number }[] = [];
    for (const type of this.#locals) {
      const last = runs.at(-1);
      if (last?.type === type) last.count++;
      else runs.push({ type, count: 1 });
    }
    writer.unsigned(runs.length);
    for (const { type, count } of runs) {
      writer.unsigned(count);
      writer.byte(byteOfType(type));
    }
    writer.bytes(this.#prologue.toBytes());
    writer.bytes(this.code.toBytes());
    writer.byte(0x0b);
    return writer.toBytes();
  }

  #constant(key: string, make: () => ArrayBufferView): Local {
    const known = this.#constants.get(key);
    if (known) return known;
    const { buffer, byteOffset, byteLength } = make();
    assertInvariant(byteLength === 16, "a vector has sixteen bytes");
    const local = this.#fresh("v128");
    this.#prologue.opcode(V128_CONST[0]);
    this.#prologue.bytes(new Uint8Array(buffer, byteOffset, byteLength));
    this.#prologue.byte(0x21);
    this.#prologue.unsigned(local.index);
    this.#constants.set(key, local);
    return local;
  }

  #fresh(type: StackType): Local {
    const index = this.#parameters.length + this.#locals.push(type) - 1;
    return { index, type };
  }

  #give(
    opcode: Opcode,
    operands: readonly Value[],
    immediates?: () => void,
  ): Local {
    this.emit(opcode, operands);
    immediates?.();
    return this.#keep(typeAt(opcode[2], 0)!);
  }

  /** Moves what lies on the stack into a new variable. */
  #keep(type: ValueType): Local {
    const local = this.local(type);
    this.code.byte(0x21);
    this.code.unsigned(local.index);
    return local;
  }

  #set(target: Local, letters: string): void {
    assertInvariant(
      typeAt(letters, 0) === target.type,
      "a variable is given a value of its type",
    );
    this.code.byte(0x21);
    this.code.unsigned(target.index);
  }
}

/** The text of a number; that of -0 is "0" otherwise. */
function keyOf(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}
