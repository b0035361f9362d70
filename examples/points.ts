import { ArrayDataset } from "@spiraltorch/spiraltorch";

/**
 * Takes points of a curve, to be learned.
 *
 * @param curve The curve.
 * @param count How many points, from -1 to 1.
 * @returns The points.
 */
export function pointsOf(
  curve: (x: number) => number,
  count: number,
): ArrayDataset {
  const inputs = Float32Array.from(
    { length: count },
    (_, i) => 2 * i / count - 1,
  );
  const targets = inputs.map(curve);
  return new ArrayDataset({
    inputs,
    inputShape: [1],
    targets,
    targetShape: [1],
  });
}
