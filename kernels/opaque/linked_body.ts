import { signedBytes, unsignedBytes } from "./byte_reader.ts";
import type { FunctionBody } from "./direct_module.ts";
import { type Instruction, type PlacedAccess, VALUE } from "./instructions.ts";
import {
  addressTypeOf,
  EMPTY_BLOCK,
  HOST,
  type Linkage,
  OWN,
} from "./linkage.ts";
import { exitsOf } from "./function_exits.ts";
import { costsOf } from "./loop_costs.ts";
import { type Check, neededChecks } from "./needed_checks.ts";
import {
  lookReady,
  reachedBy,
  reachPart,
  tellReady,
  trapOutside,
} from "./output_part.ts";
import { takeCounted, takeSteps, takeTurn } from "./step_budget.ts";
import { OP, opcode } from "./wasm_encoding.ts";

/** Instructions of growing a memory, about, and logarithm of the bytes that count as one when copied. */
const GROW_STEPS = 2 ** 20;
const COPY_BITS = 3n;

/** Locals that functions get behind their own. */
const [PAID, PLACE, READY, WANTED, STORED] = [0, 1, 2, 3, 4];

/** Types of what is stored. */
const STORED_TYPES: readonly number[] = [
  VALUE.i32,
  VALUE.i64,
  VALUE.f32,
  VALUE.f64,
  VALUE.v128,
];

/** Types of these locals; behind them come the addresses of arrays. */
const TEMPORARIES: readonly number[] = [
  ...[VALUE.i32, VALUE.i32, VALUE.i64, VALUE.i64],
  ...STORED_TYPES,
];

/**
 * Links a function.
 *
 * @param body The function.
 * @param linkage What its module is linked with.
 * @returns The body of the function made, with marks before branches that are hardly ever taken.
 */
export function linkedBody(
  body: FunctionBody,
  linkage: Linkage,
): readonly number[] {
  return new LinkedBody(body, linkage).write();
}

class LinkedBody {
  readonly #body: FunctionBody;
  readonly #linkage: Linkage;
  /** Arrays that it reaches: their addresses stand in locals, since a call does not change them. */
  readonly #bases: readonly number[];
  /** Accesses whose address is compared, and how. */
  readonly #checks: ReadonlyMap<Instruction, Check>;
  /** Accesses before which the output is made ready. */
  readonly #reaches: ReadonlyMap<Instruction, Check>;

