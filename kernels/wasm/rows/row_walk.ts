import type { Instruction } from "../../ir/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import { emitInstruction, isSource } from "../lanes/emit_instruction.ts";
import { loadRun, storeRun } from "../lanes/lane_access.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import {
  lineSources,
  type LineView,
  nameOf,
  type View,
} from "../lanes/views.ts";
import type { LinePart } from "../loops/emit_line.ts";
import { emitExpNonpositive } from "../math/exp_nonpositive.ts";
import { Accumulators } from "../reduce/accumulators.ts";
import { isFloatSum } from "../reduce/combine.ts";
import { nonpositiveExponent } from "./nonpositive_exponent.ts";
import type { RowPass } from "./row_passes.ts";
import { OUTPUT, type RowsPlan } from "./rows_plan.ts";

type Fold = Instruction & { readonly kind: "fold" };

/** A view, and where it stands at a row's start. */
export type PlacedView = View & { readonly cursor: Local };

/** What is the same all along a row, by the place of its instruction, as far as it is known. */
export type Still = (Local | undefined)[];

/** A fold of a walk, while it is combined. */
interface OpenFold {
  readonly place: number;
  readonly x: number;
  readonly accumulators: Accumulators;
  readonly isFloatSum: boolean;
}

/**
 * Writes the code of one walk along a row: what stands before it, what is done with each vector, and
 * what stands after it.
 */
export class RowWalk {
  /** What the walk reads and writes. */
  readonly views: readonly PlacedView[];
  readonly #code: VectorCode;
  readonly #plan: RowsPlan;
  readonly #pass: RowPass;
  readonly #still: Still;
  readonly #folds: readonly OpenFold[];

  /**
   * Constructs a new instance, and writes what stands before the walk.
   *
   * @param code Where to write.
   * @param plan The kernel.
   * @param walk Which walk, all views of the row, what is known of it, and how many vectors one turn
   * of the loop takes.
   */
  constructor(
    code: VectorCode,
    plan: RowsPlan,
    { level, views, still, unroll }: {
      readonly level: number;
      readonly views: readonly PlacedView[];
      readonly still: Still;
      readonly unroll: number;
    },
  ) {
    this.#code = code;
    this.#plan = plan;
    this.#pass = plan.passes.passes[level]!;
    this.#still = still;
    this.views = usedBy(plan, this.#pass, views);
    emitStill(code, plan, { level, views, still });
    this.#folds = this.#pass.folds.map((place) => {
      const { combine, x, dtype } = plan.kernel.body[place] as Fold;
      const combination = { fn: combine, dtype };
      return {
        place,
        x,
        accumulators: new Accumulators(code, combination, unroll),
        isFloatSum: isFloatSum(combination),
      };
    });
  }

  /** Whether sums are moved into more precise variables every now and then. */
  get hasSums(): boolean {
    return this.#folds.some(({ isFloatSum }) => isFloatSum);
  }

  /**
   * Writes what is done with up to four elements.
   *
   * @param views The walk's views on the line.
   * @param part Which elements.
   */
  vector(views: readonly LineView[], part: LinePart): void {
    const values = this.#values(views, part);
    for (const { x, accumulators } of this.#folds) {
      accumulators.add(values[x]!, part);
    }
    if (this.#folds.length > 0) return;
    storeView(this.#code, values.at(-1)!, { view: named(views, OUTPUT), part });
  }

  /** Writes the moving of sums into more precise variables. */
  flush(): void {
    for (const { accumulators, isFloatSum } of this.#folds) {
      if (isFloatSum) accumulators.flush();
    }
  }

  /**
   * Writes what stands after the walk.
   *
   * @returns The folds, by their places.
   */
  finish(): ReadonlyMap<number, Local> {
    return new Map(
      this.#folds.map(({ place, accumulators }) => [
        place,
        accumulators.finish(),
      ]),
    );
  }

  /** Writes the values for up to four elements. */
  #values(
    views: readonly LineView[],
    part: LinePart,
  ): readonly (Local | undefined)[] {
    const { kernel: { body }, places } = this.#plan;
    const { read, computed, kept } = this.#pass;
    const values = [...this.#still];
    values.length = body.length;
    const emitSource = lineSources(this.#code, views, part);
    for (const place of read) {
      const { cursor, dtype } = named(views, places.get(place)!);
      const run = { pointer: cursor, dtype: dtype!, stride: 1, shift: 0 };
      values[place] = loadRun(this.#code, {
        ...run,
        skip: part.skip,
        count: part.lanes,
      });
    }
    for (const place of computed) {
      const exponent = nonpositiveExponent(body, place);
      values[place] = exponent === undefined
        ? emitInstruction(this.#code, body, { place, values, emitSource })
        : emitExpNonpositive(this.#code, values[exponent]!);
    }
    for (const place of kept) {
      const view = named(views, places.get(place)!);
      storeView(this.#code, values[place]!, { view, part });
    }
    return values;
  }
}

/**
 * Writes what is the same all along a row and known by now.
 *
 * @param code Where to write.
 * @param plan The kernel.
 * @param row How many walks are over, all views of the row, and what is known, to which it is added.
 */
export function emitStill(
  code: VectorCode,
  { kernel: { body }, passes }: RowsPlan,
  { level, views, still }: {
    readonly level: number;
    readonly views: readonly PlacedView[];
    readonly still: Still;
  },
): void {
  const points = views.map((view) => ({ ...view, stride: 0 }));
  const emitSource = lineSources(code, points, { skip: 0, lanes: 4 });
  for (const place of passes.still) {
    if (still[place] || passes.levels[place]! > level) continue;
    still[place] = emitInstruction(code, body, {
      place,
      values: still,
      emitSource,
    });
  }
}

/**
 * Writes the end of a row that gives one element.
 *
 * @param code Where to write.
 * @param plan The kernel.
 * @param row All views of the row, and its folds.
 */
export function emitRowResult(
  code: VectorCode,
  plan: RowsPlan,
  { views, still }: {
    readonly views: readonly PlacedView[];
    readonly still: Still;
  },
): void {
  const result = plan.kernel.body.length - 1;
  emitStill(code, plan, { level: plan.passes.levels[result]!, views, still });
  const view = { ...named(views, OUTPUT), stride: 1 };
  storeView(code, still[result]!, { view, part: { skip: 0, lanes: 1 } });
}

/** The views that a walk uses. */
function usedBy(
  { kernel: { body }, places }: RowsPlan,
  { kept, read, computed, folds }: RowPass,
  views: readonly PlacedView[],
): readonly PlacedView[] {
  const names = new Set(
    [...kept, ...read].map((place) => places.get(place)!),
  );
  for (const place of computed) {
    const instruction = body[place]!;
    if (isSource(instruction)) names.add(nameOf(instruction)!);
  }
  if (folds.length === 0) names.add(OUTPUT);
  return views.filter(({ name }) => names.has(name));
}

function storeView(
  code: VectorCode,
  vector: Local,
  { view: { cursor, dtype }, part: { skip, lanes } }: {
    readonly view: LineView;
    readonly part: Pick<LinePart, "skip" | "lanes">;
  },
): void {
  const run = { pointer: cursor, dtype: dtype!, stride: 1, skip, shift: 0 };
  storeRun(code, vector, { ...run, count: lanes });
}

function named<T extends View>(views: readonly T[], name: string): T {
  return views.find((view) => view.name === name)!;
}
