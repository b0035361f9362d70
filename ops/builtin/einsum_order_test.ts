import { assertEquals } from "@std/assert";
import { einsumOrder, type Order } from "./einsum_order.ts";
import { parseEinsum } from "./einsum_spec.ts";

function orderOf(spec: string, shapes: readonly (readonly number[])[]): Order {
  return einsumOrder(parseEinsum(spec, shapes));
}

// Expected orders: the textbook example of matrix chains (Cormen et al., §15.2), whose best
// parenthesization is ((A1 (A2 A3)) ((A4 A5) A6)) with 15,125 multiplications.
Deno.test("einsumOrder() multiplies a chain of matrices as the textbook does", () => {
  const sizes = [30, 35, 15, 5, 10, 20, 25];
  const shapes = sizes.slice(1).map((size, i) => [sizes[i]!, size]);
  assertEquals(orderOf("ab,bc,cd,de,ef,fg->ag", shapes), [
    [0, [1, 2]],
    [[3, 4], 5],
  ]);
});

Deno.test("einsumOrder() multiplies by a vector first", () => {
  const square = [10, 10];
  assertEquals(orderOf("ij,jk,k->i", [square, square, [10]]), [0, [1, 2]]);
  assertEquals(orderOf("i,ij,jk->k", [[10], square, square]), [[0, 1], 2]);
});

Deno.test("einsumOrder() of one and of two operands", () => {
  assertEquals(orderOf("ij", [[2, 2]]), 0);
  assertEquals(orderOf("i,i", [[2], [2]]), [0, 1]);
});

// Beyond the search: the cost of a chain times a vector stays that of products with vectors.
Deno.test("einsumOrder() of many operands goes on from the vector", () => {
  const spec = "ab,bc,cd,de,ef,fg,gh,hi,i->a";
  const shapes = spec.split("->")[0]!.split(",").map((term) =>
    [...term].map(() => 50)
  );
  function depth(order: Order): number {
    return typeof order === "number" ? 0 : 1 + Math.max(...order.map(depth));
  }
  assertEquals(depth(orderOf(spec, shapes)), 8);
});
