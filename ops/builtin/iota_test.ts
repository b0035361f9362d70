import { assertEquals, assertThrows } from "@std/assert";
import { ShapeError } from "../../core/base/mod.ts";
import { computeElements, evaluateTensors } from "../../testing/mod.ts";
import { TensorError } from "../errors.ts";
import { Tensor } from "../tensor.ts";
import { iota } from "./iota.ts";

Deno.test.each<{ size: number; want: number[] }>([
  { size: 0, want: [] },
  { size: 1, want: [0] },
  { size: 4, want: [0, 1, 2, 3] },
])("iota() of $size", async ({ size, want }) => {
  const y = new Tensor(iota(size));
  assertEquals(y.dtype, "int32");
  assertEquals(y.shape, [size]);
  assertEquals([...await computeElements(y)], want);
});

Deno.test("iota() counts through views", async () => {
  const count = new Tensor(iota(24));
  const views = [
    count.reshape([2, 3, 4]),
    count.reshape([2, 3, 4]).transpose(),
    count.reshape([4, 6]).transpose().reshape([3, 8]),
    count.reshape([24, 1]).expand([24, 3]).sum(0),
    count.reshape([6, 4]).max(0),
  ];
  for (const view of views) {
    const [want] = await evaluateTensors([view]);
    assertEquals(await computeElements(view), want!.elements);
  }
});

Deno.test("iota() rejects sizes that no tensor has", () => {
  const negative = assertThrows(() => iota(-1), ShapeError);
  assertEquals(negative.code, "SHAPE_INVALID");
  const fraction = assertThrows(() => iota(1.5), TensorError);
  assertEquals(fraction.code, "ATTRIBUTE_INVALID");
});
