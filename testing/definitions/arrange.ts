/**
 * What the operators mean that make, move and pick elements.
 *
 * @module
 */
import {
  assertInvariant,
  fillNormal,
  fillUniform,
  isFloatDType,
} from "../../core/base/mod.ts";
import { elementAt, fillPlaces, indexAt, placeOf } from "../dense_array.ts";
import { axesOf, axisOf, integersOf, pointedAt } from "./attributes.ts";
import { castTo } from "./cast_to.ts";
import type { Definition } from "./definition.ts";

/** Definitions of the operators that make, move and pick elements, by name. */
export const ARRANGE_DEFINITIONS: Readonly<Record<string, Definition>> = {
  after: ({ inputs: [x] }) => x!.elements,
  assemble({ inputs, attributes, type: { dtype, shape } }) {
    const value = castTo(Number(attributes["value"]), dtype);
    const elements = fillPlaces(shape, () => value);
    const [offsets, steps] = ["offsets", "steps"].map((name) =>
      integersOf(attributes, name)
    ) as [number[], number[]];
    inputs.forEach((piece, i) =>
      piece.elements.forEach((element, index) => {
        const to = placeOf(index, piece.shape).map((at, axis) => {
          const entry = i * shape.length + axis;
          return offsets[entry]! + at * steps[entry]!;
        });
        elements[indexAt(to, shape)] = element;
      })
    );
    return elements;
  },
  expand: ({ inputs: [x], type }) =>
    fillPlaces(type.shape, (place) => elementAt(x!, place)),
  gather({ inputs: [x, index], attributes, type: { shape, dtype } }) {
    const along = axisOf(attributes, x!.shape);
    return fillPlaces(shape, (place) => {
      const wanted = index!.elements[indexAt(place, shape)]!;
      const at = pointedAt(wanted, x!.shape[along]!);
      if (at === undefined) return isFloatDType(dtype) ? NaN : 0;
      return x!.elements[indexAt(place.with(along, at), x!.shape)]!;
    });
  },
  iota: ({ type }) => fillPlaces(type.shape, ([i]) => i!),
  permute({ inputs: [x], attributes, type }) {
    const { shape, elements } = x!;
    const order = attributes["axes"] === null
      ? [...shape.keys()].reverse()
      : [...axesOf(attributes, shape)];
    return fillPlaces(type.shape, (place) => {
      const source = shape.map((_, axis) => place[order.indexOf(axis)]!);
      return elements[indexAt(source, shape)]!;
    });
  },
  random: drawn,
  randomDraw: drawn,
  reshape: ({ inputs: [x] }) => x!.elements.slice(),
  slice({ inputs: [x], attributes, type: { shape } }) {
    const [starts, steps] = ["starts", "steps"].map((name) =>
      integersOf(attributes, name)
    ) as [number[], number[]];
    return fillPlaces(shape, (place) =>
      elementAt(
        x!,
        place.map((at, axis) => {
          const [size, step] = [x!.shape[axis]!, steps[axis] ?? 1];
          const start = starts[axis] ?? 0;
          const from = start < 0 ? Math.max(start + size, 0) : start;
          return Math.min(from, size - 1) + at * step;
        }),
      ));
  },
  windows({ inputs: [x], attributes, type: { shape } }) {
    const axis = axisOf(attributes, x!.shape);
    return fillPlaces(shape, (place) => {
      const at = place[axis]! * Number(attributes["stride"]) +
        place.at(-1)! * Number(attributes["dilation"]);
      return x!.elements[indexAt(place.slice(0, -1).with(axis, at), x!.shape)]!;
    });
  },
};

/** Random numbers; the draw is the first without one. */
function drawn(
  { inputs: [draw], attributes, type: { shape } }: Parameters<Definition>[0],
): Float64Array {
  const [low, high] = integersOf(attributes, "key");
  assertInvariant(
    low !== undefined && high !== undefined,
    "a key has two words",
  );
  const numbers = fillPlaces(shape, () => 0);
  const fill = attributes["distribution"] === "normal"
    ? fillNormal
    : fillUniform;
  fill([low, high], numbers, { draw: draw?.elements[0] ?? 0 });
  // What is drawn is float32, whatever the backend computes in.
  return numbers.map(Math.fround);
}
