// Oracle: the same computation where nothing falls back.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type Coded, isCoded } from "../../core/base/mod.ts";
import { type Backend, createBackend, nextBackend } from "../../kernels/mod.ts";
import { watchBackend } from "../../testing/mod.ts";
import { compile } from "../compile.ts";
import { tensor } from "../create.ts";
import { defineOperator } from "../define_operator.ts";
import type { Operator } from "../graph/node.ts";
import { realizeOn } from "../realize_tensors.ts";
import { OperatorRegistry } from "../registry.ts";
import {
  type BackendFallback,
  observeFallbacks,
  setFallbackMode,
} from "./fallbacks.ts";

const DETAIL = "Cannot compile a kernel: it is picky";

class Refusal extends Error implements Coded {
  readonly code = "KERNEL_REFUSED";
  readonly details = {};

  constructor() {
    super(DETAIL);
    this.name = "Refusal";
  }
}

/** A backend that refuses every program, and counts them. */
function refusing(
  plain: Backend,
): { readonly backend: Backend; refusals(): number } {
  let refusals = 0;
  const backend = watchBackend(plain, {
    onCall(call) {
      if (call !== "compile") return;
      refusals++;
      throw new Refusal();
    },
  });
  return {
    backend: Object.assign(backend, { name: "picky" }),
    refusals: () => refusals,
  };
}

/** Twice x, by a kernel for each backend that is named; `fails` throws. */
function twice(
  name: string,
  { backends, fails = [], forward }: {
    readonly backends: readonly ("reference" | "wasm")[];
    readonly fails?: readonly string[];
    readonly forward?: true;
  },
): Operator & { readonly name: string } {
  return defineOperator({
    name,
    inputs: ["x"],
    infer: ([x]) => x!,
    kernels: Object.fromEntries(backends.map((backend) => [
      backend,
      ([x]: readonly ArrayLike<number>[]) => {
        if (fails.includes(backend)) throw new Error(`no luck on ${backend}`);
        return Float32Array.from(x!, (each) => 2 * each);
      },
    ])),
    ...forward && { forward: ([x]) => x!.add(x!) },
  });
}

function hear(): { readonly heard: BackendFallback[] } & Disposable {
  const heard: BackendFallback[] = [];
  const observation = observeFallbacks((one) => void heard.push(one));
  return { heard, [Symbol.dispose]: () => observation[Symbol.dispose]() };
}

Deno.test("realizeOn() computes on the next backend what one refuses, and tells", async () => {
  await using plain = createBackend("reference");
  const { backend } = refusing(plain);
  using ear = hear();
  const y = tensor([1, 4]).sqrt();
  await realizeOn([y], { backend });
  assertEquals(await y.array(), [1, 2]);
  assertEquals(ear.heard, [{
    operator: "sqrt",
    backend: "picky",
    reason: "FEATURE_MISSING",
    detail: DETAIL,
    chosen: "wasm",
  }]);
});

Deno.test("realizeOn() refuses to fall back where it is told to", async () => {
  await using plain = createBackend("reference");
  const y = tensor([1, 4]).sqrt();
  const error = await assertRejects(() =>
    realizeOn([y], { ...refusing(plain), fallback: "error" })
  );
  assert(isCoded(error) && error.code === "DISPATCH_FAILED");
  assertEquals(error.details, {
    operator: "sqrt",
    rejected: [{
      backend: "picky",
      reason: "FEATURE_MISSING",
      detail: DETAIL,
    }],
  });
  assertEquals(await y.array(), [1, 2]);
});

Deno.test("compile() finds the backend that computes a function once", async () => {
  await using plain = createBackend("reference");
  const { backend, refusals } = refusing(plain);
  using ear = hear();
  let calls = 0;
  using root = compile((x) => (calls++, x!.sqrt()), { backend });
  assertEquals(await (await root(tensor([1, 4]))).array(), [1, 2]);
  assertEquals(await (await root(tensor([9, 16]))).array(), [3, 4]);
  assertEquals([calls, refusals(), ear.heard.length], [1, 1, 1]);
  using strict = compile((x) => x!.sqrt(), { backend, fallback: "error" });
  const error = await assertRejects(() => strict(tensor([1])));
  assert(isCoded(error) && error.code === "DISPATCH_FAILED");
});

Deno.test("a kernel that fails is passed over, told and explained", async () => {
  const operator = twice("acme:unlucky", {
    backends: ["wasm"],
    fails: ["wasm"],
    forward: true,
  });
  const registry = new OperatorRegistry();
  registry.register(operator);
  const x = tensor([1, 2]);
  using ear = hear();
  for (let i = 0; i < 2; i++) {
    const [y] = registry.execute("acme:unlucky", [x.add(i)]);
    await realizeOn([y!], {});
    assertEquals(await y!.array(), [2 + 2 * i, 4 + 2 * i]);
  }
  const told = {
    backend: "wasm",
    reason: "KERNEL_DISABLED",
    detail: "no luck on wasm",
  } as const;
  const fallback = { ...told, operator: "acme:unlucky", chosen: "wasm" };
  assertEquals(ear.heard, [fallback, fallback]);
  const { chosen, rejected } = registry.explainDispatch("acme:unlucky", [x]);
  assertEquals(chosen, { backend: "wasm", via: "composite" });
  assertEquals(rejected.slice(0, 1), [told]);
});

Deno.test("a backend that an operator has no kernel for is told, or refused", async () => {
  const operator = twice("acme:elsewhere", { backends: ["reference"] });
  const registry = new OperatorRegistry();
  registry.register(operator);
  using ear = hear();
  const [y] = registry.execute("acme:elsewhere", [tensor([3])]);
  const error = await assertRejects(() =>
    realizeOn([y!], { fallback: "error" })
  );
  assert(isCoded(error) && error.code === "DISPATCH_FAILED");
  assertEquals(ear.heard, []);
  assertEquals(await y!.array(), [6]);
  assertEquals(ear.heard, [{
    operator: "acme:elsewhere",
    backend: "wasm",
    reason: "NO_KERNEL",
    detail: "it has kernels for reference only",
    chosen: "reference",
  }]);
});

Deno.test("setFallbackMode() decides for whoever does not say otherwise", async () => {
  await using plain = createBackend("reference");
  const { backend } = refusing(plain);
  const y = tensor([4]).sqrt();
  assertEquals(setFallbackMode("error"), "next");
  try {
    const error = await assertRejects(() => realizeOn([y], { backend }));
    assert(isCoded(error) && error.code === "DISPATCH_FAILED");
    await realizeOn([y], { backend, fallback: "next" });
  } finally {
    assertEquals(setFallbackMode("next"), "error");
  }
  assertEquals(await y.array(), [2]);
  for (const mode of ["nope", null, undefined, 1]) {
    const error = assertThrows(() => setFallbackMode(mode as never));
    assert(isCoded(error) && error.code === "INVALID_OPTION");
  }
});

Deno.test("nextBackend() ends with the reference, and makes each once", async () => {
  await using plain = createBackend("reference");
  const wasm = nextBackend(refusing(plain).backend)!;
  assertEquals(wasm.name, "wasm");
  const reference = nextBackend(wasm)!;
  assertEquals(reference.name, "reference");
  assert(nextBackend(wasm) === reference);
  assertEquals(nextBackend(reference), undefined);
});
