import { assert, assertEquals, assertThrows } from "@std/assert";
import type { VectorCode } from "../lanes/vector_code.ts";
import { createLinearMemory, type LinearMemory } from "../linear_memory.ts";
import { Engine } from "../engine.ts";
import { WORD } from "./control.ts";
import { type PlatformThread, threadPlatform } from "./platform.ts";
import {
  type Task,
  ThreadPool,
  type ThreadPoolOptions,
} from "./thread_pool.ts";

const UNITS = 200;
const LARGE = 1e6;

function sharedMemory(): LinearMemory {
  return createLinearMemory(2 ** 20, { isShared: true });
}

function poolOver(
  memory: LinearMemory,
  options: Partial<ThreadPoolOptions> = {},
): ThreadPool {
  return new ThreadPool({
    memory: memory.memory,
    threads: 3,
    isEager: true,
    platform: threadPlatform(),
    failure: (reason) => new Error(`failed: ${reason}`),
    ...options,
  });
}

/** A task over the memory, which writes what `emit` writes for every unit. */
function compile(
  memory: LinearMemory,
  emit: (code: VectorCode) => void,
): Task {
  const engine = new Engine(memory, { relaxedSimd: false });
  return engine.compile(emit);
}

/** Counts, for each unit, how often it was computed, and by which thread last. It takes its time. */
function countingTask(memory: LinearMemory): Task {
  return compile(memory, ({ f }) => {
    const left = f.variable("i32", 20_000);
    f.loop((next) => {
      f.assign(left, "i32.sub", left, 1);
      f.branchIf(next, left);
    });
    const address = f.op("i32.mul", f.parameter(0), 8);
    f.assign(address, "i32.add", address, f.parameter(2));
    const count = f.op("i32.add", f.load("i32.load", address), 1);
    f.store("i32.store", address, count);
    f.store("i32.store", address, f.parameter(3), 4);
  });
}

const JOB = { units: UNITS, grain: 1, parameters: 1024, nanoseconds: LARGE };

function resultsOf(memory: LinearMemory): { counts: number[]; by: number[] } {
  const words = [...memory.int32.subarray(256, 256 + 2 * UNITS)];
  return {
    counts: words.filter((_, i) => i % 2 === 0),
    by: words.filter((_, i) => i % 2 === 1),
  };
}

/** Runs jobs until something has happened; threads take their time to start. */
function runUntil(step: () => boolean): void {
  const end = performance.now() + 60_000;
  while (!step()) assert(performance.now() < end, "threads start in a minute");
}

/** Runs a job over and over; it has to fail. */
function runOn(pool: ThreadPool, task: Task): void {
  runUntil(() => {
    pool.run(task, JOB);
    return false;
  });
}

Deno.test("ThreadPool.run() computes every unit once, on all threads", async () => {
  const memory = sharedMemory();
  await using pool = poolOver(memory);
  const task = countingTask(memory);
  let runs = 0;
  const seen = new Set<number>();
  runUntil(() => {
    pool.run(task, JOB);
    runs++;
    const { counts, by } = resultsOf(memory);
    assertEquals(counts, new Array(UNITS).fill(runs));
    for (const thread of by) seen.add(thread);
    return seen.size === 3;
  });
  assertEquals([...seen].sort(), [0, 1, 2]);
  assertEquals(pool.started, 2);
});

Deno.test.each<{ name: string; options: Partial<ThreadPoolOptions> }>([
  { name: "those from before a thread's start too", options: {} },
  { name: "those that threads had to forget too", options: { modulesMax: 3 } },
])("ThreadPool.run() knows every module, $name", async ({ options }) => {
  const memory = sharedMemory();
  await using pool = poolOver(memory, { threads: 2, ...options });
  // Units that each task leaves to the other thread are proof that it knows the task.
  const tasks = [1, 2, 3, 4].map((mark) =>
    compile(memory, ({ f }) => {
      const address = f.op("i32.mul", f.parameter(0), 4);
      const value = f.op("i32.add", f.op("i32.mul", f.parameter(3), 100), mark);
      f.store("i32.store", address, value);
    })
  );
  const seen = new Set<number>();
  runUntil(() => {
    for (const task of tasks) {
      memory.int32.fill(0, 0, 20_000);
      pool.run(task, { ...JOB, units: 20_000, parameters: 0 });
      const found = new Set(memory.int32.subarray(0, 20_000));
      assert(!found.has(0));
      const mark = tasks.indexOf(task) + 1;
      assert([...found].every((value) => value % 100 === mark));
      for (const value of found) seen.add(value);
    }
    return seen.size === 8;
  });
});

Deno.test("ThreadPool.run() fails when another thread traps, and ever after", async () => {
  const memory = sharedMemory();
  await using pool = poolOver(memory, { threads: 2 });
  const task = compile(memory, ({ f }) => {
    const left = f.variable("i32", 20_000);
    f.loop((next) => {
      f.assign(left, "i32.sub", left, 1);
      f.branchIf(next, left);
    });
    // The first thread reads address 0, others far behind the end.
    const address = f.op("i32.mul", f.parameter(3), 2 ** 30);
    f.store("i32.store", 0, f.load("i32.load", address));
  });
  const wanted = "failed: RuntimeError: memory access out of bounds";
  const error = assertThrows(
    () => runOn(pool, task),
    Error,
    wanted,
  );
  const again = assertThrows(() => pool.run(countingTask(memory), JOB));
  assertEquals(again, error);
});

