/**
 * Instructions whose one result depends on their operands and immediates alone: how many operands.
 *
 * **Source**: WebAssembly core specification 2.0, section 3.3, "Instructions"; the proposal relaxed SIMD.
 *
 * @module
 */

/** First and last number of a run of instructions. */
type Span = readonly [number, number];

const MISCELLANEOUS = 0xfc0000;
const VECTOR = 0xfd0000;

/** Where pure instructions are; two operands unless they are listed below. */
const PURE: readonly Span[] = [
  [0x1b, 0x1c],
  [0x41, 0xc4],
  [MISCELLANEOUS, MISCELLANEOUS + 7],
  [VECTOR + 0x0c, VECTOR + 0x53],
  [VECTOR + 0x5e, VECTOR + 0x113],
];

/** Constants. */
const NO_OPERANDS: readonly Span[] = [
  [0x41, 0x44],
  [VECTOR + 0x0c, VECTOR + 0x0c],
];

/** Tests, functions of one number, conversions, lanes that are read. */
const ONE_OPERAND: readonly Span[] = [
  [0x45, 0x45],
  [0x50, 0x50],
  [0x67, 0x69],
  [0x79, 0x7b],
  [0x8b, 0x91],
  [0x99, 0x9f],
  [0xa7, 0xc4],
  [MISCELLANEOUS, MISCELLANEOUS + 7],
  ...([
    [0x0f, 0x16],
    [0x18, 0x19],
    [0x1b, 0x1b],
    [0x1d, 0x1d],
    [0x1f, 0x1f],
    [0x21, 0x21],
    [0x4d, 0x4d],
    [0x53, 0x53],
    [0x5e, 0x64],
    [0x67, 0x6a],
    [0x74, 0x75],
    [0x7a, 0x7a],
    [0x7c, 0x81],
    [0x83, 0x84],
    [0x87, 0x8a],
    [0x94, 0x94],
    [0xa0, 0xa4],
    [0xa7, 0xaa],
    [0xc0, 0xc4],
    [0xc7, 0xca],
    [0xe0, 0xe3],
    [0xec, 0xef],
    [0xf8, 0xff],
    [0x101, 0x104],
  ] as const).map(([first, last]): Span => [VECTOR + first, VECTOR + last]),
];

/** Choices, and products that are added to. */
const THREE_OPERANDS: readonly Span[] = [
  [0x1b, 0x1c],
  [VECTOR + 0x52, VECTOR + 0x52],
  [VECTOR + 0x105, VECTOR + 0x10c],
  [VECTOR + 0x113, VECTOR + 0x113],
];

/** How many operands each pure instruction takes. */
const OPERANDS: ReadonlyMap<number, number> = new Map(
  ([[PURE, 2], [NO_OPERANDS, 0], [ONE_OPERAND, 1], [
    THREE_OPERANDS,
    3,
  ]] as const)
    .flatMap(([spans, count]) =>
      spans.flatMap(([first, last]) =>
        Array.from(
          { length: last - first + 1 },
          (_, i) => [first + i, count] as const,
        )
      )
    ),
);

/**
 * Tells how many operands a pure instruction takes.
 *
 * @param code Its number: behind a prefix, the prefix times 65,536 and its number there.
 * @returns The number; none if its result depends on more than its operands.
 */
export function pureOperands(code: number): number | undefined {
  return OPERANDS.get(code);
}
