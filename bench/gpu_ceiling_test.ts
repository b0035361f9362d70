import { assertAlmostEquals, assertEquals } from "@std/assert";
import { GpuCeiling } from "./gpu_ceiling.ts";
import type { Work } from "./workload.ts";

const adapter = await navigator.gpu?.requestAdapter();
const absence = adapter ? "" : " (skipped: no adapter here)";

/** The first numbers that a piece of work leaves. */
async function firstOf(
  ceiling: GpuCeiling,
  work: Work & { readonly kind: "bytes" | "flops" },
): Promise<Float32Array> {
  const { device, output } = ceiling;
  const staging = device.createBuffer({
    size: 64,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  device.pushErrorScope("validation");
  ceiling.run(work);
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(output, 0, staging, 0, 64);
  device.queue.submit([encoder.finish()]);
  assertEquals(await device.popErrorScope(), null);
  await staging.mapAsync(GPUMapMode.READ);
  return new Float32Array(staging.getMappedRange().slice(0));
}

Deno.test(`GpuCeiling does what it is timed for${absence}`, {
  ignore: !adapter,
}, async () => {
  const ceiling = await GpuCeiling.open(navigator.gpu);
  const moved = [["add", 2], ["copy", 2], ["read", 17]] as const;
  for (const [loop, want] of moved) {
    const found = await firstOf(ceiling, { kind: "bytes", bytes: 3072, loop });
    assertEquals(found[0], want);
  }
  // 8 chains from 0.5, 1.5, … of x <- 0.999 x + 1, and 1 at the end.
  const turns = 64;
  const flops = 256 * 256 * turns;
  const [sum] = await firstOf(ceiling, { kind: "flops", flops });
  let want = 1;
  for (let chain = 0; chain < 8; chain++) {
    let x = chain + 0.5;
    for (let i = 0; i < 4 * turns; i++) x = 0.999 * x + 1;
    want += x;
  }
  assertAlmostEquals(sum!, want, 1e-2);
  ceiling.device.destroy();
});
