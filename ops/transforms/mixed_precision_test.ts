// Rounded values are those of casts written by hand, computed on the reference; slopes are those of the same
// network in float32, within what one rounding a value may change.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { assertClose, evaluateTensors } from "../../testing/mod.ts";
import {
  defineOperator,
  gradients,
  mixedPrecision,
  printSchedule,
  randomNormal,
  type Tensor,
} from "../mod.ts";

/** Numbers of a known seed, as data. */
async function drawn(shape: readonly number[], key: number): Promise<Tensor> {
  return await randomNormal(shape, { key }).mul(0.3).realize();
}

/** What a step needs beside its operands and results, in bytes. */
function temporariesOf(tensors: readonly Tensor[]): number {
  return Number(/(\d+) bytes of temporaries/.exec(printSchedule(tensors))![1]);
}

const [x, w1, b1, w2, w3] = await Promise.all([
  drawn([32, 48], 1),
  drawn([48, 64], 2),
  drawn([64], 3),
  drawn([64, 64], 4),
  drawn([64, 8], 5),
]);

function network(): Tensor {
  const hidden = x!.matmul(w1!).add(b1!);
  const again = hidden.gelu().matmul(w2!).add(hidden);
  return again.matmul(w3!).pow(2).mean();
}

Deno.test.each([{ dtype: "bfloat16" }, { dtype: "float16" }] as const)(
  "mixedPrecision() rounds to $dtype what lies between products, and nothing else",
  async ({ dtype }) => {
    const round = (y: Tensor) => y.cast(dtype).cast("float32");
    const hidden = round(x!.matmul(w1!).add(b1!));
    const again = round(
      round(hidden.gelu()).matmul(w2!).add(hidden),
    );
    const wanted = again.matmul(w3!).pow(2).mean();
    const [got] = mixedPrecision([network()], { dtype });
    assertEquals([got!.dtype, got!.shape], ["float32", []]);
    const [there, here, unrounded] = await evaluateTensors(
      [got!, wanted, network()],
    );
    assertClose(there!.elements, here!.elements);
    assert(there!.elements[0] !== unrounded!.elements[0]);
  },
);

Deno.test.each(
  [
    { dtype: "bfloat16", relative: 2 ** -6 },
    { dtype: "float16", relative: 2 ** -9 },
  ] as const,
)(
  "mixedPrecision() to $dtype changes slopes by little",
  async ({ dtype, relative }) => {
    const parameters = [w1!, b1!, w2!, w3!];
    const [loss] = mixedPrecision([network()], { dtype });
    const got = gradients(loss!, parameters);
    const want = gradients(network(), parameters);
    for (const [i, slope] of got.entries()) {
      assertEquals(slope.dtype, "float32");
      const size = want[i]!.abs().max();
      const [there, here] = [slope.div(size), want[i]!.div(size)];
      const difference = await there.sub(here).abs().max().item();
      assert(difference < relative, `slope ${i} differs by ${difference}`);
    }
  },
);

Deno.test("mixedPrecision() halves what a deep network keeps for its slopes", async () => {
  const weights = await Promise.all(
    Array.from({ length: 12 }, (_, i) => drawn([64, 64], i)),
  );
  const input = await drawn([512, 64], 20);
  const loss = weights
    .reduce((value, weight) => value.matmul(weight).gelu(), input).mean();
  const bytes = [loss, mixedPrecision([loss], { dtype: "bfloat16" })[0]!]
    .map((each) => temporariesOf([each, ...gradients(each, weights)]));
  assert(bytes[1]! < 0.6 * bytes[0]!, bytes.join(" and "));
});

Deno.test("mixedPrecision() keeps what several tensors share, and what has no products", async () => {
  const hidden = x!.matmul(w1!);
  const [a, b, c] = mixedPrecision(
    [hidden.matmul(w2!).sum(), hidden.sum(), x!.sum()],
    { dtype: "bfloat16" },
  );
  const lines = printSchedule([a!, b!]).split("\n")[0]!;
  assert(lines.startsWith("4 kernels"), lines);
  assertEquals(await c!.item(), await x!.sum().item());
  const alone = x!.gelu().sum();
  assertEquals(
    mixedPrecision([alone], { dtype: "float16" })[0]!.node,
    alone.node,
  );
});

Deno.test("mixedPrecision() takes an operator of somebody else for none of the library's", () => {
  const matmul = defineOperator({
    name: "matmul",
    inputs: ["x", "y"],
    forward: ([x, y]) => x!.add(y!),
  });
  const sum = matmul(x!.gelu(), x!.gelu());
  assertEquals(
    mixedPrecision([sum], { dtype: "float16" })[0]!.node,
    sum.node,
  );
});

Deno.test("mixedPrecision() refuses what is no half type, and no tensor", () => {
  for (const dtype of ["float32", "int8", undefined]) {
    assertThrows(
      () => mixedPrecision([x!], { dtype: dtype as "float16" }),
      OptionError,
    );
  }
  assertThrows(
    () => mixedPrecision([5 as never], { dtype: "float16" }),
    OptionError,
  );
});
