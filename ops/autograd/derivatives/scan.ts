/**
 * Derivatives of the operators that run along an axis, and of those that put it in order.
 *
 * @module
 */
import { add, binary, mul } from "../../builtin/binary.ts";
import { flip } from "../../builtin/flip.ts";
import { iota } from "../../builtin/iota.ts";
import { pad } from "../../builtin/pad.ts";
import { reshape } from "../../builtin/reshape.ts";
import { scan, type ScanAttributes } from "../../builtin/scan.ts";
import { scatterAdd } from "../../builtin/scatter_add.ts";
import { sliceAxis } from "../../builtin/slice.ts";
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
 * What follows an element depends on it as on a factor: the product of those before it, times what is
 * left of the gradients behind it. Never a quotient: that has no second derivative where an element is
 * 0, nor a first where a product is too small for the dtype.
 */
function productVjp(
  { inputs: [x], gradient }: Pullback,
  attributes: Attributes,
): readonly Node[] {
  const { exclusive, reverse, axis: given } = settingsOf(attributes);
  const axis = resolveAxis("cumprod", given, x!.type.shape);
  const turn = (node: Node) => reverse ? flip(node, axis) : node;
  const factors = turn(x!);
  const slopes = exclusive ? earlier(turn(gradient), axis, 1) : turn(gradient);
  const before = scan("cumprod", factors, {
    axis,
    exclusive: true,
    reverse: false,
  });
  return [turn(mul(before, behind(slopes, factors, axis)))];
}

/**
 * s_j = g_j + x_(j+1) s_(j+1), the gradients behind each place, each with the factors between. In steps
 * that double the distance, as by Hillis and Steele, "Data parallel algorithms" (1986).
 */
function behind(gradient: Node, x: Node, axis: number): Node {
  const size = x.type.shape[axis]!;
  let sums = gradient;
  let factors = earlier(x, axis, 1);
  for (let distance = 1; distance < size; distance *= 2) {
    sums = add(sums, mul(factors, earlier(sums, axis, distance)));
    factors = mul(factors, earlier(factors, axis, distance));
  }
  return sums;
}

/** Elements some places earlier along an axis, followed by zeros. */
function earlier(x: Node, axis: number, distance: number): Node {
  const size = x.type.shape[axis]!;
  const places = Math.min(distance, size);
  const widths = x.type.shape.map((_, i) => i === axis ? places : 0);
  return pad(sliceAxis(x, axis, { start: places, end: size }), {
    low: widths.map(() => 0),
    high: widths,
    value: 0,
  });
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
