// Kernels on the host inside of compiled functions. The oracle is the same computation uncompiled, which
// kernels_test.ts holds against closed forms.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { isCoded } from "../core/base/mod.ts";
import { createBackend } from "../kernels/mod.ts";
import { assertClose, watchBackend } from "../testing/mod.ts";
import { compile, compileStep } from "./compile.ts";
import { tensor } from "./create.ts";
import type {
  CallableOperator,
  OperatorDefinition,
} from "./define/definition.ts";
import { kernelFailed } from "./define/errors.ts";
import {
  defineSoftsign,
  HOST_SOFTSIGN,
  softsign,
} from "./define/softsign_fixture_test.ts";
import { gradients } from "./gradients.ts";
import { makePlan } from "./realize/plan.ts";
import { realizeOn } from "./realize_tensors.ts";
import type { Tensor } from "./tensor.ts";

function define(
  definition: Partial<OperatorDefinition> = {},
): CallableOperator {
  return defineSoftsign({
    vjp: ({ inputs: [x], gradient }) => {
      const t = x!.abs().add(1);
      return [gradient.div(t.mul(t))];
    },
    ...definition,
  });
}

/** Two layers, the slope of their loss, and the weights after a step down it. */
function trainingStep(
  op: CallableOperator,
  x: Tensor,
  [w, v]: readonly [Tensor, Tensor],
) {
  const y = op(op(x.matmul(w)).matmul(v));
  const loss = y.sub(1).pow(2).mean();
  const [dw, dv] = gradients(loss, [w, v]);
  return { loss, next: [w.sub(dw!.mul(0.5)), v.sub(dv!.mul(0.5))] as const };
}

const W = tensor([[0.5, -1], [2, 0.25], [-0.75, 1]]);
const V = tensor([[1, -0.5], [0.25, 2]]);
const BATCHES = [[[1, 2, 3]], [[-1, 0.5, 2]], [[0, 4, -2]]];

async function trainUncompiled(op: CallableOperator): Promise<number[][]> {
  let weights: readonly [Tensor, Tensor] = [W, V];
  const seen: number[][] = [];
  for (const batch of BATCHES) {
    const { loss, next } = trainingStep(op, tensor(batch), weights);
    await realizeOn([loss, ...next], {});
    weights = next;
    seen.push([
      await loss.item(),
      ...await next[0].data(),
      ...await next[1].data(),
    ]);
  }
  return seen;
}

Deno.test.each([
  { name: "wasm" as const, isAsync: false },
  { name: "wasm" as const, isAsync: true },
  { name: "reference" as const, isAsync: true },
])(
  "compileStep() pauses at a kernel on the host, and trains as if uncompiled ($name, asynchronous: $isAsync)",
  async ({ name, isAsync }) => {
    const op = define(
      isAsync
        ? {
          kernels: {
            reference: async (...call) => {
              await Promise.resolve();
              return HOST_SOFTSIGN(...call);
            },
          },
        }
        : {},
    );
    const want = await trainUncompiled(op);
    await using backend = watchBackend(createBackend(name));
    const w = await W.mul(1).realize();
    const v = await V.mul(1).realize();
    using step = compileStep((x) => {
      const { loss, next } = trainingStep(op, x!, [w, v]);
      return { result: loss, updates: new Map([[w, next[0]], [v, next[1]]]) };
    }, { backend });
    let liveBuffers = 0;
    for (const [i, batch] of BATCHES.entries()) {
      const x = tensor(batch);
      const loss = await step(x);
      const got = [await loss.item(), ...await w.data(), ...await v.data()];
      assertClose(got, want[i]!, { tolerance: 1e-6 });
      loss.dispose();
      x.dispose();
      // What pauses have given is given back.
      if (i === 1) liveBuffers = backend.liveBuffers;
      if (i === 2) assertEquals(backend.liveBuffers, liveBuffers);
    }
  },
);

