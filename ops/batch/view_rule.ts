import { after } from "../builtin/after.ts";
import { permute } from "../builtin/permute.ts";
import { expand } from "../builtin/expand.ts";
import { reshape } from "../builtin/reshape.ts";
import { slice, SLICE_END } from "../builtin/slice.ts";
import { windows } from "../builtin/windows.ts";
import type { Node, ViewStep } from "../graph/node.ts";
import {
  alignedInput,
  type BatchCall,
  batchShape,
  wholeInput,
} from "./batch_call.ts";

/**
 * Views: what is done along the axes of an example is done along the same axes of all.
 *
 * @param call The call for one example.
 * @param step What it does.
 * @returns The views, along axis 0.
 */
export function batchView(call: BatchCall, step: ViewStep): Node {
  const { node: { inputs }, batched } = call;
  return inputs.slice(1).reduce(
    (view, before, i) => after(view, batched[i + 1] ?? before),
    viewOf(call, step),
  );
}

function viewOf(call: BatchCall, step: ViewStep): Node {
  const x = wholeInput(call, 0);
  switch (step.kind) {
    case "reshape":
      return reshape(x, batchShape(call, step.shape));
    case "permute":
      return permute(x, [0, ...step.axes.map((axis) => axis + 1)]);
    case "expand":
      return expand(
        alignedInput({ ...call, batched: [x] }, 0, step.shape.length),
        batchShape(call, step.shape),
      );
    case "slice":
      return slice(x, {
        starts: [0, ...step.starts],
        ends: [
          SLICE_END,
          ...step.starts.map((start, axis) => {
            const end = start + step.sizes[axis]! * step.steps[axis]!;
            // A number below 0 would count from the end.
            return end < 0 ? -SLICE_END : end;
          }),
        ],
        steps: [1, ...step.steps],
      });
    case "windows": {
      const { axis, size, stride, dilation } = step;
      return windows(x, { axis: axis + 1, size, stride, dilation });
    }
    default:
      return step satisfies never;
  }
}
