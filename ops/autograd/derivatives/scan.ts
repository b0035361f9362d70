/**
 * Derivatives of the operators that run along an axis, and of those that put it in order.
 *
 * @module
 */
import { binary, div, mul } from "../../builtin/binary.ts";
import { iota } from "../../builtin/iota.ts";
import { reshape } from "../../builtin/reshape.ts";
import { scan, type ScanAttributes } from "../../builtin/scan.ts";
import { scatterAdd } from "../../builtin/scatter_add.ts";
import { argsort } from "../../builtin/sort.ts";
import { where } from "../../builtin/where.ts";
import { resolveAxis } from "../../../core/base/mod.ts";
import type { Attributes, Node, Pullback, Vjp } from "../../graph/node.ts";

/** Gradients of the operators that run along an axis or put it in order, by name. */
export const SCAN_DERIVATIVES: Readonly<Record<string, Vjp>> = {
  cummax: (call, attributes) => extremeVjp("cummax", call, attributes),
  cummin: (call, attributes) => extremeVjp("cummin", call, attributes),
  cumprod: productVjp,
  cumsum: ({ gradient }, attributes) => [
    scan("cumsum", gradient, backwards(settingsOf(attributes))),
  ],
  sort: ({ inputs: [x], gradient }, { axis, descending }) => {
    const along = resolveAxis("sort", axis as number, x!.type.shape);
    const places = argsort(x!, {
      axis: along,
      descending: descending === true,
    });
    const size = x!.type.shape[along]!;
    return [scatterAdd(gradient, places, { axis: along, size })];
  },
};

function settingsOf(
  { axis, exclusive, reverse }: Attributes,
): ScanAttributes {
  return {
    axis: axis as number,
    exclusive: exclusive === true,
    reverse: reverse === true,
  };
}

function backwards(settings: ScanAttributes): ScanAttributes {
  return { ...settings, reverse: !settings.reverse };
}

/**
 * What follows an element depends on it as on a factor. Before the first 0 of a line that is a quotient;
 * the first 0 is the only one that what follows it depends on, as if it were a 1.
 */
function productVjp(
  { inputs: [x], output, gradient }: Pullback,
  attributes: Attributes,
): readonly Node[] {
  const settings = settingsOf(attributes);
  const isZero = binary("equal", [x!, 0]);
  const zeros = scan("cumsum", isZero, { ...settings, exclusive: false });
  const isBefore = binary("equal", [zeros, 0]);
  const isFirst = binary("and", [isZero, binary("equal", [zeros, 1])]);
  const back = (product: Node) =>
    scan("cumsum", mul(gradient, product), backwards(settings));
  const quotient = div(back(output), where(isBefore, [x!, 1]));
  const without = scan("cumprod", where(isFirst, [1, x!]), settings);
  return [
    where(isBefore, [quotient, where(isFirst, [back(without), 0])]),
  ];
}

/** The gradient goes to the element that was the extreme: of equal ones, the latest on the way. */
function extremeVjp(
  name: "cummax" | "cummin",
  { inputs: [x], gradient }: Pullback,
  attributes: Attributes,
): readonly Node[] {
  const { shape } = x!.type;
  const settings = settingsOf(attributes);
  const axis = resolveAxis(name, settings.axis, shape);
  const size = shape[axis]!;
  const best = scan(name, x!, { ...settings, exclusive: false });
  const places = reshape(
    iota(size),
    shape.map((_, i) => i === axis ? size : 1),
  );
  // A place outside, as the neutral element is: what goes there is dropped.
  const nowhere = settings.reverse ? size : -size - 1;
  const found = where(binary("equal", [x!, best]), [places, nowhere]);
  const latest = scan(settings.reverse ? "cummin" : "cummax", found, settings);
  return [scatterAdd(gradient, latest, { axis, size })];
}
