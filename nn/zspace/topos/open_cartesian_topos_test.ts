import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { OptionError } from "../../../core/base/mod.ts";
import { gradients, ones, tensor, TensorError } from "../../../ops/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
} from "../../../testing/mod.ts";
import { ZSpaceError } from "../errors.ts";
import {
  OpenCartesianTopos,
  type ToposOptions,
} from "./open_cartesian_topos.ts";
import { TOPOS_VECTORS } from "./topos_vectors_test.ts";

function make(options: Partial<ToposOptions> = {}): OpenCartesianTopos {
  return new OpenCartesianTopos({ curvature: -1, saturation: 1, ...options });
}

Deno.test("saturate() gives the published values, odd in its input", async () => {
  for (const { tensor, want } of TOPOS_VECTORS) {
    assertClose(await tensor().data(), want);
  }
});

Deno.test("saturate() clips where the porosity is off", async () => {
  const y = make({ porosity: 0 }).saturate(tensor([-3, -1, 0.2, 7]));
  assertClose(await y.data(), [-1, -1, 0.2, 1]);
});

Deno.test("saturate() is continuous, bounded, and has the slopes of central differences on both sides", async () => {
  const topos = make();
  const near = await computeElements(
    topos.saturate(tensor([1 - 1e-6, 1 + 1e-6, -1 - 1e-6])),
  );
  assertClose(near, [1, 1, -1], { tolerance: 1e-5 });
  const far = await topos.saturate(tensor([1e6, -1e30, 5])).data();
  assert(far.every((y) => Math.abs(y) <= 1));
  await assertGradients((x) => topos.saturate(x!), [
    tensor([0.3, -0.7, 1.3, -2, 6]),
  ]);
});

Deno.test("saturate() has no slope where it clips, nor for what is taken for 0", async () => {
  const slopeOf = (topos: OpenCartesianTopos, v: number[]) => {
    const x = tensor(v);
    return gradients(topos.saturate(x).sum(), [x])[0]!.array();
  };
  assertEquals(await slopeOf(make({ porosity: 0 }), [-3, 0.5, 7]), [0, 1, 0]);
  assertEquals(
    await slopeOf(make({ nonFinite: "zero" }), [NaN, 0.5, Infinity]),
    [0, 1, 0],
  );
});

Deno.test("rewrite() refuses what is not finite, or takes it for 0", async () => {
  const bad = tensor([1, NaN, Infinity, -Infinity]);
  const error = await assertRejects(
    () => make().rewrite("rows", bad).data(),
    TensorError,
  );
  assertEquals(error.code, "NON_FINITE_VALUE");
  assertEquals(error.details.label, "rows");
  const zeroed = make({ nonFinite: "zero" });
  assertEquals(await zeroed.rewrite("rows", bad, { bound: 0 }).array(), [
    1,
    0,
    0,
    0,
  ]);
  await assertRejects(
    () => make().rewrite("rows", bad, { bound: 0.5 }).data(),
    TensorError,
  );
  assert(Number.isNaN((await make({ guard: "off" }).guard("", bad).data())[1]));
});

Deno.test("guard() and ensureDepth() refuse what is too large or too deep", () => {
  const topos = make({ maxVolume: 6, maxDepth: 3 });
  topos.guard("small", ones([2, 3]));
  const volume = assertThrows(() => topos.guard("big", ones([7])), ZSpaceError);
  assertEquals(volume.code, "VOLUME_EXCEEDED");
  assertEquals(volume.details, { label: "big", volume: 7, maxVolume: 6 });
  topos.ensureDepth(2);
  const depth = assertThrows(() => topos.ensureDepth(3), ZSpaceError);
  assertEquals(depth.code, "DEPTH_EXCEEDED");
});

Deno.test("OpenCartesianTopos refuses numbers out of range, each by its code", () => {
  const cases: readonly (readonly [Partial<ToposOptions>, string])[] = [
    [{ curvature: 0 }, "NON_HYPERBOLIC_CURVATURE"],
    [{ tolerance: 0 }, "NON_POSITIVE_TOLERANCE"],
    [{ saturation: Infinity }, "NON_POSITIVE_SATURATION"],
    [{ porosity: 1.1 }, "POROSITY_OUT_OF_RANGE"],
    [{ porosity: NaN }, "POROSITY_OUT_OF_RANGE"],
  ];
  for (const [options, code] of cases) {
    const error = assertThrows(() => make(options), ZSpaceError);
    assertEquals(error.code, code);
  }
  const error = assertThrows(
    () => make({ maxDepth: 0, maxVolume: 1.5 }),
    OptionError,
  );
  assertEquals(error.code, "INVALID_OPTION");
  assertEquals((error.details.problems as readonly unknown[]).length, 2);
});
