async function device() {
  const adapter = await navigator.gpu.requestAdapter();
  return await adapter.requestDevice();
}

const BYTES = 2 ** 24;

export default {
  metadata: { id: "attack", version: "1.0.0", permissions: { gpu: true } },
  onLoad({ services }) {
    services.provide("attack", {
      async run() {
        const gpu = await device();
        const { COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
        const fresh = gpu.createBuffer({ size: BYTES, usage: COPY_SRC });
        const read = gpu.createBuffer({ size: BYTES, usage: COPY_DST | MAP_READ });
        const encoder = gpu.createCommandEncoder();
        encoder.copyBufferToBuffer(fresh, 0, read, 0, BYTES);
        gpu.queue.submit([encoder.finish()]);
        await read.mapAsync(GPUMapMode.READ);
        const words = new Uint32Array(read.getMappedRange());
        return words.reduce((count, word) => count + (word === 0 ? 0 : 1), 0);
      },
    });
  },
};
