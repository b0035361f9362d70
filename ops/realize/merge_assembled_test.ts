import { assert, assertEquals } from "@std/assert";
import {
  assertClose,
  computeElements,
  evaluateTensors,
} from "../../testing/mod.ts";
import { tensor } from "../create.ts";
import type { Node } from "../graph/node.ts";
import { Tensor } from "../tensor.ts";
import { assemble } from "../builtin/assemble.ts";
import { lower } from "./lower.ts";

const A = tensor([1, 2]);

/** Two elements in an array of five. */
function put(offset: number, { step = 1, value = 0 } = {}): Tensor {
  return new Tensor(assemble([A.node], {
    shape: [5],
    offsets: [[offset]],
    steps: [[step]],
    value,
  }));
}

function operatorOf(node: Node): string {
  return node.kind === "apply" ? node.operator.name : node.kind;
}

Deno.test.each<{ name: string; sum: Tensor; want: string }>([
  { name: "side by side", sum: put(0).add(put(2)), want: "assemble" },
  {
    name: "by turns",
    sum: put(0, { step: 2 }).add(put(1, { step: 2 })),
    want: "assemble",
  },
  { name: "that meet", sum: put(0).add(put(1)), want: "add" },
  {
    name: "around another number",
    sum: put(0, { value: 1 }).add(put(2)),
    want: "add",
  },
  {
    name: "beside something else",
    sum: put(0).add(tensor([1, 2, 3, 4, 5])),
    want: "add",
  },
])("lower() makes $want of a sum of pieces $name", async ({ sum, want }) => {
  const [node] = lower([sum.node]);
  assertEquals(operatorOf(node!), want);
  const [expected] = await evaluateTensors([sum]);
  assertClose(await computeElements(sum), expected!.elements);
});

Deno.test("lower() leaves out slices of everything and pieces that are everything", () => {
  assertEquals(lower([A.slice([[0, 2]]).node]), [A.node]);
  assertEquals(lower([A.pad([0]).node]), [A.node]);
  assert(lower([A.flip().node])[0] !== A.node);
});
