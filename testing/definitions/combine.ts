/**
 * What the operators mean that add or combine elements: reductions, matrix products, scattering.
 *
 * @module
 */
import { elementAt, fillPlaces, indexAt, placeOf } from "../dense_array.ts";
import { axesOf, axisOf, integersOf, pointedAt } from "./attributes.ts";
import type { Definition } from "./definition.ts";
import { type Fold, FOLDS } from "./folds.ts";

function foldDefinition({ start, step }: Fold): Definition {
  return ({ inputs: [x], attributes, type: { dtype, shape } }) => {
    const { shape: from, elements } = x!;
    const axes = axesOf(attributes, from);
    const totals = fillPlaces(shape, () => start(dtype));
    elements.forEach((element, index) => {
      const place = placeOf(index, from);
      const target = attributes["keepDims"]
        ? place.map((at, axis) => axes.has(axis) ? 0 : at)
        : place.filter((_, axis) => !axes.has(axis));
      const to = indexAt(target, shape);
      totals[to] = step(totals[to]!, element, dtype);
    });
    return totals;
  };
}

/** Definitions of the operators that combine elements, by name. */
export const COMBINE_DEFINITIONS: Readonly<Record<string, Definition>> = {
  ...Object.fromEntries(
    Object.entries(FOLDS).map(([name, fold]) => [name, foldDefinition(fold)]),
  ),
  convolution({ inputs: [x, weight], attributes, type: { shape } }) {
    const [stride, dilation, inputDilation, padding] = [
      "stride",
      "dilation",
      "inputDilation",
      "padding",
    ].map((name) => attributes[name] as readonly number[]) as [
      readonly number[],
      readonly number[],
      readonly number[],
      readonly number[],
    ];
    const sums = fillPlaces(shape, () => 0);
    // Each element goes wherever a window has a weight for it.
    x!.elements.forEach((element, i) => {
      const [n, g, c, ...at] = placeOf(i, x!.shape);
      weight!.elements.forEach((factor, k) => {
        const [group, o, channel, ...tap] = placeOf(k, weight!.shape);
        if (group !== g || channel !== c) return;
        const to = at.map((place, axis) =>
          (place * inputDilation[axis]! + padding[2 * axis]! -
            tap[axis]! * dilation[axis]!) / stride[axis]!
        );
        const isThere = to.every((place, axis) =>
          Number.isInteger(place) && place >= 0 && place < shape[3 + axis]!
        );
        if (!isThere) return;
        const target = indexAt([n!, g!, o!, ...to], shape);
        sums[target] = sums[target]! + element * factor;
      });
    });
    return sums;
  },
  matmul({ inputs, type }) {
    const [left, right] = inputs;
    const isRow = left!.shape.length === 1;
    const isColumn = right!.shape.length === 1;
    // Vectors are matrices of one row or column, which the output does not have.
    const rows = isRow ? { ...left!, shape: [1, ...left!.shape] } : left!;
    const columns = isColumn
      ? { ...right!, shape: [...right!.shape, 1] }
      : right!;
    const depth = rows.shape.at(-1)!;
    return fillPlaces(type.shape, (place) => {
      const rest = [...place];
      const column = isColumn ? 0 : rest.pop()!;
      const row = isRow ? 0 : rest.pop()!;
      let sum = 0;
      for (let k = 0; k < depth; k++) {
        sum += elementAt(rows, [...rest, row, k]) *
          elementAt(columns, [...rest, k, column]);
      }
      return sum;
    });
  },
  maxPoolGradient({ inputs: [x, gradient], attributes, type: { shape } }) {
    const [kernel, stride, dilation] = ["kernel", "stride", "dilation"].map(
      (name) => integersOf(attributes, name),
    ) as [number[], number[], number[]];
    const lead = shape.length - kernel.length;
    const sums = fillPlaces(shape, () => 0);
    gradient!.elements.forEach((element, i) => {
      const window = placeOf(i, gradient!.shape);
      let [largest, to] = [-Infinity, -1];
      fillPlaces(kernel, (within) => {
        const at = indexAt(
          window.map((place, axis) =>
            axis < lead ? place : place * stride[axis - lead]! +
              within[axis - lead]! * dilation[axis - lead]!
          ),
          shape,
        );
        const value = x!.elements[at]!;
        if (to === -1 || value > largest || Number.isNaN(value)) {
          [largest, to] = [value, at];
        }
        return 0;
      });
      sums[to] = sums[to]! + element;
    });
    return sums;
  },
  scatterAdd({ inputs: [x, index], attributes, type: { shape, dtype } }) {
    const along = axisOf(attributes, x!.shape);
    const sums = fillPlaces(shape, () => 0);
    x!.elements.forEach((element, i) => {
      const at = pointedAt(index!.elements[i]!, shape[along]!);
      if (at === undefined) return;
      const to = indexAt(placeOf(i, x!.shape).with(along, at), shape);
      const sum = sums[to]! + element;
      sums[to] = dtype === "int32" ? sum | 0 : sum;
    });
    return sums;
  },
};
