import { assertEquals } from "@std/assert";
import { computeElements, evaluateTensors } from "../../testing/mod.ts";
import { ones, tensor } from "../create.ts";
import { gradients } from "../gradients.ts";
import { makePlan } from "../realize/plan.ts";
import { Tensor } from "../tensor.ts";
import { after } from "./after.ts";

function put(x: Tensor, before: Tensor): Tensor {
  return new Tensor(after(x.node, before.node));
}

/** How many matrix products are computed for a tensor. */
function productsIn({ node }: Tensor): number {
  const { steps } = makePlan([node]).program;
  return steps.filter(({ kernel }) => kernel.kind === "contract").length;
}

Deno.test("after() gives the same elements, and passes gradients to them alone", async () => {
  const [x, before] = [tensor([1, 2]), tensor([[5]])];
  const y = put(x, before);
  assertEquals(await y.array(), [1, 2]);
  const [want] = await evaluateTensors([y]);
  assertEquals([...want!.elements], [1, 2]);
  const [dx, dBefore] = gradients(y.mul(y).sum(), [x, before]);
  assertEquals([...await computeElements(dx!)], [2, 4]);
  assertEquals([...await computeElements(dBefore!)], [0]);
});

Deno.test("after() keeps apart what would be computed once", () => {
  const x = tensor([[1, 2], [3, 4]]);
  const product = x.matmul(x);
  const again = put(x, product);
  assertEquals(productsIn(product.add(again.matmul(again))), 2);
});

Deno.test("after() computes what comes before only if somebody reads it", () => {
  const x = tensor([[1, 2], [3, 4]]);
  const root = put(x, x.matmul(x).cumsum(0).softmax()).sum();
  assertEquals(makePlan([root.node]).program.steps.length, 1);
});

Deno.test("after() does not wait for a number", () => {
  const x = tensor([[1, 2], [3, 4]]);
  const product = x.matmul(x);
  const again = put(x, ones([2]));
  assertEquals(productsIn(product.add(again.matmul(again))), 1);
});
