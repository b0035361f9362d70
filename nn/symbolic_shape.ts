import { listOf } from "../core/base/mod.ts";

/** One size: a number, or the name of one that is not known yet, `batch`. */
export type SymbolicSize = number | string;

/** Sizes per axis, outermost first, of which some may be known by name only. */
export type SymbolicShape = readonly SymbolicSize[];

/**
 * What a module makes of shapes: the shape of its output, or what it wanted instead, `[..., 20]`.
 */
export type ShapeInference = SymbolicShape | {
  /** The shape it takes, in words or as `[..., 20]`. */
  readonly wanted: string;
};

/**
 * Writes a shape down.
 *
 * @param shape The shape.
 * @returns Text such as `[batch, 20]`.
 */
export function printShape(shape: SymbolicShape): string {
  return `[${listOf("shape of printShape", shape).join(", ")}]`;
}
