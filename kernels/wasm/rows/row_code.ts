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
import { emitRowLines, unrollFor } from "../reduce/emit_row_lines.ts";
import type { NextRow } from "./next_row.ts";
import { nonpositiveExponent } from "./nonpositive_exponent.ts";
import type { RowPass } from "./row_passes.ts";
import { OUTPUT, type RowsPlan } from "./rows_plan.ts";

/**
 * The walk in which the next row is brought near: the first one that finds its own row in the cache,
 * and so leaves the memory idle.
 */
const NEXT_ROW_WALK = 1;

type Fold = Instruction & { readonly kind: "fold" };
type PlacedView = View & { readonly cursor: Local };

/** Writes the code for one row. */
export class RowCode {
  readonly #code: VectorCode;
  readonly #plan: RowsPlan;
  readonly #views: readonly PlacedView[];
  readonly #next: NextRow;
  /** What is the same all along the row, as far as it is known. */
  readonly #still: (Local | undefined)[] = [];

  /**
   * Constructs a new instance.
   *
   * @param code Where to write.
   * @param plan The kernel.
   * @param row What is read and written, and where it stands at the row's start; and what of the next
   * row is brought near in the meantime.
   */
  constructor(
    code: VectorCode,
    plan: RowsPlan,
    { views, next }: {
      readonly views: readonly PlacedView[];
      readonly next: NextRow;
    },
  ) {
    this.#code = code;
    this.#plan = plan;
    this.#views = views;
    this.#next = next;
  }

  /** Writes all walks along the row. */
  emit(): void {
    const { kernel, passes: { passes, levels } } = this.#plan;
    passes.forEach((pass, level) => {
      this.#emitStill(level);
      this.#emitPass(pass, { bringsNext: level === NEXT_ROW_WALK });
    });
    if (kernel.each === "element") return;
    const result = kernel.body.length - 1;
    this.#emitStill(levels[result]!);
    this.#store(this.#still[result]!, {
      view: this.#lineView(OUTPUT),
      part: { skip: 0, lanes: 1 },
    });
  }

  /** Writes what is the same all along the row and known by now. */
  #emitStill(level: number): void {
    const { kernel: { body }, passes: { still, levels } } = this.#plan;
    const views = this.#views.map((view) => ({ ...view, stride: 0 }));
    const emitSource = lineSources(this.#code, views, { skip: 0, lanes: 4 });
    for (const place of still) {
      if (this.#still[place] || levels[place]! > level) continue;
      this.#still[place] = emitInstruction(this.#code, body, {
        place,
        values: this.#still,
        emitSource,
      });
    }
  }

  #emitPass(
    pass: RowPass,
    { bringsNext }: { readonly bringsNext: boolean },
  ): void {
    const { kernel: { body }, over } = this.#plan;
    const unroll = unrollFor(pass.computed.length, over.at(-1) ?? 1);
    const folds = pass.folds.map((place) => {
      const { combine, x, dtype } = body[place] as Fold;
      const combination = { fn: combine, dtype };
      return {
        place,
        x,
        combination,
        accumulators: new Accumulators(this.#code, combination, unroll),
      };
    });
    const sums = folds.filter(({ combination }) => isFloatSum(combination));
    const views = [
      ...this.#viewsOf(pass),
      ...bringsNext ? this.#next.views : [],
    ];
    emitRowLines(this.#code, { over, unroll, views }, {
      line: (views) => (part) => {
        if (bringsNext) this.#next.bring(views, part);
        const values = this.#emitVector(pass, views, part);
        for (const { x, accumulators } of folds) {
          accumulators.add(values[x]!, part);
        }
        if (pass.folds.length > 0) return;
        const view = lineViewOf(views, OUTPUT);
        this.#store(values.at(-1)!, { view, part });
      },
      flush: sums.length === 0
        ? undefined
        : () => sums.forEach(({ accumulators }) => accumulators.flush()),
    });
    for (const { place, accumulators } of folds) {
      this.#still[place] = accumulators.finish();
    }
  }

  /** Writes the values for up to four elements. */
  #emitVector(
    pass: RowPass,
    views: readonly LineView[],
    part: LinePart,
  ): readonly (Local | undefined)[] {
    const { kernel: { body }, places } = this.#plan;
    const values = body.map((_, place) => this.#still[place]);
    const emitSource = lineSources(this.#code, views, part);
    for (const place of pass.read) {
      const view = lineViewOf(views, places.get(place)!);
      values[place] = this.#load(view, part);
    }
    for (const place of pass.computed) {
      const exponent = nonpositiveExponent(body, place);
      values[place] = exponent === undefined
        ? emitInstruction(this.#code, body, { place, values, emitSource })
        : emitExpNonpositive(this.#code, values[exponent]!);
    }
    for (const place of pass.kept) {
      const view = lineViewOf(views, places.get(place)!);
      this.#store(values[place]!, { view, part });
    }
    return values;
  }

  /** The views that a walk uses. */
  #viewsOf(pass: RowPass): PlacedView[] {
    const { kernel: { body }, places } = this.#plan;
    const names = new Set(
      [...pass.kept, ...pass.read].map((place) => places.get(place)!),
    );
    for (const place of pass.computed) {
      const instruction = body[place]!;
      if (isSource(instruction)) names.add(nameOf(instruction)!);
    }
    if (pass.folds.length === 0) names.add(OUTPUT);
    return this.#views.filter(({ name }) => names.has(name));
  }

  #lineView(name: string): LineView {
    return lineViewOf(
      this.#views.map((view) => ({ ...view, stride: 1 })),
      name,
    );
  }

  #load(
    { cursor, dtype }: LineView,
    { skip, lanes }: Pick<LinePart, "skip" | "lanes">,
  ): Local {
    const run = { pointer: cursor, dtype: dtype!, stride: 1, skip, shift: 0 };
    return loadRun(this.#code, { ...run, count: lanes });
  }

  #store(vector: Local, { view: { cursor, dtype }, part: { skip, lanes } }: {
    readonly view: LineView;
    readonly part: Pick<LinePart, "skip" | "lanes">;
  }): void {
    const run = { pointer: cursor, dtype: dtype!, stride: 1, skip, shift: 0 };
    storeRun(this.#code, vector, { ...run, count: lanes });
  }
}

function lineViewOf(views: readonly LineView[], name: string): LineView {
  return views.find((view) => view.name === name)!;
}
