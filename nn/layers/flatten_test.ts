import { assertEquals, assertThrows } from "@std/assert";
import { ShapeError } from "../../core/base/mod.ts";
import { tensor, zeros } from "../../ops/mod.ts";
import type { SymbolicShape } from "../symbolic_shape.ts";
import { Flatten, flattenDefinition } from "./flatten.ts";

Deno.test("Flatten.forward() keeps samples apart", async () => {
  const y = new Flatten().forward(tensor([[[1, 2], [3, 4]], [[5, 6], [7, 8]]]));
  assertEquals(await y.array(), [[1, 2, 3, 4], [5, 6, 7, 8]]);
});

Deno.test.each([
  { shape: [3], want: [3, 1] },
  { shape: [0, 2, 3], want: [0, 6] },
  { shape: [2, 5], want: [2, 5] },
])("Flatten.forward() of %j", ({ shape, want }) => {
  assertEquals(new Flatten().forward(zeros(shape)).shape, want);
});

Deno.test("Flatten.forward() rejects a scalar", () => {
  const error = assertThrows(
    () => new Flatten().forward(zeros([])),
    ShapeError,
  );
  assertEquals(error.code, "AXIS_RANGE");
});

Deno.test.each<{ input: SymbolicShape; want: unknown }>([
  { input: ["batch", 28, 28], want: ["batch", 784] },
  { input: [8, "height", "width"], want: [8, "height*width"] },
  { input: ["batch", 3, "width"], want: ["batch", "3*width"] },
  { input: ["batch"], want: ["batch", 1] },
  { input: [], want: { wanted: "[batch, ...]" } },
])("flattenDefinition.inferShape() of %j", ({ input, want }) => {
  assertEquals(flattenDefinition.inferShape!({}, [input]), want);
});
