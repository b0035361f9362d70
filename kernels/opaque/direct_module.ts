/**
 * A module whose memories are the arrays of a call: one for each input, one for the output. It is
 * written as if each began at address 0; what runs it moves every address to where the array lies.
 *
 * What always holds: the engine has accepted the module, every instruction is one of a closed list,
 * and it writes to its output and to a memory of its own only.
 *
 * **Source**: WebAssembly core specification 2.0, section 5.5, "Modules"; the proposal multi-memory.
 *
 * @module
 */
import { ByteReader, SECTION, sectionsOf } from "./byte_reader.ts";
import {
  type Instruction,
  type PlacedAccess,
  readInstruction,
} from "./instructions.ts";

/** What the memories that arrays lie in are imported from. */
export const ARRAYS_MODULE = "tensors";

/** Most pages of a memory of its own, since every thread has one: 16 MiB. */
const OWN_PAGES_MAX = 256;

/** Most entries of its tables. */
const TABLE_SIZE_MAX = 2 ** 16;

/** Most values of one function, and most functions: what a compiler takes its time for. */
const LOCALS_MAX = 10_000;

/** A function of a module. */
export interface FunctionBody {
  /** How many of its locals are parameters. */
  readonly parameters: number;
  /** How many locals it has, parameters included. */
  readonly locals: number;
  /** The groups of locals, as they were written, and their number. */
  readonly groups: { readonly count: number; readonly bytes: Uint8Array };
  /** What it does, the last `end` included. */
  readonly instructions: readonly Instruction[];
}

/** A piece of data for the memory of its own. */
export interface DataSegment {
  /** Where it goes when the module starts, as instructions; none if it waits to be copied. */
  readonly place: Uint8Array | undefined;
  /** The bytes. */
  readonly bytes: Uint8Array;
}

/** A module that has been taken apart. */
export interface DirectModule {
  /** All of its bytes. */
  readonly bytes: Uint8Array;
  /** Sections that are taken over, by number. */
  readonly sections: ReadonlyMap<number, Uint8Array>;
  /** Names of the memories that it imports, in order; its own comes next. */
  readonly arrays: readonly string[];
  /** Limits of its own memory, in pages. */
  readonly ownPages: readonly [number, number] | undefined;
  /** Its functions. */
  readonly functions: readonly FunctionBody[];
  /** Its data. */
  readonly data: readonly DataSegment[];
  /** Number of the function `run`, and whether it computes a part of the output. */
  readonly run: { readonly index: number; readonly isPartial: boolean };
}

/** Builds the error for a module that breaks a rule. */
export type Refuse = (problem: string) => Error;

/**
 * Takes a module apart, and checks it.
 *
 * @param bytes The module, which the engine has accepted.
 * @param refuse Builds the error for one that breaks a rule.
 * @returns Its parts.
 */
export function parseDirectModule(
  bytes: Uint8Array,
  refuse: Refuse,
): DirectModule {
  const all = sectionsOf(bytes).filter(({ id }) => id !== SECTION.custom);
  for (const { id } of all) {
    if (id === SECTION.start) {
      throw refuse("found a start function, wanted none");
    }
    if (id > SECTION.dataCount) {
      throw refuse(`found section ${id}, wanted none but those of version 1`);
    }
  }
  const sections = new Map(all.map(({ id, content }) => [id, content]));
  const arrays = readImports(sections.get(SECTION.imports), refuse);
  checkTables(sections.get(SECTION.tables), refuse);
  const types = readTypes(sections.get(SECTION.types));
  const functionTypes = readList(
    sections.get(SECTION.functions),
    (reader) => types[reader.unsigned()]!,
  );
  const functions = readList(
    sections.get(SECTION.code),
    (reader, i) => readBody(reader, functionTypes[i]!, refuse),
  );
  for (const { instructions } of functions) {
    for (const instruction of instructions) {
      checkMemories(instruction, { arrays, refuse });
    }
  }
  return {
    bytes,
    sections,
    arrays,
    ownPages: readOwnMemory(sections.get(SECTION.memories), refuse),
    functions,
    data: readList(
      sections.get(SECTION.data),
      (reader) => readData(reader, { own: arrays.length, refuse }),
    ),
    run: findRun(sections.get(SECTION.exports), { functionTypes, refuse }),
  };
}

/** Parameters and results of a function, a byte each. */
interface FunctionType {
  readonly parameters: Uint8Array;
  readonly results: Uint8Array;
}

function readList<T>(
  content: Uint8Array | undefined,
  read: (reader: ByteReader, index: number) => T,
): T[] {
  if (!content) return [];
  const reader = new ByteReader(content, 0);
  const count = reader.unsigned();
  return Array.from({ length: count }, (_, i) => read(reader, i));
}

function readImports(
  content: Uint8Array | undefined,
  refuse: Refuse,
): readonly string[] {
  const arrays = readList(content, (reader) => {
    const [module, name] = [reader.name(), reader.name()];
    const kind = reader.byte();
    const flags = reader.byte();
    if (kind !== 2 || module !== ARRAYS_MODULE || flags > 1) {
      throw refuse(
        `found import "${module}.${name}", wanted memories of "${ARRAYS_MODULE}" that are not shared`,
      );
    }
    for (let i = 0; i <= flags; i++) reader.skipNumber();
    if (!/^(output|call|input(0|[1-9]\d{0,2}))$/.test(name)) {
      throw refuse(
        `found memory "${name}" imported, wanted "input0" and so on, "output" or "call"`,
      );
    }
    return name;
  });
  if (!arrays.includes("output")) {
    throw refuse('found no memory "output" imported, wanted one');
  }
  return arrays;
}

