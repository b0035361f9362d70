async function device() {
  const adapter = await navigator.gpu.requestAdapter();
  return await adapter.requestDevice();
}

const WILD = `
@group(0) @binding(0) var<storage, read_write> cells: array<u32>;
@compute @workgroup_size(1) fn main() {
  for (var i = 4u; i < 1000000u; i = i * 3u) { cells[i * i] = i; }
  cells[0] = 7u;
}`;

async function outOfBounds(gpu) {
  const module = gpu.createShaderModule({ code: WILD });
  const pipeline = gpu.createComputePipeline({ layout: "auto", compute: { module, entryPoint: "main" } });
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const buffer = gpu.createBuffer({ size: 16, usage: STORAGE | COPY_SRC });
  const read = gpu.createBuffer({ size: 16, usage: COPY_DST | MAP_READ });
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, gpu.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer } }],
  }));
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.copyBufferToBuffer(buffer, 0, read, 0, 16);
  gpu.queue.submit([encoder.finish()]);
  await read.mapAsync(GPUMapMode.READ);
  return new Uint32Array(read.getMappedRange())[0];
}

async function tooLarge(gpu) {
  const code = "@compute @workgroup_size(1) fn main() {}";
  const module = gpu.createShaderModule({ code });
  const pipeline = gpu.createComputePipeline({ layout: "auto", compute: { module, entryPoint: "main" } });
  gpu.pushErrorScope("validation");
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.dispatchWorkgroups(2 ** 31);
  pass.end();
  gpu.queue.submit([encoder.finish()]);
  const error = await gpu.popErrorScope();
  return error?.constructor.name ?? "nothing";
}

function manyPipelines(gpu) {
  const made = [];
  for (let i = 0; i < 1000; i++) {
    const code = `@compute @workgroup_size(${1 + i % 64}) fn main() {}`;
    const module = gpu.createShaderModule({ code });
    made.push(gpu.createComputePipeline({ layout: "auto", compute: { module, entryPoint: "main" } }));
  }
  return made.length;
}

export default {
  metadata: { id: "attack", version: "1.0.0", permissions: { gpu: true } },
  onLoad({ services }) {
    services.provide("attack", {
      async run() {
        const gpu = await device();
        const results = [await outOfBounds(gpu), await tooLarge(gpu), manyPipelines(gpu)];
        gpu.destroy();
        return [...results, (await gpu.lost).reason];
      },
    });
  },
};
