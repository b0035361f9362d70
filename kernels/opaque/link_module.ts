/**
 * Makes of foreign code a module over the memory that all arrays are in, which cannot leave its own.
 *
 * Every load and store of an array is checked against the array's size, then moved to where it lies; the
 * memory of the code's own becomes another one. Every function and every turn of a loop takes its number
 * of instructions from a budget, so that code that would never end traps.
 *
 * **Source**: Wahbe et al., "Efficient software-based fault isolation" (SOSP 1993), with checks in the
 * place of masks.
 *
 * @module
 */
import {
  ByteReader,
  SECTION,
  signedBytes,
  unsignedBytes,
} from "./byte_reader.ts";
import type { DirectModule, FunctionBody, Refuse } from "./direct_module.ts";
import { type Instruction, type PlacedAccess, VALUE } from "./instructions.ts";
import { costsOf } from "./loop_costs.ts";
import { list, OP, opcode, sized, text } from "./wasm_encoding.ts";

/** The memory that all arrays are in. */
export interface HostMemory {
  /** Its size, in pages. */
  readonly pages: number;
  /** Whether threads share it. */
  readonly isShared: boolean;
  /** How wide its addresses are. */
  readonly addressBytes: 4 | 8;
}

/** Where an array is, as far as code is made for it. */
export interface LinkedArray {
  /** How large it is. */
  readonly bytes: number;
  /** Slot of the table of parameters with an address. */
  readonly slot: number;
  /** Bytes from there to the array. */
  readonly skip: number;
}

/** What a module is linked with. */
export interface LinkOptions {
  /** The memory. */
  readonly memory: HostMemory;
  /** Logarithm of what addresses of tables are divided by where they have 64 bits. */
  readonly tableUnitBits: number;
  /** The arrays by name. */
  readonly arrays: ReadonlyMap<string, LinkedArray>;
  /** How many instructions a call may take. */
  readonly steps: bigint;
  /** Builds the error for a module that imports an array that there is not. */
  readonly refuse: Refuse;
}

const EMPTY_BLOCK = 0x40;

/** Type of the function that is called from outside: the first unit, the last, a table, a thread. */
const WRAPPER_TYPE: readonly number[] = [
  0x60,
  ...[4, VALUE.i32, VALUE.i32, VALUE.i32, VALUE.i32],
  0,
];

/** Numbers of the memories of what is made. */
const HOST = 0;
const OWN = 1;

/** Instructions of growing a memory, about, and logarithm of the bytes that count as one when copied. */
const GROW_STEPS = 2 ** 20;
const COPY_BITS = 3n;

/** Types of what is stored. */
const STORED = [
  VALUE.i32,
  VALUE.i64,
  VALUE.f32,
  VALUE.f64,
  VALUE.v128,
] as const;

/** Types of the locals that functions get besides their own: an address, then what is stored there. */
const TEMPORARIES = [VALUE.i32, ...STORED] as const;

/**
 * Links a module. What is made exports `run`, which takes the first element of the output that it
 * computes, the one after the last, the address of the table of parameters and a number that does not
 * matter, and `steps`, which is below 0 after a call that took too many.
 *
 * @param module The module.
 * @param options What it is linked with.
 * @returns The bytes of the module made, which imports `host.memory`.
 */
export function linkModule(
  module: DirectModule,
  options: LinkOptions,
): Uint8Array<ArrayBuffer> {
  return new Linker(module, options).link();
}

/** What a function has besides its own locals. */
interface Frame {
  /** Number of its own locals, behind which the temporaries come. */
  readonly locals: number;
  /** Arrays whose addresses stand in the locals behind those. */
  readonly bases: readonly number[];
}

class Linker {
  readonly #module: DirectModule;
  readonly #options: LinkOptions;
  /** Number of the global with the budget; behind it those with the addresses of arrays. */
  readonly #steps: number;

  constructor(module: DirectModule, options: LinkOptions) {
    const { arrays, refuse } = options;
    const missing = module.arrays.find((name) => !arrays.has(name));
    if (missing !== undefined) {
      throw refuse(
        `found memory "${missing}" imported, wanted ${
          [...arrays.keys()].join(", ")
        }`,
      );
    }
    this.#module = module;
    this.#options = options;
    this.#steps = this.#entries(SECTION.globals).count;
  }

