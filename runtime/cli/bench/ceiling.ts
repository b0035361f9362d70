/**
 * What the machine gives to WebAssembly at best: a loop of multiply-adds that touches no memory, and
 * loops that only move memory. Written as bytes by hand, apart from the compiler that is measured.
 *
 * @module
 */

const I32 = 0x7f;
const V128 = 0x7b;
const LANES = 4;
/** Chains of multiply-adds that do not wait for one another; all fit into registers. */
const CHAINS = 12;
const UNROLL = 4;
/** Vectors that a loop over memory moves in one turn. */
const VECTORS = 4;
const TURN_BYTES = 16 * VECTORS;
/** A call stays short, so that fast code replaces first code soon. */
const CALL_BYTES = 2 ** 18;
const CALL_TURNS = 2 ** 12;
const ARRAY_BYTES_MAX = 2 ** 25 + 2 ** 23;
const PAGE_BYTES = 2 ** 16;
/** What memory holds: pages that nobody has written are all one page, which every cache holds. */
const CONTENT = 0.5;

type Code = readonly number[];

function leb(value: number): number[] {
  const bytes = [];
  let rest = value;
  while (true) {
    const low = rest & 127;
    rest >>= 7;
    const isLast = rest === (low & 64 ? -1 : 0);
    bytes.push(isLast ? low : low | 128);
    if (isLast) return bytes;
  }
}

/** Sizes and counts are unsigned. */
function count(value: number): number[] {
  return value < 128 ? [value] : [value & 127 | 128, ...count(value >> 7)];
}

const ADD = simd(0xe4);
const MULTIPLY = simd(0xe6);
const MULTIPLY_ADD = simd(0x105);

function get(local: number): Code {
  return [0x20, local];
}

function set(local: number): Code {
  return [0x21, local];
}

function number(value: number): Code {
  return [0x41, ...leb(value)];
}

function simd(opcode: number): Code {
  return [0xfd, ...count(opcode)];
}

function load(offset: number): Code {
  return [...simd(0), 4, ...count(offset)];
}

function store(offset: number): Code {
  return [...simd(11), 4, ...count(offset)];
}

function splat(value: number): Code {
  return [
    0x43,
    ...new Uint8Array(Float32Array.of(value).buffer),
    ...simd(0x13),
  ];
}

/** Counts the local `at` up by `by` until it is `end`. */
function loop(
  body: Code,
  { at, by, end }: {
    readonly at: number;
    readonly by: number;
    readonly end: number;
  },
): Code {
  const next = [...get(at), ...number(by), 0x6a, 0x22, at];
  return [0x03, 0x40, ...body, ...next, ...get(end), 0x48, 0x0d, 0, 0x0b];
}

function times(length: number, code: (i: number) => Code): Code {
  return Array.from({ length }, (_, i) => code(i)).flat();
}

interface LoopFunction {
  readonly parameters: number;
  readonly vectors: number;
  readonly code: Code;
}

/** `(turns, turn) -> f32`: the sum of what the chains hold, so that none of them is left out. */
function multiplyAdds(isRelaxed: boolean): LoopFunction {
  const [end, at, first] = [0, 1, 2];
  const [factor, addend] = [first + CHAINS, first + CHAINS + 1];
  const chain = (i: number): Code => [
    ...get(first + i),
    ...get(factor),
    ...isRelaxed
      ? [...get(addend), ...MULTIPLY_ADD]
      : [...MULTIPLY, ...get(addend), ...ADD],
    ...set(first + i),
  ];
  const body = times(CHAINS * UNROLL, (i) => chain(i % CHAINS));
  return {
    parameters: 2,
    vectors: CHAINS + 2,
    code: [
      ...splat(0.999),
      ...set(factor),
      ...splat(0.001),
      ...set(addend),
      ...loop(body, { at, by: 1, end }),
      ...get(first),
      ...times(CHAINS - 1, (i) => [...get(first + 1 + i), ...ADD]),
      ...simd(0x1f),
      0,
    ],
  };
}

/** `(end, at, left, right, output) -> f32`: moves the bytes from `at` to `end` of arrays. */
function mover(kind: "add" | "copy" | "read"): LoopFunction {
  const [end, at, left, right, output, sums] = [0, 1, 2, 3, 4, 5];
  const address = (array: number): Code => [...get(array), ...get(at), 0x6a];
  const value = (i: number): Code => [
    ...address(left),
    ...load(16 * i),
    ...kind === "add" ? [...address(right), ...load(16 * i), ...ADD] : [],
  ];
  const body = times(
    VECTORS,
    (i) =>
      kind === "read"
        ? [...value(i), ...get(sums + i), ...ADD, ...set(sums + i)]
        : [...address(output), ...value(i), ...store(16 * i)],
  );
  return {
    parameters: 5,
    vectors: VECTORS,
    code: [
      ...loop(body, { at, by: TURN_BYTES, end }),
      ...get(sums),
      ...times(VECTORS - 1, (i) => [...get(sums + 1 + i), ...ADD]),
      ...simd(0x1f),
      0,
    ],
  };
}

