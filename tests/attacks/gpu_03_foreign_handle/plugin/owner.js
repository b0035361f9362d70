const BYTES = 4096;
const MARK = 0x5eca9e;
let device, kept;

async function words() {
  const { COPY_DST, MAP_READ } = GPUBufferUsage;
  const read = device.createBuffer({ size: BYTES, usage: COPY_DST | MAP_READ });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(kept, 0, read, 0, BYTES);
  device.queue.submit([encoder.finish()]);
  await read.mapAsync(GPUMapMode.READ);
  return new Uint32Array(read.getMappedRange().slice());
}

export default {
  metadata: { id: "owner", version: "1.0.0", permissions: { gpu: true } },
  async onLoad({ services }) {
    device = await (await navigator.gpu.requestAdapter()).requestDevice();
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
    kept = device.createBuffer({ label: "kept", size: BYTES, usage: STORAGE | COPY_SRC | COPY_DST });
    device.queue.writeBuffer(kept, 0, new Uint32Array(BYTES / 4).fill(MARK));
    services.provide("owner", {
      give: () => kept,
      name: () => ({ label: kept.label, size: kept.size }),
      isWhole: async () => (await words()).every((word) => word === MARK),
    });
  },
};
