import { assertEquals, assertThrows } from "@std/assert";
import { PluginError } from "../errors.ts";
import { ManualClock, settle } from "../events/manual_clock_test.ts";
import { PluginScope } from "./scope.ts";

function scopeAt(clock = new ManualClock()): PluginScope {
  return new PluginScope("acme.a", { clock, timeoutMs: 100 });
}

Deno.test("PluginScope.end() undoes everything newest first, waiting for each", async () => {
  const scope = scopeAt();
  const log: string[] = [];
  scope.own(() => void log.push("a"));
  scope.own(async () => {
    await settle();
    log.push("b");
  });
  scope.own(() => void log.push("c"));
  assertEquals(await scope.end(), []);
  assertEquals(log, ["c", "b", "a"]);
});

Deno.test("PluginScope.end() goes on past what fails or hangs", async () => {
  const clock = new ManualClock();
  const scope = scopeAt(clock);
  const log: string[] = [];
  scope.own(() => void log.push("a"));
  scope.own(() => Promise.reject(new TypeError("async")));
  scope.own(() => new Promise(() => {}));
  scope.own(() => {
    throw new TypeError("sync");
  }, "operator acme:swish");
  const ended = scope.end();
  await clock.advance(100);
  assertEquals(await ended, [
    {
      id: "acme.a",
      phase: "operator acme:swish",
      code: "PLUGIN_HOOK_FAILED",
      message: "sync",
    },
    {
      id: "acme.a",
      phase: "dispose",
      code: "PLUGIN_HOOK_TIMEOUT",
      message:
        'Cannot wait for dispose of plugin "acme.a": it takes longer than 100 ms',
    },
    {
      id: "acme.a",
      phase: "dispose",
      code: "PLUGIN_HOOK_FAILED",
      message: "async",
    },
  ]);
  assertEquals(log, ["a"]);
});

Deno.test("a thing disposed early is not disposed twice", async () => {
  const scope = scopeAt();
  let undone = 0;
  const early = scope.own(() => void undone++, "early");
  const inner = scope.own(() => void undone++, "inner");
  scope.own(() => inner.dispose());
  early.dispose();
  early.dispose();
  assertEquals([undone, scope.labels()], [1, ["inner"]]);
  await scope.end();
  early.dispose();
  assertEquals(undone, 2);
});

Deno.test("a thing released is not disposed at all", async () => {
  const scope = scopeAt();
  let undone = 0;
  scope.own(() => void undone++).release();
  await scope.end();
  assertEquals(undone, 0);
});

Deno.test("PluginScope.assertOpen() holds until the end begins", async () => {
  const scope = scopeAt();
  scope.own(() => {
    assertThrows(() => scope.assertOpen(), PluginError, "the plugin is gone");
  });
  scope.assertOpen();
  scope.abort();
  scope.assertOpen();
  assertEquals(await scope.end(), []);
});

Deno.test("PluginScope.abort() tells the signal", () => {
  const scope = scopeAt();
  assertEquals(scope.signal.aborted, false);
  scope.abort();
  const { reason } = scope.signal;
  assertEquals(
    reason instanceof PluginError && reason.code,
    "CONTEXT_DISPOSED",
  );
});

Deno.test("PluginScope.settled() waits for tracked work, what it starts too", async () => {
  const scope = scopeAt();
  const [first, second] = [
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
  ];
  const log: string[] = [];
  scope.track(first.promise.then(() => {
    scope.track(second.promise.then(() => void log.push("second")));
  }));
  scope.track(Promise.reject(new TypeError("listener's own affair"))).catch(
    () => {},
  );
  assertEquals(scope.track(7), 7);
  const settled = scope.settled().then(() => void log.push("settled"));
  first.resolve();
  await settle();
  assertEquals(log, []);
  second.resolve();
  await settled;
  assertEquals(log, ["second", "settled"]);
});

Deno.test("PluginScope.settled() gives up in time", async () => {
  const clock = new ManualClock();
  const scope = scopeAt(clock);
  scope.track(new Promise(() => {}));
  const settled = scope.settled().catch((error) => error.code);
  await clock.advance(100);
  assertEquals(await settled, "LISTENER_TIMEOUT");
});

Deno.test("PluginScope.settled() waits for what was undone early, and survives that it fails", async () => {
  const scope = scopeAt();
  const log: string[] = [];
  const [one, other] = [0, 1].map(() => Promise.withResolvers<void>());
  scope.own(() => one!.promise).dispose();
  scope.own(() => other!.promise).dispose();
  const settled = scope.settled().then(() => void log.push("settled"));
  one!.resolve();
  await settle();
  assertEquals(log, []);
  other!.reject(new TypeError("late"));
  await settled;
  assertEquals(log, ["settled"]);
});
