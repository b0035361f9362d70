import type { Local } from "../assembler/function_types.ts";
import { addAddress, loadAddress, loadNumber } from "../assembler/tables.ts";
import type { VectorCode } from "../lanes/vector_code.ts";

/**
 * What the functions of attention are told: which word, from the address of their parameters on, says
 * what. Steps are in bytes.
 */
export const ATTENTION_WORD = {
  /** Address of the output. */
  output: 0,
  /** Addresses of the operands; 0 for those that a role does not have. */
  query: 1,
  key: 2,
  value: 3,
  gradient: 4,
  logSumExp: 5,
  delta: 6,
  mask: 7,
  /** Addresses of tables: where each batch starts, in bytes from the operand's address. */
  queryStarts: 8,
  keyStarts: 9,
  valueStarts: 10,
  gradientStarts: 11,
  logSumExpStarts: 12,
  deltaStarts: 13,
  maskStarts: 14,
  /** From row to row of an operand, and along its rows. */
  queryLine: 15,
  queryDepth: 16,
  keyLine: 17,
  keyDepth: 18,
  valueLine: 19,
  valueDepth: 20,
  gradientLine: 21,
  gradientDepth: 22,
  logSumExpLine: 23,
  deltaLine: 24,
  maskLine: 25,
  maskDepth: 26,
  queries: 27,
  keys: 28,
  depth: 29,
  width: 30,
  /** The bits of an `f32`. */
  scale: 31,
  isCausal: 32,
  /** Which mask there is: a place in {@linkcode MASKS}. */
  maskKind: 33,
  /** Whether sums of weights are wanted, rather than weighted means. */
  isSum: 34,
  /** How many queries are taken at a time, and how many such blocks a batch has. */
  queryBlock: 35,
  blocks: 36,
  /** How many keys are taken at a time. */
  keyBlock: 37,
  /** Where a thread's own memory is, and how far from one thread's to the next one's. */
  scratch: 38,
  scratchStep: 39,
} as const;

/** The parts of a thread's own memory. Which of them there are depends on what is computed. */
export const REGIONS = [
  /** Packed operands: as columns, eight a panel, or as rows, five a panel. */
  "queryColumns",
  "queryRows",
  "keyColumns",
  "keyRows",
  "valueColumns",
  "gradientRows",
  /** The same with rows and columns swapped, for products along the other axis. */
  "queryTurned",
  "keyTurned",
  "valueTurned",
  "gradientTurned",
  /** Panels of results. */
  "querySums",
  "keySums",
  "valueSums",
  /** Panels of scores, of their gradients, of those the other way round, and of a mask. */
  "scores",
  "slopes",
  "slopesTurned",
  "maskPanel",
  /** What is known of queries. */
  "states",
  "logarithms",
  "deltas",
] as const;

/** One part of a thread's own memory. */
export type Region = typeof REGIONS[number];

/** How many words these are: after those of {@linkcode ATTENTION_WORD} where each region starts. */
export const ATTENTION_WORDS: number = Object.keys(ATTENTION_WORD).length +
  REGIONS.length;

/**
 * Tells which word says where a region starts, in bytes from the start of a thread's own memory.
 *
 * @param region The region.
 * @returns The word.
 */
export function regionWord(region: Region): number {
  return Object.keys(ATTENTION_WORD).length + REGIONS.indexOf(region);
}

/** The masks there are, by number. */
export const MASKS = ["none", "float32", "bool"] as const;

/** The operands, by name. */
export const OPERANDS = [
  "query",
  "key",
  "value",
  "gradient",
  "logSumExp",
  "delta",
  "mask",
] as const;

/** The name of an operand. */
export type OperandName = typeof OPERANDS[number];

/** The words that hold addresses. */
const ADDRESSES: ReadonlySet<number> = new Set([
  ATTENTION_WORD.output,
  ATTENTION_WORD.scratch,
  ...OPERANDS.flatMap((name) => [
    ATTENTION_WORD[name],
    ATTENTION_WORD[`${name}Starts`],
  ]),
]);

/** Variables with the parameters, and with the addresses of the regions. */
export type AttentionParameters = Readonly<
  Record<keyof typeof ATTENTION_WORD | Region | "begin" | "end", Local>
>;

/**
 * Writes the loading of the parameters of a function that computes a range of units.
 *
 * @param code Where to write.
 * @returns Their variables.
 */
export function loadParameters({ f }: VectorCode): AttentionParameters {
  const address = f.parameter(2);
  const load = (word: number) => {
    if (word === ATTENTION_WORD.scale) {
      return f.load("f32.load", address, f.addressBytes * word);
    }
    return ADDRESSES.has(word)
      ? loadAddress(f, address, word)
      : loadNumber(f, address, word);
  };
  const words = Object.fromEntries(
    Object.entries(ATTENTION_WORD).map(([name, word]) => [name, load(word)]),
  ) as Record<keyof typeof ATTENTION_WORD, Local>;
  const own = addAddress(
    f,
    f.op("i32.mul", f.parameter(3), words.scratchStep),
    words.scratch,
  );
  const regions = Object.fromEntries(
    REGIONS.map((region) => [
      region,
      f.op("i32.add", own, load(regionWord(region))),
    ]),
  ) as Record<Region, Local>;
  return { ...words, ...regions, begin: f.parameter(0), end: f.parameter(1) };
}

/**
 * Writes where a batch of an operand starts.
 *
 * @param code Where to write.
 * @param p The parameters.
 * @param which The operand, and the variable with the number of the batch.
 * @returns Its address.
 */
export function emitStart(
  { f }: VectorCode,
  p: AttentionParameters,
  { operand, batch }: { readonly operand: OperandName; readonly batch: Local },
): Local {
  const place = addAddress(
    f,
    f.op("i32.mul", batch, 4),
    p[`${operand}Starts`],
  );
  return f.op("i32.add", p[operand], f.load("i32.load", place));
}
