function detached() {
  const buffer = new ArrayBuffer(8);
  buffer.transfer();
  return buffer;
}

const answers = {
  shared: () => new Uint8Array(new SharedArrayBuffer(8)),
  growable: () => new SharedArrayBuffer(8, { maxByteLength: 64 }),
  detached,
  resizable: () => new ArrayBuffer(8, { maxByteLength: 64 }),
  port: () => new MessageChannel().port1,
  module: () => new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)),
};

export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", { run: (kind) => ({ it: answers[kind]() }) });
  },
};
