import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../../core/base/mod.ts";
import { countThreads } from "./count_threads.ts";
import { type ThreadPlatform, threadPlatform } from "./platform.ts";

function platformOf(cores: number): ThreadPlatform {
  return {
    cores,
    start() {
      throw new Error("No thread is to be started");
    },
  };
}

Deno.test.each<{ threads: number | "auto"; cores: number; count: number }>([
  { threads: "auto", cores: 8, count: 8 },
  { threads: "auto", cores: 1, count: 1 },
  { threads: "auto", cores: 1000, count: 256 },
  { threads: "auto", cores: 0, count: 1 },
  { threads: 3, cores: 8, count: 3 },
  { threads: 3, cores: 1, count: 3 },
  { threads: 256, cores: 2, count: 256 },
  { threads: 3, cores: 0, count: 1 },
])(
  "countThreads() makes $count of $threads wanted and $cores cores",
  ({ threads, cores, count }) => {
    assertEquals(countThreads(threads, platformOf(cores)), count);
  },
);

Deno.test.each([0, -1, 1.5, 257, NaN].map((threads) => ({ threads })))(
  "countThreads() refuses $threads",
  ({ threads }) => {
    for (const cores of [0, 4]) {
      const error = assertThrows(
        () => countThreads(threads, platformOf(cores)),
        OptionError,
        `Cannot use ${threads} as threads`,
      );
      assertEquals(error.code, "INVALID_OPTION");
    }
  },
);

Deno.test("threadPlatform() counts the cores", () => {
  assertEquals(threadPlatform().cores, navigator.hardwareConcurrency);
});

Deno.test("threadPlatform() has no threads where memory cannot be shared", () => {
  const { SharedArrayBuffer } = globalThis;
  try {
    Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
    assertEquals(threadPlatform().cores, 0);
  } finally {
    globalThis.SharedArrayBuffer = SharedArrayBuffer;
  }
});
