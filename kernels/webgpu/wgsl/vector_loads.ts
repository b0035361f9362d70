import type { Shape } from "../../../core/base/mod.ts";
import type { Expression, Operand } from "../../ir/mod.ts";
import { loadText, wordText } from "./elements.ts";
import type { ElementScope } from "./expression_text.ts";
import { elementText, type PlaceParts } from "./indices.ts";
import { scopeAt } from "./scope_at.ts";
import type { ShaderText } from "./shader_text.ts";
import {
  bindableVectors,
  isWord,
  VECTOR,
  type VectorView,
  vectorView,
} from "./vector_views.ts";

/** How an operand is read for four neighbours of an index space. */
export interface Reading {
  /** How they lie in its array. */
  readonly view: VectorView;
  /** Whether the array is bound as vectors. */
  readonly isBound: boolean;
}

/**
 * Finds how the operands of an expression are read for four neighbours at a time.
 *
 * @param kernel The whole index space, what lies in it, and the expression.
 * @param slots For each operand, the number of its array.
 * @param output Whether the output is written by vectors, as what it replaces is then read.
 * @returns For each operand, how; `undefined` where the output's array could not be bound.
 */
export function readByVectors(
  { space, operands, body }: {
    readonly space: Shape;
    readonly operands: readonly Operand[];
    readonly body: Expression;
  },
  slots: readonly number[],
  { isOutputVector }: { readonly isOutputVector: boolean },
): readonly Reading[] | undefined {
  const gathered = new Set(
    body.flatMap((each) => each.kind === "gather" ? [each.operand] : []),
  );
  const views = operands.map((operand, i) =>
    gathered.has(i) ? "scattered" : vectorView(space, operand)
  );
  const isVector = views.map((view) => view === "vector");
  if (isOutputVector && slots.some((slot, i) => slot === 0 && !isVector[i])) {
    return undefined;
  }
  const isBound = bindableVectors(slots, isVector, isOutputVector);
  return views.map((view, i) => ({ view, isBound: isBound[i]! }));
}

/**
 * Writes what is read once for four neighbours.
 *
 * @param shader Where to write.
 * @param where The operands and how they are read; the names of the four places, the first of which four
 * divides; and a place in the parts of the index space.
 * @returns The statements, and for each of the four what an expression can ask for.
 */
export function sharedLoads(
  shader: ShaderText,
  { operands, readings, elements, partsAt }: {
    readonly operands: readonly Operand[];
    readonly readings: readonly Reading[];
    readonly elements: readonly string[];
    readonly partsAt: (place: string) => PlaceParts;
  },
): { readonly lines: readonly string[]; readonly scopes: ElementScope[] } {
  const lines: string[] = [];
  const values = readings.map(({ view, isBound }, operand) => {
    const { dtype } = operands[operand]!;
    const at = elementText(operands[operand]!, partsAt(elements[0]!));
    if (view === "same") {
      const value = shader.fresh("s");
      const array = shader.operand(operand);
      lines.push(`let ${value} = ${loadText(shader, dtype, { array, at })};`);
      return () => value;
    }
    if (!isBound || !isWord(dtype)) return undefined;
    const four = shader.fresh("q");
    const array = shader.operandVectors(operand);
    lines.push(`let ${four} = ${array}[u32(${at}) / ${VECTOR}u];`);
    return (element: number) => wordText(dtype, `${four}[${element}]`);
  });
  const scopes = elements.map((place, element): ElementScope => {
    const scope = scopeAt(shader, operands, partsAt(place));
    return {
      ...scope,
      load: (operand, shift) =>
        shift === undefined && values[operand]
          ? values[operand](element)
          : scope.load(operand, shift),
    };
  });
  return { lines, scopes };
}