  link(): Uint8Array<ArrayBuffer> {
    const { functions, data, ownPages } = this.#module;
    const wrapperType = this.#entries(SECTION.types).count;
    const sections: (readonly [number, readonly number[]])[] = [
      [SECTION.types, this.#extended(SECTION.types, [WRAPPER_TYPE])],
      [SECTION.imports, list([this.#memoryImport()])],
      [
        SECTION.functions,
        this.#extended(SECTION.functions, [unsignedBytes(wrapperType)]),
      ],
      [SECTION.tables, this.#taken(SECTION.tables)],
      [
        SECTION.memories,
        ownPages ? list([[1, ...ownPages.flatMap(unsignedBytes)]]) : [],
      ],
      [SECTION.globals, this.#extended(SECTION.globals, this.#globals())],
      [
        SECTION.exports,
        list([
          [...text("run"), 0, ...unsignedBytes(functions.length)],
          [...text("steps"), 3, ...unsignedBytes(this.#steps)],
        ]),
      ],
      [SECTION.elements, this.#taken(SECTION.elements)],
      [SECTION.dataCount, this.#taken(SECTION.dataCount)],
      [
        SECTION.code,
        list([
          ...functions.map((body) => sized(this.#body(body))),
          sized(this.#wrapper()),
        ]),
      ],
      [
        SECTION.data,
        data.length === 0 ? [] : list(data.map(({ place, bytes }) => [
          ...place ? [2, OWN, ...place] : [1],
          ...sized([...bytes]),
        ])),
      ],
    ];
    return Uint8Array.from([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...sections.flatMap(([id, content]) =>
        content.length === 0 ? [] : [id, ...sized(content)]
      ),
    ]);
  }

  #taken(id: number): readonly number[] {
    return [...this.#module.sections.get(id) ?? []];
  }

  /** How many entries a section has, and their bytes. */
  #entries(id: number): { readonly count: number; readonly rest: Uint8Array } {
    const content = this.#module.sections.get(id) ?? Uint8Array.of(0);
    const reader = new ByteReader(content, 0);
    const count = reader.unsigned();
    return { count, rest: content.subarray(reader.at) };
  }

  /** A section with some more entries. */
  #extended(
    id: number,
    more: readonly (readonly number[])[],
  ): readonly number[] {
    const { count, rest } = this.#entries(id);
    return [...unsignedBytes(count + more.length), ...rest, ...more.flat()];
  }

  #memoryImport(): readonly number[] {
    const { pages, isShared, addressBytes } = this.#options.memory;
    const flags = 1 + (isShared ? 2 : 0) + (addressBytes === 8 ? 4 : 0);
    const size = unsignedBytes(pages);
    return [...text("host"), ...text("memory"), 2, flags, ...size, ...size];
  }

  /** The budget, and an address for each array. */
  #globals(): readonly (readonly number[])[] {
    const type = this.#addressType;
    const zero = type === VALUE.i64 ? OP.i64Const : OP.i32Const;
    return [
      [VALUE.i64, 1, OP.i64Const, 0, OP.end],
      ...this.#module.arrays.map(() => [type, 1, zero, 0, OP.end]),
    ];
  }

  /** Takes over the parameters, and calls the code. */
  #wrapper(): readonly number[] {
    const { memory, arrays, steps, tableUnitBits } = this.#options;
    const { run } = this.#module;
    const isWide = memory.addressBytes === 8;
    const table = isWide
      ? [
        ...[OP.localGet, 2, OP.i64ExtendU],
        ...[OP.i64Const, ...signedBytes(BigInt(tableUnitBits)), OP.i64Shl],
      ]
      : [OP.localGet, 2];
    const addresses = this.#module.arrays.flatMap((name, i) => {
      const { slot, skip } = arrays.get(name)!;
      const offset = unsignedBytes(slot * memory.addressBytes);
      const skipped = signedBytes(BigInt(skip));
      return [
        ...table,
        ...isWide ? [OP.i64Load, 3, ...offset] : [OP.i32Load, 2, ...offset],
        ...isWide
          ? [OP.i64Const, ...skipped, OP.i64Add]
          : [OP.i32Const, ...skipped, OP.i32Add],
        ...[OP.globalSet, ...unsignedBytes(this.#steps + 1 + i)],
      ];
    });
    return [
      0,
      ...[OP.i64Const, ...signedBytes(steps)],
      ...[OP.globalSet, ...unsignedBytes(this.#steps)],
      ...addresses,
      ...run.isPartial ? [OP.localGet, 0, OP.localGet, 1] : [],
      ...[OP.call, ...unsignedBytes(run.index), OP.end],
    ];
  }

  #body(body: FunctionBody): readonly number[] {
    const { groups, instructions, locals } = body;
    const costs = costsOf(instructions);
    const bases = this.#bases(body);
    const code: number[] = [
      ...unsignedBytes(groups.count + TEMPORARIES.length + bases.length),
      ...groups.bytes,
      ...TEMPORARIES.flatMap((type) => [1, type]),
      ...bases.flatMap(() => [1, this.#addressType]),
      ...bases.flatMap((array, i) => [
        ...[OP.globalGet, ...unsignedBytes(this.#steps + 1 + array)],
        ...[OP.localSet, ...unsignedBytes(locals + TEMPORARIES.length + i)],
      ]),
      ...this.#take(costs.get(undefined)!),
    ];
    const frame = { locals, bases };
    for (const instruction of instructions) {
      for (const byte of this.#rewritten(instruction, frame)) code.push(byte);
      const cost = instruction.code === OP.loop && costs.get(instruction);
      if (cost) code.push(...this.#take(cost));
    }
    return code;
  }

  /** Arrays that a function reaches: their addresses stand in locals, since a call does not change them. */
  #bases({ instructions }: FunctionBody): readonly number[] {
    const { arrays } = this.#module;
    const reached = instructions.flatMap(({ access }) =>
      access && access.memory < arrays.length ? [access.memory] : []
    );
    return [...new Set(reached)];
  }

  get #addressType(): number {
    return this.#options.memory.addressBytes === 8 ? VALUE.i64 : VALUE.i32;
  }

  /** Takes steps from the budget, and traps if there are not so many. */
  #take(steps: number): readonly number[] {
    return this.#pay([OP.i64Const, ...signedBytes(BigInt(steps))]);
  }

  #pay(steps: readonly number[]): readonly number[] {
    const budget = unsignedBytes(this.#steps);
    return [
      ...[OP.globalGet, ...budget, ...steps, OP.i64Sub],
      ...[OP.globalSet, ...budget, OP.globalGet, ...budget],
      ...[OP.i64Const, 0, OP.i64LtS],
      ...[OP.if, EMPTY_BLOCK, OP.unreachable, OP.end],
    ];
  }

  /** An instruction in terms of the memories that there are. */
  #rewritten(
    { code, bytes, access, memories, numbers = [] }: Instruction,
    frame: Frame,
  ): Iterable<number> {
    if (access) return this.#access(code, access, frame);
    if (!memories) return bytes;
    const own = [
      ...opcode(code),
      ...numbers.flatMap(unsignedBytes),
      ...memories.map(() => OWN),
    ];
    if (code < 0x10000) {
      return code === OP.memoryGrow ? [...this.#take(GROW_STEPS), ...own] : own;
    }
    // The number of bytes is on top of the stack.
    const count = unsignedBytes(frame.locals);
    return [
      ...[OP.localSet, ...count],
      ...this.#pay([
        ...[OP.localGet, ...count, OP.i64ExtendU],
        ...[OP.i64Const, ...signedBytes(COPY_BITS), OP.i64ShrU],
      ]),
      ...[OP.localGet, ...count, ...own],
    ];
  }

  #access(
    code: number,
    access: PlacedAccess,
    { locals, bases }: Frame,
  ): readonly number[] {
    const { memory, width, offset, operand } = access;
    const name = this.#module.arrays[memory];
    if (name === undefined) return accessTo(OWN, code, access);
    const isWide = this.#options.memory.addressBytes === 8;
    const { bytes } = this.#options.arrays.get(name)!;
    const last = bytes - offset - width;
    const place = unsignedBytes(locals);
    const value = operand === undefined ? undefined : unsignedBytes(
      locals + 1 + STORED.findIndex((type) => type === operand),
    );
    const isOutside = last < 0 ? [OP.i32Const, 1] : [
      ...[OP.localGet, ...place],
      ...[OP.i32Const, ...signedBytes(BigInt(last | 0)), OP.i32GtU],
    ];
    const base = [
      OP.localGet,
      ...unsignedBytes(locals + TEMPORARIES.length + bases.indexOf(memory)),
    ];
    return [
      ...value ? [OP.localSet, ...value] : [],
      ...[OP.localSet, ...place],
      ...isOutside,
      ...[OP.if, EMPTY_BLOCK, ...trapOutside(isWide), OP.end],
      ...[OP.localGet, ...place],
      ...isWide ? [OP.i64ExtendU, ...base, OP.i64Add] : [...base, OP.i32Add],
      ...value ? [OP.localGet, ...value] : [],
      ...accessTo(HOST, code, access),
    ];
  }
}

/** Reads behind the end of any memory, which traps and says so; what the compiler must be told. */
function trapOutside(isWide: boolean): readonly number[] {
  const offset = unsignedBytes(2 ** 32 - 1);
  return [isWide ? OP.i64Const : OP.i32Const, 0x7f, OP.i32Load8, 0, ...offset]
    .concat(OP.drop, OP.unreachable);
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