Deno.test("compile() computes what is needed before and after a kernel on the host once", () => {
  const op = define();
  const { loss, next } = trainingStep(op, tensor(BATCHES[0]!), [W, V]);
  const { pauses, program } = makePlan(
    [loss, ...next].map(({ node }) => node),
    { backend: "wasm" },
  );
  const products = [...pauses.map((pause) => pause.program), program]
    .map(({ steps }) =>
      steps.filter(({ kernel }) => kernel.kind === "contract").length
    );
  // One product before each call; three of the gradient after both.
  assertEquals(products, [1, 1, 3]);
});

Deno.test("compile() calls a kernel on the host once for calls that are the same, and with arguments as they are", async () => {
  const seen: number[][] = [];
  const op = define({
    kernels: {
      reference: (inputs, call) => {
        seen.push([...inputs[0]!]);
        return HOST_SOFTSIGN(inputs, call);
      },
    },
  });
  using both = compile((x, y) => [op(x!).add(op(x!)), op(y!.transpose()), x!]);
  const [twice, turned, same] = await both(
    tensor([1, 3]),
    tensor([[1, 2], [3, 4]]),
  );
  assertEquals(await twice!.array(), [1, 1.5]);
  assertClose(await turned!.data(), [1, 3, 2, 4].map(softsign), {
    tolerance: 1e-6,
  });
  assertEquals(await same!.array(), [1, 3]);
  assertEquals(seen, [[1, 3], [1, 3, 2, 4]]);
});

Deno.test("compile() says why a kernel on the host fails, and runs when it does not", async () => {
  let failure: Error | undefined;
  const op = define({
    kernels: {
      reference(...call) {
        if (failure) throw failure;
        return HOST_SOFTSIGN(...call);
      },
    },
  });
  const state = await tensor([1, 2]).realize();
  using step = compileStep((x) => {
    const y = op(state.add(x!));
    return { result: y.mul(2), updates: new Map([[state, y]]) };
  });
  failure = new Error("not today");
  const error = await assertRejects(
    () => step(tensor([0, 1])),
    TypeError,
    'Cannot compute acme:softsign by its kernel for "reference": not today',
  );
  assert(isCoded(error) && error.code === "KERNEL_FAILED");
  assertEquals(await state.array(), [1, 2]);
  // What has a code of its own keeps it.
  failure = kernelFailed("acme:gone", "reference", { reason: "unloaded" });
  await assertRejects(() => step(tensor([0, 1])), TypeError, "acme:gone");
  failure = undefined;
  assertEquals(await (await step(tensor([0, 1]))).array(), [1, 1.5]);
  assertEquals(await state.array(), [0.5, 0.75]);
});

Deno.test("compile() goes on by the plain kernel in the call in which another one fails", async () => {
  const op = define({
    kernels: {
      wasm() {
        throw new Error("out of luck");
      },
      reference: HOST_SOFTSIGN,
    },
  });
  await using backend = createBackend("wasm");
  const state = await tensor([1, 2]).realize();
  using step = compileStep((x) => ({
    result: op(x!).add(1),
    updates: new Map([[state, op(state.add(x!))]]),
  }), { backend });
  assertEquals(await (await step(tensor([0, 1]))).array(), [1, 1.5]);
  assertEquals(await state.array(), [0.5, 0.75]);
});

Deno.test("compile() reads what was there when it was called, whatever happens while a kernel on the host works", async () => {
  const gate = Promise.withResolvers<void>();
  const op = define({
    kernels: {
      reference: async (...call) => {
        await gate.promise;
        return HOST_SOFTSIGN(...call);
      },
    },
  });
  await using backend = watchBackend(createBackend("wasm"));
  const state = tensor([1, 3]);
  await realizeOn([state], { backend });
  using slow = compile((x) => op(x!).add(state).add(x!), { backend });
  using fill = compileStep((x) => ({
    result: x!.add(0),
    updates: new Map([[state, state.mul(0).add(x!)]]),
  }), { backend });
  const x = tensor([-1, 3]);
  const running = slow(x);
  x.dispose();
  await fill(tensor([100, 100]));
  gate.resolve();
  assertEquals(await (await running).array(), [-0.5, 6.75]);
  assertEquals(await state.array(), [100, 100]);
});
