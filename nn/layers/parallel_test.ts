import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { type Tensor, tensor } from "../../ops/mod.ts";
import { Module } from "../module.ts";
import { Linear } from "./linear.ts";
import { type Merge, Parallel } from "./parallel.ts";
import { Relu } from "./relu.ts";
import { Residual } from "./residual.ts";

class Times extends Module {
  readonly factor: number;

  constructor(factor: number) {
    super();
    this.factor = factor;
  }

  override forward(x: Tensor): Tensor {
    return x.mul(this.factor);
  }
}

const X = tensor([[1, -2]]);

Deno.test.each<{ merge: Merge; want: number[][] | number[][][] }>([
  { merge: "add", want: [[5, -10]] },
  { merge: "mul", want: [[6, 24]] },
  { merge: "mean", want: [[2.5, -5]] },
  { merge: "max", want: [[3, -4]] },
  { merge: "concat", want: [[2, -4, 3, -6]] },
  { merge: "stack", want: [[[2, 3], [-4, -6]]] },
])("Parallel merges by $merge", async ({ merge, want }) => {
  const sides = new Parallel([new Times(2), new Times(3)], { merge });
  assertEquals(await sides.forward(X).array(), want);
});

Deno.test("Parallel names parameters after places or keys", () => {
  const linear = () => new Linear({ inFeatures: 2, outFeatures: 2 });
  const listed = new Parallel([linear(), linear()], { merge: "add" });
  assertEquals([...listed.children().keys()], ["0", "1"]);
  const paths = new Map([["a", linear()], ["b", linear()]]);
  const named = new Parallel(paths, { merge: "add" });
  assertEquals([...named.parameters().keys()], [
    "a.weight",
    "a.bias",
    "b.weight",
    "b.bias",
  ]);
});

Deno.test("Parallel rejects no paths and merges that there are not", () => {
  assertThrows(() => new Parallel([], { merge: "add" }), OptionError);
  const merge: Merge = JSON.parse('"product"');
  const error = assertThrows(
    () => new Parallel([new Relu()], { merge }),
    OptionError,
  );
  assertEquals(error.code, "INVALID_OPTION");
});

Deno.test("Residual adds what its module gives", async () => {
  assertEquals(await new Residual(new Times(3)).forward(X).array(), [[4, -8]]);
});
