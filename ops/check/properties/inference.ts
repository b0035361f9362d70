import {
  broadcastShapes,
  equalShapes,
  type Shape,
  sizeOf,
} from "../../../core/base/mod.ts";
import { decompose } from "../../decompose.ts";
import {
  type ApplyNode,
  type Node,
  placeholder,
  type TensorType,
} from "../../graph/node.ts";
import { applyStep, wholeView } from "../../realize/view.ts";
import { computeOn, record } from "../compute.ts";
import type { Property } from "../property.ts";

const ADVICE =
  "let inference give the dtype and shape of what is computed; leave it out where there is a forward function, whose trace gives both";

/** What inference says is what is computed, whatever the elements are. */
export const inferenceProperty: Property = {
  name: "inference",
  cases: ["samples", "dtypes", "empty"],
  async check(call, { operator, reference }) {
    const node = record(operator, call) as ApplyNode;
    const bare = record(
      operator,
      call,
      call.inputs.map((type, i) => placeholder(`${i}`, type)),
    );
    if (!equalTypes(node.type, bare.type)) {
      return {
        problem: `found ${typeText(bare)} without elements, wanted ${
          typeText(node)
        } as with them`,
        advice: "let inference look at dtypes, shapes and attributes only",
      };
    }
    const shape = shapeByDescription(node);
    if (shape && !equalShapes(shape, node.type.shape)) {
      return {
        problem:
          `found [${shape}] computed, wanted [${node.type.shape}] as inferred`,
        advice: ADVICE,
      };
    }
    const [elements] = await computeOn(reference, [node]);
    const size = sizeOf(node.type.shape);
    return elements!.length === size ? {} : {
      problem: `found ${elements!.length} elements, wanted ${size} as inferred`,
      advice: ADVICE,
    };
  },
};

/** The shape of what is computed, where the operator's own description tells it. */
function shapeByDescription(
  { operator, inputs, attributes, type }: ApplyNode,
): Shape | undefined {
  const call = {
    inputs: inputs.map((input) => input.type),
    output: type,
    attributes,
  };
  // Compares the types itself.
  if (operator.kind === "composite") {
    return decompose(operator, { inputs, attributes, type }).type.shape;
  }
  if (operator.kind === "host") {
    return operator.fallback?.(inputs, attributes).type.shape;
  }
  switch (operator.lowering.kind) {
    case "elementwise":
      return call.inputs.reduce<Shape>(
        (shape, input) => broadcastShapes(operator.name, shape, input.shape),
        [],
      );
    case "view":
      return applyStep(
        wholeView(call.inputs[0]!.shape),
        operator.lowering.step(call),
      )?.shape;
    default:
      // Kernels of the other kinds are made for the shape that was inferred.
      return undefined;
  }
}

function equalTypes(a: TensorType, b: TensorType): boolean {
  return a.dtype === b.dtype && equalShapes(a.shape, b.shape);
}

function typeText({ type: { dtype, shape } }: Node): string {
  return `${dtype}[${shape}]`;
}
