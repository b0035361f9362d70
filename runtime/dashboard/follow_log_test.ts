import { assertEquals, assertRejects } from "@std/assert";
import { PluginError } from "../../core/mod.ts";
import { DashboardFeed } from "./feed/dashboard_feed.ts";
import { followLog } from "./follow_log.ts";

function line(epoch: number): string {
  const event = { kind: "EpochStart", data: { epoch } };
  const record = { idx: epoch, "elapsed_ms": epoch, source: "host", event };
  return `${JSON.stringify(record)}\n`;
}

/** A clock on which every wait is over at once. */
const NO_WAIT = {
  nowMs: () => 0,
  after(_delayMs: number, callback: () => void): Disposable {
    queueMicrotask(callback);
    return { [Symbol.dispose]() {} };
  },
};

Deno.test("followLog() reads what is there and what is added, whole lines alone", async () => {
  const path = await Deno.makeTempFile();
  try {
    const [head, tail] = [line(2).slice(0, 20), line(2).slice(20)];
    await Deno.writeTextFile(path, line(1) + head);
    const feed = new DashboardFeed("log");
    const stop = new AbortController();
    const seen: (number | undefined)[] = [];
    const following = followLog(feed, path, {
      signal: stop.signal,
      clock: NO_WAIT,
      onEnd() {
        const epoch = feed.after(undefined)?.frame.run?.epoch;
        if (seen.at(-1) === epoch) return;
        seen.push(epoch);
        // deno-lint-ignore no-sync-fn-in-async-fn -- the callback is none
        if (epoch === 1) Deno.writeTextFileSync(path, tail, { append: true });
        else stop.abort();
      },
    });
    await following;
    assertEquals(seen, [1, 2]);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("followLog() refuses a line that is no record", async () => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, `${line(1)}hello\n`);
    const { signal } = new AbortController();
    await assertRejects(
      () => followLog(new DashboardFeed("log"), path, { signal }),
      PluginError,
      "hello",
    );
  } finally {
    await Deno.remove(path);
  }
});
