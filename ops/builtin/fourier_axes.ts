/**
 * What all Fourier transforms along axes have in common: which axes they take, and what they divide by.
 *
 * @module
 */
import {
  axisOutOfRange,
  broadcastShapes,
  dtypeMismatch,
  invalidShape,
  resolveAxis,
  type Shape,
} from "../../core/base/mod.ts";
import { attributeInvalid } from "../errors.ts";
import type { Attributes, Node, TensorType } from "../graph/node.ts";
import { mul } from "./binary.ts";
import { permute } from "./permute.ts";
import { reshape } from "./reshape.ts";

/** What the sums of a transform are divided by along each axis: 1, the root of the size, or the size. */
export type FourierNormalization = "none" | "root" | "size";

const NORMALIZATIONS: readonly FourierNormalization[] = [
  "none",
  "root",
  "size",
];

/**
 * Requires `float32`.
 *
 * @param operation Name of the operator, for messages.
 * @param type Type of its input.
 * @returns The type.
 * @throws {DTypeError} `DTYPE_MISMATCH` if it is another dtype.
 */
export function float32(operation: string, type: TensorType): TensorType {
  if (type.dtype === "float32") return type;
  throw dtypeMismatch(operation, type.dtype, ["float32"]);
}

/**
 * Finds the shape of complex numbers.
 *
 * @param operation Name of the operator, for messages.
 * @param parts Types of real and imaginary parts, which broadcast.
 * @returns Their shape.
 */
export function complexShape(
  operation: string,
  [real, imaginary]: readonly TensorType[],
): Shape {
  return broadcastShapes(
    operation,
    float32(operation, real!).shape,
    float32(operation, imaginary!).shape,
  );
}

/**
 * Finds an axis along which there is something to transform.
 *
 * @param operation Name of the operator, for messages.
 * @param axis The axis.
 * @param shape The shape it refers to.
 * @returns The axis, counted from the first.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis, `SHAPE_INVALID` if it is empty.
 */
export function lineAxis(
  operation: string,
  axis: number,
  shape: Shape,
): number {
  if (shape.length === 0) throw axisOutOfRange(operation, axis, shape);
  const resolved = resolveAxis(operation, axis, shape);
  if (shape[resolved] === 0) throw invalidShape(operation, shape);
  return resolved;
}

/**
 * Requires a normalization that there is.
 *
 * @param operation Name of the operator, for messages.
 * @param attributes Settings of the call.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if there is no such normalization.
 */
export function assertNormalization(
  operation: string,
  { normalization }: Attributes,
): void {
  if (NORMALIZATIONS.includes(normalization as FourierNormalization)) return;
  const wanted = NORMALIZATIONS.map((one) => `"${one}"`).join(" or ");
  throw attributeInvalid(
    operation,
    "normalization",
    `found ${JSON.stringify(normalization)}, wanted ${wanted}`,
  );
}

/**
 * Computes something of the lines along one axis of planes, which becomes the middle one of three.
 *
 * @param planes The planes.
 * @param axis The axis, counted from that of the planes.
 * @param fn What is computed.
 * @returns The results, with the axis where it was.
 */
export function alongAxis(
  planes: Node,
  axis: number,
  fn: (lines: Node) => Node,
): Node {
  const { shape } = planes.type;
  const others = [...shape.keys()].filter((each) => each > 0 && each !== axis);
  const order = [0, axis, ...others];
  const lines = reshape(permute(planes, order), [
    shape[0]!,
    shape[axis]!,
    others.reduce((product, each) => product * shape[each]!, 1),
  ]);
  const result = fn(lines);
  const [count, size] = result.type.shape as [number, number];
  const apart = reshape(result, [
    count,
    size,
    ...others.map((each) => shape[each]!),
  ]);
  return permute(apart, [...shape.keys()].map((each) => order.indexOf(each)));
}

/**
 * Divides as a normalization says.
 *
 * @param y What is divided.
 * @param attributes Settings of the call.
 * @param sizes Sizes of the axes that were transformed.
 * @returns The quotients.
 */
export function normalized(
  y: Node,
  { normalization }: Attributes,
  sizes: readonly number[],
): Node {
  const size = sizes.reduce((product, each) => product * each, 1);
  switch (normalization as FourierNormalization) {
    case "none":
      return y;
    case "root":
      return mul(y, 1 / Math.sqrt(size));
    default:
      return mul(y, 1 / size);
  }
}
