/**
 * Einstein's notation, read: which letter stands for which axis of which operand.
 *
 * The axes that `...` stands for are given labels of their own, counted from the last, so that they
 * broadcast like any other label and nothing after this file knows of an ellipsis.
 *
 * @module
 */
import { type Shape, shapeMismatch } from "../../core/base/mod.ts";
import { textOf } from "../check_attributes.ts";
import { attributeInvalid } from "../errors.ts";

/** A letter, or the place of an axis under an ellipsis, counted from the last: `.0`. */
export type Label = string;

/** What an einsum computes: for each place of `output`, the sum over all labels that it lacks. */
export interface Equation {
  /** The labels of each operand's axes. */
  readonly operands: readonly (readonly Label[])[];
  /** The labels of the output's axes. */
  readonly output: readonly Label[];
  /** The size that each label runs over. */
  readonly sizes: ReadonlyMap<Label, number>;
}

/**
 * Reads a specification for operands of known shapes.
 *
 * @param spec Labels of operands, split by commas; an arrow and the labels of the output, or nothing.
 * @param shapes The operands' shapes.
 * @returns The equation.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if the text is malformed or does not fit the operands.
 * @throws {ShapeError} `SHAPE_MISMATCH` if a label has two sizes, neither of which is 1.
 */
export function parseEinsum(
  spec: string,
  shapes: readonly Shape[],
): Equation {
  const [inputs, output, ...more] = spec.replaceAll(" ", "").split("->");
  if (more.length > 0) throw malformed(spec, "found more than one arrow");
  const terms = inputs!.split(",");
  if (terms.length !== shapes.length) {
    const found = `found labels for ${terms.length} operands, `;
    throw malformed(spec, `${found}wanted them for ${shapes.length}`);
  }
  const operands = terms.map((term, i) => labelsOf(spec, term, shapes[i]!));
  const sizes = sizesOf(operands, shapes);
  return {
    operands,
    output: output === undefined
      ? implicitOutput(operands, sizes)
      : explicitOutput(spec, output, sizes),
    sizes,
  };
}

function malformed(spec: string, problem: string): Error {
  return attributeInvalid("einsum", "spec", `${problem} in ${textOf(spec)}`);
}

/** Cuts the labels of one operand or of the output into letters and at most one ellipsis. */
function split(
  spec: string,
  term: string,
): { readonly before: string[]; readonly after?: string[] } {
  const [before, after, ...more] = term.split("...").map((part) => [...part]);
  if (more.length > 0) {
    throw malformed(spec, `found two ellipses in "${term}"`);
  }
  for (const letter of [...before!, ...after ?? []]) {
    if (/^[a-zA-Z]$/.test(letter)) continue;
    throw malformed(
      spec,
      `found ${textOf(letter)}, wanted letters, commas, "..." and "->"`,
    );
  }
  return after ? { before: before!, after } : { before: before! };
}

function labelsOf(
  spec: string,
  term: string,
  shape: Shape,
): readonly Label[] {
  const { before, after } = split(spec, term);
  const letters = before.length + (after?.length ?? 0);
  const hidden = shape.length - letters;
  if (after ? hidden < 0 : hidden !== 0) {
    const wanted = `wanted ${shape.length} for shape [${shape}]`;
    throw malformed(spec, `found ${letters} labels "${term}", ${wanted}`);
  }
  return after ? [...before, ...hiddenLabels(hidden), ...after] : before;
}

function hiddenLabels(count: number): readonly Label[] {
  return Array.from({ length: count }, (_, i) => `.${count - 1 - i}`);
}

/** The size of each label: that of all axes it names, but for those of size 1, which broadcast. */
function sizesOf(
  operands: readonly (readonly Label[])[],
  shapes: readonly Shape[],
): ReadonlyMap<Label, number> {
  const sizes = new Map<Label, { size: number; operand: number }>();
  operands.forEach((labels, operand) => {
    const own = new Map<Label, number>();
    labels.forEach((label, axis) => {
      const size = shapes[operand]![axis]!;
      const known = sizes.get(label) ?? { size: 1, operand };
      const isDiagonal = (own.get(label) ?? size) === size;
      if (
        !isDiagonal || (known.size !== size && known.size !== 1 && size !== 1)
      ) {
        throw mismatch(label, shapes, [known.operand, operand]);
      }
      own.set(label, size);
      if (known.size === 1) sizes.set(label, { size, operand });
    });
  });
  return new Map([...sizes].map(([label, { size }]) => [label, size]));
}

function mismatch(
  label: Label,
  shapes: readonly Shape[],
  [left, right]: readonly [left: number, right: number],
): Error {
  const what = label.startsWith(".") ? 'the axes under "..."' : `"${label}"`;
  return shapeMismatch("einsum", shapes[left]!, shapes[right]!, {
    rule: left === right
      ? `${what} must have one size in operand ${left}`
      : `${what} must have one size, or 1, in operands ${left} and ${right}`,
  });
}

/** What is left out of a specification: the ellipsis, then the letters named once, in order. */
function implicitOutput(
  operands: readonly (readonly Label[])[],
  sizes: ReadonlyMap<Label, number>,
): readonly Label[] {
  const all = operands.flat();
  const once = [...sizes.keys()].filter((label) =>
    !label.startsWith(".") && all.indexOf(label) === all.lastIndexOf(label)
  );
  return [...hiddenLabels(countHidden(sizes)), ...once.sort()];
}

function countHidden(sizes: ReadonlyMap<Label, number>): number {
  return [...sizes.keys()].filter((label) => label.startsWith(".")).length;
}

function explicitOutput(
  spec: string,
  term: string,
  sizes: ReadonlyMap<Label, number>,
): readonly Label[] {
  const { before, after } = split(spec, term);
  const hidden = after ? hiddenLabels(countHidden(sizes)) : [];
  const output = [...before, ...hidden, ...after ?? []];
  for (const label of output) {
    if (!sizes.has(label)) {
      throw malformed(spec, `found "${label}" in the output and no operand`);
    }
    if (output.indexOf(label) !== output.lastIndexOf(label)) {
      throw malformed(spec, `found "${label}" twice in the output`);
    }
  }
  return output;
}