function checkTables(content: Uint8Array | undefined, refuse: Refuse): void {
  readList(content, (reader) => {
    reader.byte();
    const flags = reader.byte();
    const size = reader.unsigned();
    for (let i = 0; i < (flags & 1); i++) reader.skipNumber();
    if (flags > 1 || size > TABLE_SIZE_MAX) {
      throw refuse(
        `found a table of ${size} entries, wanted at most ${TABLE_SIZE_MAX}`,
      );
    }
  });
}

function readTypes(content: Uint8Array | undefined): readonly FunctionType[] {
  return readList(content, (reader) => {
    reader.byte();
    const parameters = reader.take(reader.unsigned());
    return { parameters, results: reader.take(reader.unsigned()) };
  });
}

function readOwnMemory(
  content: Uint8Array | undefined,
  refuse: Refuse,
): readonly [number, number] | undefined {
  const [own, ...others] = readList(content, (reader) => {
    // Bit 0: a maximum is stated; others: shared, 64 bits wide, pages of another size.
    const flags = reader.byte();
    const least = reader.unsigned();
    const most = flags === 1 ? reader.unsigned() : Infinity;
    if (most > OWN_PAGES_MAX) {
      throw refuse(
        `found a memory of its own of up to ${most} pages, wanted a plain one that states a maximum of at most ${OWN_PAGES_MAX}`,
      );
    }
    return [least, most] as const;
  });
  if (others.length > 0) {
    throw refuse(`found ${others.length + 1} memories of its own, wanted one`);
  }
  return own;
}

function readBody(
  outer: ByteReader,
  { parameters }: FunctionType,
  refuse: Refuse,
): FunctionBody {
  const reader = new ByteReader(outer.take(outer.unsigned()), 0);
  const count = reader.unsigned();
  const start = reader.at;
  let locals = parameters.length;
  for (let i = 0; i < count; i++) {
    locals += reader.unsigned();
    reader.byte();
  }
  if (locals > LOCALS_MAX) {
    throw refuse(`found ${locals} locals, wanted at most ${LOCALS_MAX}`);
  }
  const groups = { count, bytes: reader.bytes.subarray(start, reader.at) };
  const instructions: Instruction[] = [];
  while (reader.at < reader.bytes.length) {
    const instruction = readInstruction(reader);
    if (typeof instruction === "number") {
      throw refuse(
        `found instruction 0x${
          instruction.toString(16)
        }, wanted those of WebAssembly 2.0 for numbers, vectors, memory and control`,
      );
    }
    instructions.push(instruction);
  }
  return { parameters: parameters.length, locals, groups, instructions };
}

function checkMemories(
  { access, memories = [] }: Instruction,
  { arrays, refuse }: {
    readonly arrays: readonly string[];
    readonly refuse: Refuse;
  },
): void {
  if (access && isWrongStore(access, arrays)) {
    throw refuse(
      `found a store to memory "${
        arrays[access.memory]
      }", wanted stores to "output" or a memory of its own`,
    );
  }
  const foreign = memories.find((memory) => memory < arrays.length);
  if (foreign !== undefined) {
    throw refuse(
      `found an instruction for all of memory "${
        arrays[foreign]
      }", wanted loads and stores`,
    );
  }
}

function isWrongStore(
  { isStore, memory }: PlacedAccess,
  arrays: readonly string[],
): boolean {
  return isStore && memory < arrays.length && arrays[memory] !== "output";
}

function readData(
  reader: ByteReader,
  { own, refuse }: { readonly own: number; readonly refuse: Refuse },
): DataSegment {
  // 0: into the first memory; 1: copied later; 2: into the memory whose number follows.
  const kind = reader.unsigned();
  const memory = kind === 2 ? reader.unsigned() : kind === 0 ? 0 : own;
  if (memory !== own) {
    throw refuse("found data for an array, wanted data for its own memory");
  }
  const start = reader.at;
  if (kind !== 1) {
    // The engine has accepted it: a constant and the end.
    reader.byte();
    reader.skipNumber();
    reader.byte();
  }
  const place = kind === 1
    ? undefined
    : reader.bytes.subarray(start, reader.at);
  return { place, bytes: reader.take(reader.unsigned()) };
}

function findRun(
  content: Uint8Array | undefined,
  { functionTypes, refuse }: {
    readonly functionTypes: readonly FunctionType[];
    readonly refuse: Refuse;
  },
): DirectModule["run"] {
  const run = readList(content, (reader) => ({
    name: reader.name(),
    kind: reader.byte(),
    index: reader.unsigned(),
  })).find(({ name, kind }) => name === "run" && kind === 0);
  const type = run && functionTypes[run.index];
  const count = type?.parameters.length;
  const isFitting = type?.results.length === 0 &&
    (count === 0 || count === 2) &&
    type.parameters.every((parameter) => parameter === 0x7f);
  if (!run || !isFitting) {
    throw refuse(
      'found no function "run" of two i32 or nothing that gives nothing, wanted one exported',
    );
  }
  return { index: run.index, isPartial: count === 2 };
}
