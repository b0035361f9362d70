import type { Formula, Step } from "./workload.ts";

/**
 * Works out the shapes of a formula.
 *
 * @param formula The formula.
 * @returns The shape of each value: first the inputs, then the steps.
 */
export function shapesOf(
  { inputs, steps }: Formula,
): readonly (readonly number[])[] {
  const shapes = inputs.map(({ shape }) => shape);
  for (const step of steps) shapes.push(shapeOf(step, shapes));
  return shapes;
}

function shapeOf(
  step: Step,
  shapes: readonly (readonly number[])[],
): readonly number[] {
  switch (step.op) {
    case "matmul":
      return [
        ...shapes[step.left]!.slice(0, -1),
        shapes[step.right]!.at(-1)!,
      ];
    case "transpose":
      return shapes[step.x]!.toReversed();
    case "sum":
      return shapes[step.x]!.filter((_, axis) => !step.axes.includes(axis));
    case "add":
    case "mul":
    case "sub":
      return shapes[step.left]!;
    case "attention":
      return [
        ...shapes[step.query]!.slice(0, -1),
        shapes[step.value]!.at(-1)!,
      ];
    case "conv2d":
      return shapes[step.x]!.with(1, shapes[step.weight]![0]!);
    case "maxPool": {
      const [height, width] = shapes[step.x]!.slice(-2) as [number, number];
      return [...shapes[step.x]!.slice(0, -2), height / 2, width / 2];
    }
    case "reshape":
      return step.shape;
    case "permute":
      return step.axes.map((axis) => shapes[step.x]![axis]!);
    default:
      return shapes[step.x]!;
  }
}
