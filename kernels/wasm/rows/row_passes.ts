/**
 * How often a row is walked, and what is done each time. A value that is folded must be known all
 * along the row before the result can be used, so each fold that depends on another costs one more
 * walk; folds that do not depend on each other share one. What several walks need is computed in each
 * of them if it is cheap, and kept in memory from the first one if it is dear.
 *
 * @module
 */
import { itemBytes } from "../../../core/base/mod.ts";
import {
  type Instruction,
  type RowsKernel,
  usesOf,
  variesAlongRow,
} from "../../ir/mod.ts";

/** One walk along a row. Values are named by the places of their instructions. */
export interface RowPass {
  /** Folds that are computed. */
  readonly folds: readonly number[];
  /** Values that are computed for each vector, in order. */
  readonly computed: readonly number[];
  /** Those of them that are written to memory for later walks. */
  readonly kept: readonly number[];
  /** Values that earlier walks have written. */
  readonly read: readonly number[];
}

/** All walks along a row. */
export interface RowPasses {
  /** Whether a value differs between elements of the row. */
  readonly varies: readonly boolean[];
  /** How many walks must be over before a value can be known. */
  readonly levels: readonly number[];
  /** The walks, in order; the last one writes the output, if it has an element for each place. */
  readonly passes: readonly RowPass[];
  /** Values that are the same all along the row, in order. */
  readonly still: readonly number[];
}

/** Weight of a value from which keeping it is cheaper than computing it again. */
const KEEP_WEIGHT = 7;

/**
 * Divides the body of a kernel into walks.
 *
 * @param kernel The kernel.
 * @returns The walks.
 */
export function planPasses(kernel: RowsKernel): RowPasses {
  const { body, each } = kernel;
  const varies = variesAlongRow(kernel);
  const levels: number[] = [];
  for (const instruction of body) {
    const level = Math.max(0, ...usesOf(instruction).map((i) => levels[i]!));
    levels.push(instruction.kind === "fold" ? level + 1 : level);
  }
  const needed = neededBy(kernel, [body.length - 1]);
  const result = body.length - 1;
  const last = levels[result]!;
  const walks = new Walks(kernel, varies);
  for (let level = 0; level <= last; level++) {
    const folds = body.flatMap((instruction, place) =>
      instruction.kind === "fold" && needed.has(place) &&
        levels[place] === level + 1
        ? [place]
        : []
    );
    const isOutput = level === last;
    if (isOutput && each === "row") break;
    walks.add(folds, isOutput ? [result] : []);
  }
  return {
    varies,
    levels,
    passes: walks.passes,
    still: [...needed].filter((place) => !varies[place]).sort((a, b) => a - b),
  };
}

/** Collects walks, and which values go from one to another. */
class Walks {
  readonly #kernel: RowsKernel;
  readonly #varies: readonly boolean[];
  /** The first walk that computes a value. */
  readonly #first = new Map<number, number>();
  readonly #walks: {
    folds: readonly number[];
    computed: Set<number>;
    kept: Set<number>;
    read: Set<number>;
  }[] = [];

  constructor(kernel: RowsKernel, varies: readonly boolean[]) {
    this.#kernel = kernel;
    this.#varies = varies;
  }

  get passes(): RowPass[] {
    const inOrder = (places: Set<number>) => [...places].sort((a, b) => a - b);
    return this.#walks.map(({ folds, computed, kept, read }) => ({
      folds,
      computed: inOrder(computed),
      kept: inOrder(kept),
      read: inOrder(read),
    }));
  }

  /** Adds the walk that computes some folds, or the result. */
  add(folds: readonly number[], results: readonly number[]): void {
    const walk = {
      folds,
      computed: new Set<number>(),
      kept: new Set<number>(),
      read: new Set<number>(),
    };
    const number = this.#walks.push(walk) - 1;
    const visit = (place: number): void => {
      if (!this.#varies[place]) return;
      if (walk.computed.has(place) || walk.read.has(place)) return;
      const first = this.#first.get(place);
      if (first !== undefined && this.#weight(place) >= KEEP_WEIGHT) {
        this.#walks[first]!.kept.add(place);
        walk.read.add(place);
        return;
      }
      usesOf(this.#kernel.body[place]!).forEach(visit);
      walk.computed.add(place);
      if (first === undefined) this.#first.set(place, number);
    };
    for (const fold of folds) {
      usesOf(this.#kernel.body[fold]!).forEach(visit);
    }
    results.forEach(visit);
  }

  /** What it costs to compute a value, in instructions of one vector, about. */
  #weight(place: number): number {
    const { body } = this.#kernel;
    let sum = 0;
    const seen = new Set<number>();
    const visit = (place: number): void => {
      if (!this.#varies[place] || seen.has(place)) return;
      seen.add(place);
      sum += this.#weightOf(body[place]!);
      usesOf(body[place]!).forEach(visit);
    };
    visit(place);
    return sum;
  }

  #weightOf(instruction: Instruction): number {
    switch (instruction.kind) {
      case "load": {
        const { strides, dtype } = this.#kernel.operands[instruction.operand]!;
        const stride = strides.at(-1) ?? 0;
        const isPlain = (stride === 0 || stride === 1) &&
          itemBytes(dtype) === 4;
        return isPlain ? 2 : 8;
      }
      case "gather":
        return 24;
      case "coordinate":
        return 2;
      case "unary":
        return HEAVY.has(instruction.fn) ? 12 : 1;
      case "binary":
        return HEAVY.has(instruction.fn) ? 12 : 1;
      case "accumulator":
      case "cast":
      case "constant":
      case "fold":
      case "select":
        return 1;
      default:
        return instruction satisfies never;
    }
  }
}

/** Functions that take many instructions, or one that takes long. */
const HEAVY: ReadonlySet<string> = new Set([
  "atan",
  "cos",
  "div",
  "erf",
  "exp",
  "expm1",
  "floorDivide",
  "log",
  "log1p",
  "pow",
  "remainder",
  "rsqrt",
  "sigmoid",
  "sin",
  "sqrt",
  "tanh",
]);

/** Everything that some values depend on, themselves included. */
function neededBy(
  { body }: RowsKernel,
  places: readonly number[],
): Set<number> {
  const needed = new Set<number>();
  const visit = (place: number): void => {
    if (needed.has(place)) return;
    needed.add(place);
    usesOf(body[place]!).forEach(visit);
  };
  places.forEach(visit);
  return needed;
}
