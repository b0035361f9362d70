const SIZE = 4096;

async function attemptsOn(gpu, owner) {
  const named = await owner.name();
  const own = gpu.createBuffer({ size: SIZE, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  const copy = (from) => {
    const encoder = gpu.createCommandEncoder();
    encoder.copyBufferToBuffer(from, 0, own, 0, SIZE);
    gpu.queue.submit([encoder.finish()]);
  };
  return {
    "the buffer": () => owner.give(),
    "its name": () => copy(named),
    "a number": () => copy(1),
    "what stands for one": () => copy(Object.create(GPUBuffer.prototype, { label: { value: named.label } })),
    "a clone": () => copy(structuredClone(own)),
  };
}

export default {
  metadata: {
    id: "attack",
    version: "1.0.0",
    dependencies: { owner: "^1.0.0" },
    permissions: { gpu: true },
  },
  onLoad({ services }) {
    const owner = services.require("owner/owner");
    services.provide("attack", {
      async run() {
        const gpu = await (await navigator.gpu.requestAdapter()).requestDevice();
        const open = [];
        for (const [name, attempt] of Object.entries(await attemptsOn(gpu, owner))) {
          try {
            await attempt();
            open.push(name);
          } catch { /* closed */ }
        }
        return open;
      },
    });
  },
};