  constructor(body: FunctionBody, linkage: Linkage) {
    this.#body = body;
    this.#linkage = linkage;
    const { arrays } = linkage.module;
    const reached = body.instructions.flatMap(({ access }) =>
      access && access.memory < arrays.length ? [access.memory] : []
    );
    this.#bases = [...new Set(reached)];
    this.#checks = neededChecks(body.instructions, (access) => {
      const name = arrays[access.memory];
      return name === undefined || name === "output"
        ? undefined
        : linkage.options.arrays.get(name)!.bytes - extentOf(access);
    });
    this.#reaches = neededChecks(
      body.instructions,
      (access) =>
        arrays[access.memory] === "output" ? -extentOf(access) : undefined,
    );
  }

  write(): readonly number[] {
    const { groups, instructions } = this.#body;
    const { options } = this.#linkage;
    const costs = costsOf(instructions);
    const code: number[] = [
      ...unsignedBytes(groups.count + TEMPORARIES.length + this.#bases.length),
      ...groups.bytes,
      ...TEMPORARIES.flatMap((type) => [1, type]),
      ...this.#bases.flatMap(() => [1, addressTypeOf(options.memory)]),
      ...this.#takeOver(),
      ...takeSteps(costs.get(undefined)!, this.#linkage),
    ];
    const paid = this.#body.locals + PAID;
    const exits = exitsOf(instructions);
    for (const instruction of instructions) {
      const { code: number } = instruction;
      const isCall = number === OP.call || number === OP.callIndirect;
      if (isCall || exits.has(instruction)) code.push(...this.#tellReady());
      for (const byte of this.#rewritten(instruction)) code.push(byte);
      if (isCall) code.push(...this.#lookReady());
      const cost = number === OP.loop && costs.get(instruction);
      if (cost) code.push(...takeTurn(cost, { paid, linkage: this.#linkage }));
    }
    return code;
  }

  #tellReady(): readonly number[] {
    if (this.#reaches.size === 0) return [];
    return tellReady(this.#body.locals + READY, this.#linkage);
  }

  #lookReady(): readonly number[] {
    if (this.#reaches.size === 0) return [];
    return lookReady(this.#body.locals + READY, this.#linkage);
  }

  /** Takes over into locals what never gets less meanwhile: a global is read from memory. */
  #takeOver(): readonly number[] {
    const { ready, bases } = this.#linkage.globals;
    return [
      [ready, READY],
      ...this.#bases.map((array, i) => [bases + array, TEMPORARIES.length + i]),
    ].flatMap(([global, local]) => [
      ...[OP.globalGet, ...unsignedBytes(global!)],
      ...[OP.localSet, ...this.#local(local!)],
    ]);
  }

  #local(number: number): readonly number[] {
    return unsignedBytes(this.#body.locals + number);
  }

  /** An instruction in terms of the memories that there are. */
  #rewritten(instruction: Instruction): Iterable<number> {
    const { code, bytes, access, memories, numbers = [] } = instruction;
    if (access) return this.#access(instruction, access);
    if (!memories) return bytes;
    const own = [
      ...opcode(code),
      ...numbers.flatMap(unsignedBytes),
      ...memories.map(() => OWN),
    ];
    if (code === OP.memoryGrow) {
      return [...takeSteps(GROW_STEPS, this.#linkage), ...own];
    }
    if (code < 0x10000) return own;
    // The number of bytes is on top of the stack.
    const count = this.#local(PLACE);
    const steps = [
      ...[OP.localGet, ...count, OP.i64ExtendU],
      ...[OP.i64Const, ...signedBytes(COPY_BITS), OP.i64ShrU],
    ];
    return [
      ...[OP.localSet, ...count, ...takeCounted(steps, this.#linkage)],
      ...[OP.localGet, ...count, ...own],
    ];
  }

  #access(instruction: Instruction, access: PlacedAccess): readonly number[] {
    const { memory, operand } = access;
    const { module, options } = this.#linkage;
    if (memory >= module.arrays.length) {
      return accessTo(OWN, instruction.code, access);
    }
    const isWide = options.memory.addressBytes === 8;
    const check = this.#check(instruction);
    const place = this.#local(PLACE);
    const value = operand === undefined
      ? undefined
      : this.#local(STORED + STORED_TYPES.indexOf(operand));
    const base = [
      OP.localGet,
      ...this.#local(TEMPORARIES.length + this.#bases.indexOf(memory)),
    ];
    return [
      ...value ? [OP.localSet, ...value] : [],
      ...check ? [OP.localSet, ...place, ...check, OP.localGet, ...place] : [],
      ...isWide ? [OP.i64ExtendU, ...base, OP.i64Add] : [...base, OP.i32Add],
      ...value ? [OP.localGet, ...value] : [],
      ...accessTo(HOST, instruction.code, access),
    ];
  }

  /** What comes before an access, with the address in a local. */
  #check(instruction: Instruction): readonly number[] | undefined {
    const { locals } = this.#body;
    const reach = this.#reaches.get(instruction);
    if (reach) {
      return reachPart(reachedBy(reach), {
        locals: {
          address: locals + PLACE,
          ready: locals + READY,
          wanted: locals + WANTED,
        },
        linkage: this.#linkage,
      });
    }
    const limit = this.#checks.get(instruction)?.limit;
    if (limit === undefined) return undefined;
    const isWide = this.#linkage.options.memory.addressBytes === 8;
    const largest = signedBytes(BigInt(limit | 0));
    const isOutside = limit < 0 ? [OP.i32Const, 1] : [
      OP.localGet,
      ...this.#local(PLACE),
      OP.i32Const,
      ...largest,
      OP.i32GtU,
    ];
    return [...isOutside, OP.if, EMPTY_BLOCK, ...trapOutside(isWide), OP.end];
  }
}

/** How many bytes from its address on an access reaches. */
function extentOf({ offset, width }: PlacedAccess): number {
  return offset + width;
}

function accessTo(
  memory: number,
  code: number,
  { align, offset, lane }: PlacedAccess,
): readonly number[] {
  return [
    ...opcode(code),
    ...memory === HOST ? [align] : [align + 64, memory],
    ...unsignedBytes(offset),
    ...lane === undefined ? [] : [lane],
  ];
}
