import { assertEquals } from "@std/assert";
import { type Entry, measure } from "./measure.ts";

const PATIENCE = {
  samplesMin: 3,
  samplesMax: 8,
  samplingMs: 100,
  warmingMs: 1000,
};

/** A clock that only what is measured moves, and a list of who moved it. */
function scene(durations: Readonly<Record<string, (run: number) => number>>): {
  readonly entries: Entry[];
  readonly order: string[];
  readonly nowMs: () => number;
} {
  let timeMs = 0;
  const order: string[] = [];
  const entries = Object.entries(durations).map(([name, duration]) => {
    let runs = 0;
    return {
      name,
      run() {
        order.push(name);
        timeMs += duration(runs++);
      },
    };
  });
  return { entries, order, nowMs: () => timeMs };
}

Deno.test("measure() lets everybody be first in turn", async () => {
  const { entries, order, nowMs } = scene({ a: () => 1, b: () => 2 });
  await measure(entries, PATIENCE, nowMs);
  assertEquals(order.slice(-16).join(""), "abba".repeat(4));
});

Deno.test("measure() warms everybody up alone, for a while at least", async () => {
  const { entries, order, nowMs } = scene({ a: () => 1, b: () => 30 });
  await measure(entries, PATIENCE, nowMs);
  // An eighth of half the time, and until ten runs have shown that it is stable.
  assertEquals(order.lastIndexOf("a", order.indexOf("b")), 62);
  assertEquals(order.slice(63, 63 + 10).join(""), "b".repeat(10));
});

Deno.test("measure() leaves out what came before the medians were stable", async () => {
  // Slow at first: five runs at 50, then at 10.
  const { entries, nowMs } = scene({
    a: (run) => run < 5 ? 50 : 10,
    b: () => 4,
  });
  const [a, b] = await measure(entries, PATIENCE, nowMs);
  assertEquals(new Set(a), new Set([10]));
  assertEquals(new Set(b), new Set([4]));
  assertEquals(a!.length, 8);
});

Deno.test("measure() gives up waiting for what never is stable", async () => {
  const { entries, order, nowMs } = scene({ a: (run) => 100 * (run + 1) });
  const [a] = await measure(entries, PATIENCE, nowMs);
  assertEquals(order.length, 4 + 3);
  assertEquals(a, [500, 600, 700]);
});
