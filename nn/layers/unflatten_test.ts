import { assertEquals, assertThrows } from "@std/assert";
import { OptionError, ShapeError } from "../../core/base/mod.ts";
import { arange, ones } from "../../ops/mod.ts";
import { Unflatten, unflattenDefinition } from "./unflatten.ts";

Deno.test("Unflatten keeps the order of elements", async () => {
  const y = new Unflatten({ shape: [2, 2] }).forward(
    arange(0, 8).reshape([2, 4]),
  );
  assertEquals(await y.array(), [[[0, 1], [2, 3]], [[4, 5], [6, 7]]]);
});

Deno.test("Unflatten rejects another size, and sizes that are none", () => {
  const layer = new Unflatten({ shape: [2, 2] });
  const error = assertThrows(() => layer.forward(ones([2, 5])), ShapeError);
  assertEquals(error.code, "SHAPE_MISMATCH");
  assertThrows(() => new Unflatten({ shape: [2, 0] }), OptionError);
  assertThrows(() => new Unflatten(JSON.parse('{"shape": 4}')), OptionError);
  assertEquals(
    unflattenDefinition.inferShape!({ shape: [2, 2] }, [["batch", 5]]),
    { wanted: "[..., 4]" },
  );
});
