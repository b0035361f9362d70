import { assert, assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
  randomArray,
} from "../../testing/mod.ts";
import { compile } from "../compile.ts";
import { tensor } from "../create.ts";
import { randomUniform } from "../create_random.ts";
import { gradients } from "../gradients.ts";
import { makePlan } from "../realize/plan.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorFunction } from "./call_fresh.ts";
import { checkpoint } from "./checkpoint.ts";
import { grad } from "./grad.ts";
import { jvp } from "./jvp.ts";
import { vmap } from "./vmap.ts";

const X = tensor([0.3, -0.7, 1.1]);

function curve(x: Tensor): Tensor {
  return x.sin().mul(x.exp()).tanh();
}

/** Bytes of temporaries of a plan for some tensors. */
function temporaryBytes(tensors: readonly Tensor[]): number {
  const { program } = makePlan(tensors.map(({ node }) => node));
  return program.temporaries.reduce((sum, bytes) => sum + bytes, 0);
}

Deno.test("checkpoint() gives the same value and the same gradients of any order", async () => {
  const plain = (x: Tensor) => curve(curve(x)).sum();
  const saving = checkpoint((x) => curve(x!));
  const wrapped = (x: Tensor) => saving(saving(x)).sum();
  const results: ((fn: (x: Tensor) => Tensor) => Tensor)[] = [
    (fn) => fn(X),
    (fn) => grad(fn)(X),
    (fn) => grad((x) => grad(fn)(x!).mul(x!).sum())(X),
    (fn) => jvp(fn, [X], [X]).tangent,
    (fn) => jvp(grad(fn), [X], [X]).tangent,
  ];
  for (const result of results) {
    assertClose(
      await computeElements(result(wrapped)),
      await computeElements(result(plain)),
      { tolerance: 1e-12 },
    );
  }
  await assertGradients((x) => grad(wrapped)(x!), [X]);
});

Deno.test("checkpoint() can be batched and compiled", async () => {
  const saving = checkpoint((x) => curve(x!));
  const rows = tensor([[0.1, 0.2, 0.3], [1, -1, 2]]);
  const slopes = vmap(grad((x) => saving(x!).sum()));
  const want = await computeElements(vmap(grad((x) => curve(x!).sum()))(rows));
  assertClose(await computeElements(slopes(rows)), want, { tolerance: 1e-12 });
  const batched = grad((rows) => vmap(saving)(rows!).sum())(rows);
  assertClose(await computeElements(batched), want, { tolerance: 1e-12 });
  using step = compile(slopes);
  assertClose(await (await step(rows)).data(), want, { tolerance: 1e-5 });
});

Deno.test("checkpoint() passes gradients to what its function closes over", async () => {
  const [w, b] = [tensor([2, 3, 4]), tensor([1, 1, 1])];
  const layer = checkpoint((x) => x!.mul(w.mul(w)).add(b).sin());
  const loss = (layer: TensorFunction) => layer(layer(X)).sum();
  const plain = loss((x) => x!.mul(w.mul(w)).add(b).sin());
  const found = gradients(loss(layer), [X, w, b]);
  for (const [i, want] of gradients(plain, [X, w, b]).entries()) {
    assertClose(
      await computeElements(found[i]!),
      await computeElements(want),
      { tolerance: 1e-12 },
    );
  }
});

Deno.test("checkpoint() calls its function once, and draws the same random numbers again", async () => {
  let calls = 0;
  const layer = checkpoint((x) => {
    calls++;
    const mask = randomUniform([3], { key: calls }).less(0.5);
    return mask.where(x!.mul(x!), 0);
  });
  const y = layer(X);
  const [slope] = gradients(y.sum(), [X]);
  const kept = (await y.data()).map((value) => Number(value !== 0));
  const x = await X.data();
  assertClose(await slope!.data(), kept.map((one, i) => 2 * one * x[i]!));
  assertEquals(calls, 1);
});

Deno.test("checkpoint() lowers the memory of a plan to what goes into its parts", () => {
  const [rows, width, layers, parts] = [64, 32, 4, 8];
  const matrix = (seed: number, height: number) =>
    tensor(randomArray(height * width, seed), { shape: [height, width] });
  const weights = Array.from(
    { length: layers * parts },
    (_, i) => matrix(i, width),
  );
  const x = matrix(99, rows);
  function lossOf(wrap: (fn: TensorFunction) => TensorFunction): Tensor {
    let y = x;
    for (let part = 0; part < parts; part++) {
      const own = weights.slice(part * layers, (part + 1) * layers);
      y = wrap((x) => own.reduce((y, w) => y.matmul(w).tanh(), x!))(y);
    }
    return y.mul(y).mean();
  }
  const [plain, saving] = [(fn: TensorFunction) => fn, checkpoint].map(
    (wrap) => {
      const loss = lossOf(wrap);
      return temporaryBytes([loss, ...gradients(loss, weights)]);
    },
  ) as [number, number];
  const activation = 4 * rows * width;
  // Without it each layer's output is kept.
  assert(plain >= layers * parts * activation, `${plain} bytes`);
  // With it what goes into each part, what one part computes on its way, and a few gradients.
  assert(saving <= (layers + parts + 3) * activation, `${saving} bytes`);
});

Deno.test("checkpoint() computes nothing twice where nothing would be kept", () => {
  const saving = checkpoint((x) => curve(x!));
  // The gradient of the sum is a number: what it needs is there.
  const loss = saving(X).sum();
  const plain = curve(X).sum();
  const [steps, wanted] = [loss, plain].map((loss) =>
    makePlan([loss, gradients(loss, [X])[0]!].map(({ node }) => node))
      .program.steps.length
  );
  assertEquals(steps, wanted);
});

Deno.test("checkpoint() takes functions that give one tensor", () => {
  const wrong: unknown = 3;
  assertThrows(() => checkpoint(wrong as TensorFunction), OptionError);
  const list = (x: Tensor) => [x];
  assertThrows(
    () => checkpoint(list as unknown as TensorFunction)(X),
    OptionError,
    "one tensor",
  );
  assertThrows(() => checkpoint((x) => x!)(wrong as Tensor), OptionError);
});