Deno.test("ThreadPool.run() goes on after a trap on the calling thread", async () => {
  const memory = sharedMemory();
  await using pool = poolOver(memory, { threads: 2 });
  const task = compile(memory, ({ f }) => {
    const isFirst = f.op("i32.eqz", f.parameter(3));
    const address = f.op("i32.mul", isFirst, 2 ** 30);
    f.store("i32.store", 0, f.load("i32.load", address));
  });
  const counting = countingTask(memory);
  runUntil(() => {
    pool.run(counting, JOB);
    return pool.started === 1;
  });
  assertThrows(
    () => runOn(pool, task),
    WebAssembly.RuntimeError,
  );
  const before = resultsOf(memory).counts[0]!;
  pool.run(counting, JOB);
  assertEquals(resultsOf(memory).counts, new Array(UNITS).fill(before + 1));
});

Deno.test("ThreadPool.run() fails when a thread cannot take a module in", async () => {
  const memory = sharedMemory();
  await using pool = poolOver(memory, { threads: 2 });
  // A module that wants a memory which is not shared does not fit.
  const other = createLinearMemory(2 ** 20);
  const task = countingTask(other);
  assertThrows(
    () => runOn(pool, task),
    Error,
    "failed: LinkError",
  );
});

Deno.test("ThreadPool.run() fails when a thread that has joined dies", async () => {
  const memory = sharedMemory();
  const source = `
import { workerData } from "node:worker_threads";
Atomics.add(workerData.control, ${WORD.active}, 1);
Atomics.add(workerData.control, ${WORD.started}, 1);
`;
  await using pool = poolOver(memory, { threads: 2, source, patienceMs: 20 });
  const task = countingTask(memory);
  assertThrows(
    () => runOn(pool, task),
    Error,
    "failed: no sign of life for 20 ms",
  );
});

Deno.test("ThreadPool starts and ends many times, at any moment", async () => {
  const memory = sharedMemory();
  const task = countingTask(memory);
  for (let round = 0; round < 20; round++) {
    await using pool = poolOver(memory, { threads: 2 });
    for (let i = 0; i < round; i++) pool.run(task, JOB);
  }
  assertEquals(resultsOf(memory).counts, new Array(UNITS).fill(190));
});

Deno.test("ThreadPool ends twice, and without having started", async () => {
  const pool = poolOver(sharedMemory());
  await pool[Symbol.asyncDispose]();
  await pool[Symbol.asyncDispose]();
  assertEquals(pool.started, 0);
});

/** A platform whose threads are recorded, and never start. */
class FakePlatform {
  readonly cores = 4;
  /** How many threads there can be. */
  readonly limit: number;
  readonly data: unknown[] = [];
  readonly posted: unknown[] = [];
  ended = 0;

  constructor(limit = Infinity) {
    this.limit = limit;
  }

  start(_source: string, data: unknown): PlatformThread | undefined {
    this.data.push(data);
    if (this.data.length > this.limit) return undefined;
    return {
      post: (message) => this.posted.push(message),
      end: () => {
        this.ended++;
        return Promise.resolve();
      },
    };
  }
}

Deno.test.each([
  { name: "small", job: { ...JOB, nanoseconds: 10_000 } },
  { name: "undivided", job: { ...JOB, units: 1 } },
])("ThreadPool.run() starts no thread for $name jobs", ({ job }) => {
  const memory = sharedMemory();
  const platform = new FakePlatform();
  const pool = poolOver(memory, { platform });
  const task = countingTask(memory);
  for (let i = 0; i < 10; i++) pool.run(task, job);
  assertEquals(platform.data.length, 0);
  assertEquals(resultsOf(memory).counts[0], 10);
});

Deno.test("ThreadPool.run() starts all threads at the first large job, if eager", async () => {
  const memory = sharedMemory();
  const platform = new FakePlatform();
  const pool = poolOver(memory, { platform, threads: 4 });
  pool.run(countingTask(memory), JOB);
  assertEquals(
    platform.data.map((data) => (data as { thread: number }).thread),
    [1, 2, 3],
  );
  await pool[Symbol.asyncDispose]();
  assertEquals(platform.ended, 3);
});

Deno.test("ThreadPool.run() starts threads one by one, as work pays for them", () => {
  const memory = sharedMemory();
  const platform = new FakePlatform();
  const pool = poolOver(memory, { platform, isEager: false });
  const task = countingTask(memory);
  const counts = Array.from({ length: 7 }, () => {
    pool.run(task, { ...JOB, nanoseconds: 8e6 });
    return platform.data.length;
  });
  // 20 ms of work for each of two threads.
  assertEquals(counts, [0, 0, 1, 1, 2, 2, 2]);
});

Deno.test("ThreadPool.run() asks for no more threads than can be had", async () => {
  const memory = sharedMemory();
  const platform = new FakePlatform(1);
  const pool = poolOver(memory, { platform, threads: 4 });
  const task = countingTask(memory);
  for (let i = 0; i < 3; i++) pool.run(task, JOB);
  assertEquals(platform.data.length, 2);
  assertEquals(resultsOf(memory).counts[0], 3);
  await pool[Symbol.asyncDispose]();
  assertEquals(platform.ended, 1);
});
