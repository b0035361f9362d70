import { assert, assertEquals, assertRejects } from "@std/assert";
import { createBackend } from "../kernels/mod.ts";
import { watchBackend } from "../testing/mod.ts";
import { tensor, zeros } from "./create.ts";
import { TensorError } from "./errors.ts";
import { placeholder } from "./graph/node.ts";
import { realize, realizeOn } from "./realize_tensors.ts";
import { Tensor } from "./tensor.ts";

Deno.test("realize() computes tensors and gives them back", async () => {
  const x = tensor([1, 2]);
  const [y, z] = [x.add(1), x.mul(2)];
  const realized = await realize(y, z, x);
  assertEquals(realized, [y, z, x]);
  for (const { node } of realized) assertEquals(node.kind, "data");
  assertEquals(await y.array(), [2, 3]);
  assertEquals(await z.array(), [2, 4]);
});

Deno.test("realize() turns a constant into data", async () => {
  const x = zeros([2]);
  await realize(x);
  assertEquals(x.node.kind, "data");
  assertEquals(await x.array(), [0, 0]);
});

Deno.test("realizeOn() computes all tensors in one run, on its backend", async () => {
  let runs = 0;
  await using backend = watchBackend(createBackend("reference"), {
    onCall: (call) => void (call === "run" && runs++),
  });
  const shared = tensor([1, 2]).exp();
  const [y, z] = [shared.sum(), shared.mul(2)];
  await realizeOn([y, z], { backend });
  assertEquals(runs, 1);
  for (const { node } of [y, z]) {
    assert(node.kind === "data");
    assertEquals(node.storage.backend, backend);
  }
  // What has been computed is not computed again.
  await realizeOn([y, z, z], { backend });
  assertEquals(runs, 1);
});

Deno.test("realizeOn() of one tensor twice, and of nothing", async () => {
  await using backend = watchBackend(createBackend("reference"));
  assertEquals(await realizeOn([], { backend }), []);
  const y = tensor([1]).add(1);
  const twin = new Tensor(y.node);
  await realizeOn([y, y, twin], { backend });
  assertEquals(backend.liveBuffers, 2);
  assertEquals(y.node, twin.node);
});

Deno.test("realizeOn() gives each tensor elements of its own", async () => {
  await using backend = watchBackend(createBackend("reference"));
  const x = tensor([1, 2]);
  // All of them have the elements of x, and two of them are the same call.
  const same = [x.reshape([2, 1]), x.add(0), x.exp(), x.exp()];
  await realizeOn(same, { backend });
  assertEquals(backend.liveBuffers, 5);
  same[0]!.dispose();
  same[2]!.dispose();
  assertEquals(await x.array(), [1, 2]);
  assertEquals(await same[1]!.array(), [1, 2]);
  assertEquals(await same[3]!.array(), [Math.exp(1), Math.exp(2)]);
});

Deno.test("realizeOn() rejects what has no elements", async () => {
  await using backend = createBackend("reference");
  const x = new Tensor(placeholder("x", { dtype: "float32", shape: [] }));
  for (const y of [x, x.add(1)]) {
    const error = await assertRejects(
      () => realizeOn([y], { backend }),
      TensorError,
      'Cannot compute placeholder "x"',
    );
    assertEquals(error.code, "PLACEHOLDER_UNBOUND");
  }
});
