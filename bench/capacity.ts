function answer(worker: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) =>
      reject(new Error(`Cannot measure the capacity: ${message}`));
  });
}

/**
 * Measures how many times as much threads compute as one: cores that are shared are not whole ones,
 * and a speedup is to be compared with this, not with their number.
 *
 * @param threads How many threads.
 * @param options How long each of the two measurements lasts.
 * @returns Between 0 and `threads`, but for what measuring leaves open.
 */
export async function measureCapacity(
  threads: number,
  { durationMs = 400 }: { readonly durationMs?: number } = {},
): Promise<number> {
  const script = new URL("./capacity_worker.ts", import.meta.url);
  const workers = Array.from(
    { length: threads },
    () => new Worker(script, { type: "module" }),
  );
  async function rate(active: readonly Worker[]): Promise<number> {
    const answers = active.map(answer);
    for (const worker of active) worker.postMessage(durationMs);
    return (await Promise.all(answers)).reduce((sum, each) => sum + each, 0);
  }
  try {
    await Promise.all(workers.map(answer)); // They are ready.
    const alone = await rate(workers.slice(0, 1));
    return await rate(workers) / alone;
  } finally {
    for (const worker of workers) worker.terminate();
  }
}
