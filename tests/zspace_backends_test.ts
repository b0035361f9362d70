// The published values of ZSpace on every backend.

import { GPU_ABSENCE } from "../kernels/gpu_absence_test.ts";
import type { Backend } from "../kernels/mod.ts";
import { createReferenceBackend } from "../kernels/reference/mod.ts";
import { createWasmBackend } from "../kernels/wasm/mod.ts";
import { createWebGpuBackend } from "../kernels/webgpu/mod.ts";
import { PoincareBall } from "../nn/mod.ts";
import { BALL_MAPS, drawPoints } from "../nn/zspace/geometry/ball_maps_test.ts";
import { BALL_VECTORS } from "../nn/zspace/geometry/ball_vectors_test.ts";
import { LANGUAGE_VECTORS } from "../nn/zspace/language/language_vectors_test.ts";
import { LAYER_VECTORS } from "../nn/zspace/layers/layer_vectors_test.ts";
import { OPTIMIZER_VECTORS } from "../nn/zspace/optimizers/optimizer_vectors_test.ts";
import { TAPE_VECTORS } from "../nn/zspace/optimizers/tape_vectors_test.ts";
import { SEQUENCER_VECTORS } from "../nn/zspace/sequencer/sequencer_vectors_test.ts";
import { TOPOS_VECTORS } from "../nn/zspace/topos/topos_vectors_test.ts";
import { concat, gradients } from "../ops/mod.ts";
import { assertClose, computeElements } from "../testing/mod.ts";

const BACKENDS: readonly {
  readonly name: string;
  readonly tolerance: number;
  readonly ignore?: boolean;
  readonly create: () => Backend | Promise<Backend>;
}[] = [
  {
    name: "reference",
    tolerance: 1e-8,
    create: () => createReferenceBackend(),
  },
  {
    name: "plain Wasm",
    tolerance: 1e-5,
    create: () => createWasmBackend({ relaxedSimd: false }),
  },
  { name: "Wasm", tolerance: 1e-5, create: () => createWasmBackend() },
  {
    name: `WebGPU${GPU_ABSENCE}`,
    tolerance: 1e-5,
    ignore: GPU_ABSENCE !== "",
    create: () => createWebGpuBackend(),
  },
];

const VECTORS = [
  ...BALL_VECTORS,
  ...LANGUAGE_VECTORS,
  ...LAYER_VECTORS,
  ...OPTIMIZER_VECTORS,
  ...SEQUENCER_VECTORS,
  ...TAPE_VECTORS,
  ...TOPOS_VECTORS,
];

for (const { name, tolerance, ignore = false, create } of BACKENDS) {
  Deno.test(`ZSpace gives its published values on ${name}`, {
    ignore,
  }, async () => {
    await using backend = await create();
    for (const { name, tensor, want } of VECTORS) {
      const got = await computeElements(tensor(), { backend });
      try {
        assertClose(got, want, { tolerance });
      } catch (cause) {
        throw new Error(name, { cause });
      }
    }
  });

  // The reference is what the others are held against.
  if (name === "reference") continue;
  Deno.test(`Maps of the ball have the slopes of float64 on ${name}`, {
    ignore,
  }, async () => {
    await using backend = await create();
    const ball = new PoincareBall({ curvature: -4 });
    for (const [map, f] of Object.entries(BALL_MAPS)) {
      const points = drawPoints(ball);
      const slopes = concat(gradients(f(ball, points).sum(), points));
      try {
        assertClose(
          await computeElements(slopes, { backend }),
          await computeElements(slopes),
          { tolerance: 1e-4 },
        );
      } catch (cause) {
        throw new Error(map, { cause });
      }
    }
  });
}