function section(id: number, items: readonly Code[]): Code {
  const content = [...count(items.length), ...items.flat()];
  return [id, ...count(content.length), ...content];
}

function name(text: string): Code {
  return [...count(text.length), ...new TextEncoder().encode(text)];
}

function moduleOf(
  functions: Readonly<Record<string, LoopFunction>>,
  pages: number,
): Uint8Array<ArrayBuffer> {
  const all = Object.values(functions);
  const types = all.map(({ parameters }) => [
    0x60,
    ...count(parameters),
    ...times(parameters, () => [I32]),
    1,
    0x7d,
  ]);
  const bodies = all.map(({ vectors, code }) => {
    const body = [1, ...count(vectors), V128, ...code, 0x0b];
    return [...count(body.length), ...body];
  });
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(3, all.map((_, i) => [i])),
    ...section(5, [[1, ...count(pages), ...count(pages)]]),
    ...section(
      7,
      [
        ...Object.keys(functions).map((key, i) => [...name(key), 0, i]),
        [...name("memory"), 2, 0],
      ],
    ),
    ...section(10, bodies),
  ]);
}

/** What a loop does at least: operations, or moving bytes in a pattern. */
export type CeilingWork =
  | { readonly kind: "flops"; readonly flops: number }
  | {
    readonly kind: "bytes";
    /** Arrays that must be read and written once, whatever else is done. */
    readonly bytes: number;
    /** The plain loop that moves as much in the same pattern. */
    readonly loop: "add" | "copy" | "read";
  };

type Call = (...parameters: readonly number[]) => number;

/** The loops, ready to run. */
export class Ceiling {
  /** Whether the multiply-adds are fused. */
  readonly isRelaxed: boolean;
  readonly #calls: Readonly<Record<string, Call>>;

  constructor() {
    const relaxed = this.#module(true);
    this.isRelaxed = WebAssembly.validate(relaxed);
    const bytes = this.isRelaxed ? relaxed : this.#module(false);
    const { exports } = new WebAssembly.Instance(
      new WebAssembly.Module(bytes),
    );
    const { memory, ...calls } = exports;
    new Float32Array((memory as WebAssembly.Memory).buffer).fill(CONTENT);
    this.#calls = calls as Record<string, Call>;
  }

  #module(isRelaxed: boolean): Uint8Array<ArrayBuffer> {
    return moduleOf({
      multiplyAdds: multiplyAdds(isRelaxed),
      add: mover("add"),
      copy: mover("copy"),
      read: mover("read"),
    }, 3 * ARRAY_BYTES_MAX / PAGE_BYTES);
  }

  /**
   * Does as much as a dispatch of a workload does at least.
   *
   * @param work What limits the workload.
   * @returns A sum of what was computed or read, for the engine to leave nothing out.
   */
  run(work: CeilingWork): number {
    return work.kind === "flops" ? this.#compute(work.flops) : this.#move(work);
  }

  #compute(flops: number): number {
    const turns = Math.ceil(flops / (2 * LANES * CHAINS * UNROLL));
    let sum = 0;
    for (let at = 0; at < turns; at += CALL_TURNS) {
      sum += this.#calls["multiplyAdds"]!(Math.min(turns - at, CALL_TURNS), 0);
    }
    return sum;
  }

  #move({ bytes, loop }: CeilingWork & { readonly kind: "bytes" }): number {
    const arrays = { add: 3, copy: 2, read: 1 }[loop];
    const size = Math.ceil(bytes / arrays / TURN_BYTES) * TURN_BYTES;
    // What is larger than an array goes over the same arrays again: no cache holds them.
    const span = Math.min(size, ARRAY_BYTES_MAX);
    let sum = 0;
    for (let done = 0; done < size; done += span) {
      const end = Math.min(span, size - done);
      for (let at = 0; at < end; at += CALL_BYTES) {
        sum += this.#calls[loop]!(
          Math.min(at + CALL_BYTES, end),
          at,
          0,
          ARRAY_BYTES_MAX,
          2 * ARRAY_BYTES_MAX,
        );
      }
    }
    return sum;
  }
}
