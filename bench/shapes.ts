import type { FormulaWorkload, Step } from "./workload.ts";

/**
 * Works out the shapes of a formula.
 *
 * @param workload The formula.
 * @returns The shape of each value: first the inputs, then the steps.
 */
export function shapesOf(
  { inputs, steps }: FormulaWorkload,
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
    default:
      return shapes[step.x]!;
  }
}
