/**
 * Makes of foreign code a module over the memory that all arrays are in, which cannot leave its own.
 *
 * Every load and store of an array is checked against the array's size, together with those that follow
 * at the same address, then moved to where it lies; the memory of the code's own becomes another one.
 * Of the output, only the part is reached that is computed, which is zeros at first. Every function and
 * every turn of a loop takes its number of instructions from a budget, so that code that would never end
 * traps.
 *
 * **Source**: Wahbe et al., "Efficient software-based fault isolation" (SOSP 1993), with checks in the
 * place of masks.
 *
 * @module
 */
import { branchHints, hintedBody } from "./branch_hints.ts";
import {
  ByteReader,
  SECTION,
  signedBytes,
  unsignedBytes,
} from "./byte_reader.ts";
import type { DirectModule } from "./direct_module.ts";
import { VALUE } from "./instructions.ts";
import {
  addressTypeOf,
  type Linkage,
  type LinkOptions,
  OWN,
} from "./linkage.ts";
import { linkedBody } from "./linked_body.ts";
import { beginPart, endPart, REACH_TYPE, reachBody } from "./output_part.ts";
import { beginSteps } from "./step_budget.ts";
import { touchPages } from "./touched_pages.ts";
import { list, OP, sized, text } from "./wasm_encoding.ts";

/** Type of the function that is called from outside: the first unit, the last, a table, a thread. */
const WRAPPER_TYPE: readonly number[] = [
  0x60,
  ...[4, VALUE.i32, VALUE.i32, VALUE.i32, VALUE.i32],
  0,
];

/** Most bytes of an array: what addresses of 32 bits reach. */
const ARRAY_BYTES_MAX = 2 ** 32;

/**
 * Links a module. What is made exports `run`, which takes the first element of the output that it
 * computes, the one after the last, the address of the table of parameters and a number that does not
 * matter, and `steps`, which is below 0 after a call that took too many. These elements are zeros
 * where the module stores nothing else.
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

class Linker {
  readonly #module: DirectModule;
  readonly #options: LinkOptions;
  readonly #linkage: Linkage;

  constructor(module: DirectModule, options: LinkOptions) {
    this.#module = module;
    this.#options = options;
    this.#checkArrays();
    const steps = this.#entries(SECTION.globals).count;
    this.#linkage = {
      module,
      options,
      globals: {
        steps,
        start: steps + 1,
        end: steps + 2,
        ready: steps + 3,
        seen: steps + 4,
        bases: steps + 5,
      },
      reach: module.functions.length + 1,
    };
  }

  #checkArrays(): void {
    const { arrays, refuse } = this.#options;
    for (const name of this.#module.arrays) {
      const array = arrays.get(name);
      if (!array) {
        const names = [...arrays.keys()].join(", ");
        throw refuse(`found memory "${name}" imported, wanted ${names}`);
      }
      if (array.bytes > ARRAY_BYTES_MAX) {
        throw refuse(
          `found ${array.bytes} bytes in "${name}", wanted at most ${ARRAY_BYTES_MAX}`,
        );
      }
    }
  }

  link(): Uint8Array<ArrayBuffer> {
    const { functions, data, ownPages } = this.#module;
    const wrapperType = this.#entries(SECTION.types).count;
    const bodies = functions.map((body) =>
      hintedBody(linkedBody(body, this.#linkage))
    );
    const sections: (readonly [number, readonly number[]])[] = [
      [
        SECTION.types,
        this.#extended(SECTION.types, [WRAPPER_TYPE, REACH_TYPE]),
      ],
      [SECTION.imports, list([this.#memoryImport()])],
      [
        SECTION.functions,
        this.#extended(
          SECTION.functions,
          [wrapperType, wrapperType + 1].map(unsignedBytes),
        ),
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
          [
            ...text("steps"),
            ...[3, ...unsignedBytes(this.#linkage.globals.steps)],
          ],
        ]),
      ],
      [SECTION.elements, this.#taken(SECTION.elements)],
      [SECTION.dataCount, this.#taken(SECTION.dataCount)],
      [SECTION.custom, branchHints(bodies)],
      [
        SECTION.code,
        list([
          ...bodies.map(({ bytes }) => sized(bytes)),
          sized(this.#wrapper()),
          sized(reachBody(this.#linkage)),
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

  /** The budget, the part of the output, what was touched, and an address for each array. */
  #globals(): readonly (readonly number[])[] {
    const address = addressTypeOf(this.#options.memory);
    return [
      ...[VALUE.i64, VALUE.i64, VALUE.i64, VALUE.i64, VALUE.i32],
      ...this.#module.arrays.map(() => address),
    ].map((type) => {
      const zero = type === VALUE.i64 ? OP.i64Const : OP.i32Const;
      return [type, 1, zero, 0, OP.end];
    });
  }

  /** Takes over the parameters, and calls the code. */
  #wrapper(): readonly number[] {
    const { memory, arrays, tableUnitBits } = this.#options;
    const { run } = this.#module;
    const { globals } = this.#linkage;
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
        ...[OP.globalSet, ...unsignedBytes(globals.bases + i)],
      ];
    });
    const [at, end, seen] = [4, 5, 6];
    return [
      ...[2, 2, VALUE.i64, 1, VALUE.i32],
      ...beginSteps(this.#linkage),
      ...addresses,
      ...beginPart(this.#linkage),
      ...run.isPartial
        ? [
          ...touchPages(this.#linkage, { at, end, seen }),
          ...[OP.localGet, 0, OP.localGet, 1],
        ]
        : [],
      ...[OP.call, ...unsignedBytes(run.index)],
      ...endPart(this.#linkage),
      OP.end,
    ];
  }
}
