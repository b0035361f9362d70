import { assert, assertEquals, assertThrows } from "@std/assert";
import { BackendError, createBackend } from "../../kernels/mod.ts";
import { tensor } from "../create.ts";
import { OperatorBuilder } from "../define/operator_builder.ts";
import { TensorError } from "../errors.ts";
import { OperatorRegistry } from "../registry.ts";

const square = new OperatorBuilder("acme:square", 1, 1)
  .withForward(([x]) => x!.mul(x!)).build();
const normalize = new OperatorBuilder("acme:normalize", 1, 1)
  .withAttribute("floor", "number", 1e-8)
  .withForward(([x], { floor }) =>
    x!.div(x!.mul(x!).sum().sqrt().maximum(Number(floor)))
  ).build();

Deno.test("OperatorRegistry.explainDispatch() gives a reason for each backend, and runs nothing", async () => {
  await using plain = createBackend("reference");
  const picky = Object.assign(Object.create(plain), {
    name: "picky",
    refuses: () => "it has no square roots",
  });
  const registry = new OperatorRegistry({ backends: () => [picky] });
  registry.register(normalize);
  const x = tensor([[1, 2], [3, 4]]);
  assertEquals(registry.explainDispatch("acme:normalize", [x], "picky"), {
    operator: "acme:normalize",
    version: "1.0.0",
    chosen: { backend: "wasm", via: "composite" },
    alternatives: [{ backend: "reference", via: "reference" }],
    rejected: [
      {
        backend: "picky",
        reason: "FEATURE_MISSING",
        detail: "it has no square roots",
      },
      {
        backend: "webgpu",
        reason: "BACKEND_UNAVAILABLE",
        detail: 'backend "webgpu" is not among those in use here',
      },
    ],
  });
  const dispatch = registry.explainDispatch("acme:normalize", [x], {
    attributes: { floor: 2 },
  });
  assertEquals(dispatch.chosen?.backend, "wasm");
  const real = new OperatorRegistry();
  assertEquals(real.explainDispatch("add", [x, 1]).chosen, {
    backend: "wasm",
    via: "kernel",
  });
  assertEquals(real.explainDispatch("add", [x, 1], "CPU").alternatives, [{
    backend: "reference",
    via: "reference",
  }]);
  assertThrows(
    () => real.explainDispatch("nope", [x]),
    TensorError,
    'Cannot find operator "nope"',
  );
});

Deno.test("operators: labels CUDA listed but not runnable", () => {
  const registry = new OperatorRegistry();
  registry.register(
    new OperatorBuilder("acme:label", 1, 1)
      .withBackend("CUDA").withBackend("WGPU").withBackend("CUDA")
      .withForward(([x]) => x!).build(),
  );
  registry.register(square);
  const names = (backend: string, runnable = false) =>
    registry.findByBackend(backend, { runnable }).map(({ name }) => name);
  assertEquals(registry.describe("acme:label").backends, ["CUDA", "WGPU"]);
  assertEquals(names("cuda"), ["acme:label"]);
  assertEquals(names("cuda", true), []);
  assert(names("webgpu").includes("acme:label"));
  assert(!names("wasm").includes("acme:label"));
  // What it is written out in runs there, whatever its labels say.
  assert(names("wasm", true).includes("acme:label"));
  assert(names("CPU").includes("acme:square") && names("Wasm").includes("add"));
  const { chosen, rejected } = registry.explainDispatch(
    "acme:label",
    [tensor([1])],
    "CUDA",
  );
  assertEquals(chosen?.backend, "wasm");
  assertEquals(rejected[0], {
    backend: "cuda",
    reason: "BACKEND_UNAVAILABLE",
    detail: '"cuda" is a label only: no backend has that name',
  });
});

Deno.test("OperatorRegistry.findByBackend() finds something where explainDispatch() knows the backend, else nothing", async () => {
  await using plain = createBackend("reference");
  const own = Object.assign(Object.create(plain), { name: "own" });
  const registry = new OperatorRegistry({ backends: () => [own] });
  registry.register(
    new OperatorBuilder("acme:label", 1, 1)
      .withBackend("CUDA").withForward(([x]) => x!).build(),
  );
  const x = tensor([1]);
  for (const backend of ["own", "cuda", "CPU", "wgpu", "reference"]) {
    assert(registry.findByBackend(backend).length > 0, backend);
    registry.explainDispatch("neg", [x], backend);
  }
  assertEquals(registry.findByBackend("tpu"), []);
  const unknown = assertThrows(
    () => registry.explainDispatch("acme:label", [x], "tpu"),
    BackendError,
    'Cannot find backend "tpu"',
  );
  assertEquals(unknown.code, "BACKEND_UNKNOWN");
  assert(registry.findByBackend("own", { runnable: true }).length > 0);
  assertEquals(registry.explainDispatch("neg", [x], "cuda").rejected[0], {
    backend: "cuda",
    reason: "BACKEND_UNAVAILABLE",
    detail: '"cuda" is a label only: no backend has that name',
  });
});
