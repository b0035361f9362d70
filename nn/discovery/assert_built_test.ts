import { assertEquals, assertThrows } from "@std/assert";
import { zeros } from "../../ops/mod.ts";
import { NnError } from "../errors.ts";
import { Relu } from "../layers/relu.ts";
import { Sgd } from "../optimizers/sgd.ts";
import { EarlyStopping } from "../train/early_stopping.ts";
import { assertBuilt } from "./assert_built.ts";
import type { BuiltKind } from "./category.ts";
import type { Built } from "./definition.ts";

const LOSS = () => zeros([]);

Deno.test.each<{ kind: BuiltKind; built: Built }>([
  { kind: "module", built: new Relu() },
  { kind: "loss", built: LOSS },
  { kind: "optimizer", built: new Sgd() },
  { kind: "callback", built: new EarlyStopping({ patience: 1 }) },
])("assertBuilt() tells a $kind from all others", ({ kind, built }) => {
  assertEquals(assertBuilt<BuiltKind>("x", built, kind), built);
  for (const other of ["module", "loss", "optimizer", "callback"] as const) {
    if (other === kind) continue;
    const error = assertThrows(() => assertBuilt("x", built, other), NnError);
    assertEquals(error.code, "MODULE_FACTORY_FAILED");
  }
});

Deno.test.each([
  { part: "learningRate" },
  { part: "initialState" },
  { part: "update" },
])("assertBuilt() misses the $part of an optimizer", ({ part }) => {
  const sgd = new Sgd();
  const broken: Built = Object.assign({
    learningRate: sgd.learningRate,
    initialState: sgd.initialState,
    update: sgd.update,
  }, { [part]: "none" });
  assertThrows(() => assertBuilt("x", broken, "optimizer"), NnError);
});
