// Kernels that say which calls they compute. The oracle is the function that stands beside them.

import { assertEquals, assertRejects } from "@std/assert";
import { createBackend } from "../../kernels/mod.ts";
import { compile } from "../compile.ts";
import { tensor } from "../create.ts";
import {
  defineSoftsign,
  HOST_SOFTSIGN,
} from "../define/softsign_fixture_test.ts";
import { TensorError } from "../errors.ts";
import type { HostKernel } from "../graph/node.ts";
import { realizeOn } from "../realize_tensors.ts";
import { OperatorRegistry } from "../registry.ts";
import { type BackendFallback, observeFallbacks } from "./fallbacks.ts";

const PAIR = tensor([1, -3]);
const THREE = tensor([1, -3, 0]);

/** A kernel for pairs, and how often it was run. */
function pairKernel(): { kernel: HostKernel; runs: { count: number } } {
  const runs = { count: 0 };
  const run: HostKernel = (...call) => {
    runs.count++;
    return HOST_SOFTSIGN(...call);
  };
  const supports: HostKernel["supports"] = ({ inputs: [x] }) =>
    x?.shape[0] === 2;
  return { kernel: Object.assign(run, { supports }), runs };
}

Deno.test("operators: a candidate is refused for SHAPE_UNSUPPORTED (`supports` said no), and the composite computes the call", async () => {
  await using backend = createBackend("wasm");
  const { kernel, runs } = pairKernel();
  const op = defineSoftsign({
    kernels: { wasm: kernel },
    forward: ([x]) => x!.div(x!.abs().add(1)),
  });
  const registry = new OperatorRegistry({ backends: () => [backend] });
  registry.register(op);
  const heard: BackendFallback[] = [];
  using _ = observeFallbacks((fallback) => void heard.push(fallback));
  const results = await realizeOn([op(PAIR), op(THREE)], { backend });
  assertEquals(await results[0]!.array(), [0.5, -0.75]);
  assertEquals(await results[1]!.array(), [0.5, -0.75, 0]);
  assertEquals(runs.count, 1);
  const rejection = {
    backend: "wasm",
    reason: "SHAPE_UNSUPPORTED",
    detail: "its kernel for wasm does not support float32[3]",
  } as const;
  assertEquals(heard, [{
    operator: "acme:softsign",
    ...rejection,
    chosen: "wasm",
  }]);
  const dispatch = registry.explainDispatch("acme:softsign", [THREE]);
  assertEquals(dispatch.chosen, { backend: "wasm", via: "composite" });
  assertEquals(dispatch.rejected[0], rejection);
  const fits = registry.explainDispatch("acme:softsign", [PAIR]);
  assertEquals(fits.chosen, { backend: "wasm", via: "kernel" });
  const compiled = compile((x) => op(x!));
  assertEquals(await (await compiled(THREE)).array(), [0.5, -0.75, 0]);
});

Deno.test("operators: what no kernel supports goes to the plain one, and is refused where that says no", async () => {
  await using backend = createBackend("wasm");
  const { kernel, runs } = pairKernel();
  const helped = defineSoftsign({
    kernels: { wasm: kernel, reference: HOST_SOFTSIGN },
  });
  const [y] = await realizeOn([helped(THREE)], { backend });
  assertEquals(await y!.array(), [0.5, -0.75, 0]);
  assertEquals(runs.count, 0);
  const alone = defineSoftsign({ kernels: { reference: kernel } });
  assertEquals(await alone(PAIR).array(), [0.5, -0.75]);
  const error = await assertRejects(
    () => realizeOn([alone(THREE)], { backend }),
    TensorError,
    'found on "reference" SHAPE_UNSUPPORTED (its kernel for reference does not support float32[3]), and nothing else does',
  );
  assertEquals(error.code, "DISPATCH_FAILED");
});
