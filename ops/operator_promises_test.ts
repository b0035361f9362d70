// What definitions of operators promise beyond what they compute, one test each.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { z } from "zod";
import { isCoded } from "../core/base/mod.ts";
import { tensor } from "./create.ts";
import { OperatorBuilder } from "./define/operator_builder.ts";
import { defineOperator } from "./define_operator.ts";
import { TensorError } from "./errors.ts";
import { gradients } from "./gradients.ts";
import type { Attributes } from "./graph/node.ts";

Deno.test("operators: a null gradient means zero, allowed for integer inputs only", async () => {
  const scaled = new OperatorBuilder("acme:scaled", 2, 1)
    .withForward(([x, times]) => x!.mul(times!))
    .withBackward(([, times], _, [g]) => [g!.mul(times!), null]).build();
  const x = tensor([1, 2]);
  const times = tensor([3, 4], { dtype: "int32" });
  const passed = scaled.backward([x, times], [scaled(x, times)], [x]);
  assertEquals(
    await Promise.all(passed.map((gradient) => gradient.array())),
    [[3, 8], [0, 0]],
  );
  const y = tensor([3, 4]);
  // Nobody asks for what is left out.
  const [slope] = gradients(scaled(x, y).sum(), [x]);
  assertEquals(await slope!.array(), [3, 4]);
  const error = assertThrows(
    () => gradients(scaled(x, y).sum(), [y]),
    TensorError,
  );
  assertEquals(error.code, "GRADIENT_SHAPE_MISMATCH");
});

Deno.test("operators: attributes are JSON values, zod-typed if a schema is given", () => {
  const clip = defineOperator({
    name: "acme:clip",
    inputs: ["x"],
    attributes: {
      to: { kind: "number", default: 1, schema: z.number().positive() },
      axes: { kind: "integers", schema: z.array(z.int()).max(2) },
    },
    forward: ([x], { to }) => x!.minimum(Number(to)),
  });
  const x = tensor([1, 2]);
  assertEquals(clip(x, { axes: [0] }).shape, [2]);
  const rows: [Attributes, RegExp][] = [
    [{ to: -1, axes: [] }, /"to": found -1, but .*>0/],
    [{ axes: [0, 1, 2] }, /"axes": found \[0,1,2\], but .*<=2/],
    [{ to: "1", axes: [] }, /"to": found "1", wanted a finite number/],
  ];
  for (const [attributes, message] of rows) {
    const error = assertThrows(() => clip(x, attributes));
    assert(isCoded(error) && error.code === "ATTRIBUTE_INVALID");
    assert(message.test(error.message), error.message);
  }
  const { definition } = clip;
  const spoilt: [unknown, RegExp][] = [
    [
      { kind: "number", default: -1, schema: z.number().min(0) },
      /default: Found -1/,
    ],
    [{ kind: "number", schema: {} }, /schema: Found object, wanted a schema/],
  ];
  for (const [to, message] of spoilt) {
    const attributes = { to } as typeof definition.attributes;
    const error = assertThrows(() =>
      defineOperator({ ...definition, attributes: attributes! })
    );
    assert(isCoded(error) && error.code === "OPERATOR_INVALID");
    assert(message.test(error.message), error.message);
  }
});
