const COUNTER = `onmessage = ({ data }) => {
  const cell = new Int32Array(data);
  postMessage("counting");
  for (;;) Atomics.add(cell, 0, 1);
}`;

export default {
  metadata: { id: "attack", version: "1.0.0" },
  async onLoad({ log }) {
    const url = `data:text/javascript,${encodeURIComponent(COUNTER)}`;
    const worker = new Worker(url, { type: "module" });
    const shared = new SharedArrayBuffer(4);
    worker.postMessage(shared);
    await new Promise((resolve) => worker.onmessage = resolve);
    const cell = new Int32Array(shared);
    const before = Atomics.load(cell, 0);
    const end = performance.now() + 5;
    while (performance.now() < end);
    log.info(`contained: ${Atomics.load(cell, 0) - before} steps in 5 ms`);
  },
};
