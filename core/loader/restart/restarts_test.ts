import { assertEquals } from "@std/assert";
import { observeWork } from "../../base/mod.ts";
import { PluginError } from "../../errors.ts";
import { ManualClock, settle } from "../../events/manual_clock_test.ts";
import { checkLoadOptions } from "../load_options.ts";
import type { Kept } from "../loaded_source.ts";
import type { RestartPolicy } from "./restart_options.ts";
import { Restarts } from "./restarts.ts";

const CRASH = new PluginError("SANDBOX_DIED", "It died", {
  reason: "signal",
  signal: "SIGSEGV",
});

function keptOf(id: string, restart: RestartPolicy): Kept {
  // Where plugins run makes no difference here: inline ones need no sandbox to be made up.
  const source = {
    isolation: "inline",
    specifier: id,
    url: `file:///${id}.ts`,
    plugins: [{ metadata: { id, version: "1.0.0" } }],
    modules: [],
  } as const;
  return { source, options: checkLoadOptions({ restart }, 1) };
}

/** A loader that notes when it is asked for what, and fails as often as it is told to. */
class Scene {
  readonly clock = new ManualClock();
  readonly said: string[] = [];
  readonly restarts: Restarts;
  /** How often loading fails, by specifier. */
  readonly failures = new Map<string, number>();

  constructor() {
    this.restarts = new Restarts({
      clock: this.clock,
      log: ({ level, message }) => this.said.push(`${level}: ${message}`),
      audit: ({ decision, resource, rule }) =>
        this.said.push(`${decision} ${resource}, ${rule}`),
      load: async (kept) => {
        const specifier = kept.map(({ source }) => source.specifier).join();
        await Promise.resolve();
        this.said.push(`load ${specifier} at ${this.clock.nowMs()}`);
        const left = this.failures.get(specifier) ?? 0;
        this.failures.set(specifier, left - 1);
        if (left > 0) throw CRASH;
      },
    });
  }

  /** What was said, but for the log. */
  get audited(): string[] {
    return this.said.filter((line) => !/^(warn|error): /.test(line));
  }
}

Deno.test("Restarts leaves plugins dead that nobody wants back, and says so", async () => {
  const scene = new Scene();
  const dead = [keptOf("a", "never")];
  scene.restarts.schedule({ dead, others: [] }, CRASH);
  await scene.clock.advance(100_000);
  assertEquals(scene.said, ["error: Plugins are gone whose sandbox ended"]);
});

Deno.test("Restarts brings plugins back, and those that went with them", async () => {
  const scene = new Scene();
  const dead = [keptOf("a", "on-failure")];
  const others = [keptOf("b", "never"), keptOf("c", "never")];
  scene.restarts.schedule({ dead, others }, CRASH);
  await scene.clock.advance(499);
  assertEquals(scene.said, [
    "granted restart 1 of 3, restart:on-failure",
    "warn: Plugins whose sandbox ended are loaded again",
  ]);
  await scene.clock.advance(1);
  assertEquals(scene.audited.slice(1), [
    "load a at 500",
    "load b at 500",
    "load c at 500",
  ]);
});

Deno.test("Restarts lets each attempt be watched", async () => {
  const scene = new Scene();
  scene.failures.set("a", 1);
  const seen: unknown[] = [];
  using _observation = observeWork(["plugin.restart"], (work, run) => {
    seen.push(work.attributes.specifiers);
    return run();
  });
  const dead = [keptOf("a", { attemptsMax: 2, delayMs: 1, delayMsMax: 1 })];
  scene.restarts.schedule({ dead, others: [keptOf("b", "never")] }, CRASH);
  for (const ms of [1, 1]) {
    await scene.clock.advance(ms);
    await settle();
  }
  assertEquals(seen, ["a", "a"]);
});

Deno.test("Restarts goes on past one that went with others and cannot be loaded again", async () => {
  const scene = new Scene();
  scene.failures.set("b", 1);
  const dead = [keptOf("a", { attemptsMax: 1, delayMs: 1 })];
  const others = [keptOf("b", "never"), keptOf("c", "never")];
  scene.restarts.schedule({ dead, others }, CRASH);
  await scene.clock.advance(1);
  assertEquals(scene.said.slice(2), [
    "load a at 1",
    "load b at 1",
    "error: Cannot load a plugin again that went with another one",
    "load c at 1",
  ]);
});

Deno.test("Restarts waits twice as long each time, and gives up in the end", async () => {
  const scene = new Scene();
  scene.failures.set("a", 9);
  const dead = [keptOf("a", { attemptsMax: 4, delayMs: 100, delayMsMax: 300 })];
  scene.restarts.schedule({ dead, others: [] }, CRASH);
  for (const ms of [100, 200, 300, 300, 100_000]) {
    await scene.clock.advance(ms);
    await settle();
  }
  assertEquals(scene.audited, [
    "granted restart 1 of 4, restart:on-failure",
    "load a at 100",
    "granted restart 2 of 4, restart:on-failure",
    "load a at 300",
    "granted restart 3 of 4, restart:on-failure",
    "load a at 600",
    "granted restart 4 of 4, restart:on-failure",
    "load a at 900",
    "refused restart 4 of 4, restart:attempts-max",
  ]);
  assertEquals(
    scene.said.at(-1),
    "error: Plugins whose sandbox ended do not come back",
  );
});

Deno.test("Restarts counts crashes one after the other, and forgets them after a calm time", async () => {
  const scene = new Scene();
  const dead = [keptOf("a", { attemptsMax: 2, delayMs: 10, calmMs: 1000 })];
  for (const ranMs of [999, 1000, 0]) {
    scene.restarts.schedule({ dead, others: [] }, CRASH);
    await scene.clock.advance(20);
    await scene.clock.advance(ranMs);
  }
  assertEquals(scene.audited.filter((line) => line.includes("restart")), [
    "granted restart 1 of 2, restart:on-failure",
    "granted restart 2 of 2, restart:on-failure",
    "granted restart 1 of 2, restart:on-failure",
  ]);
});

Deno.test.each<{ name: string; details: PluginError["details"]; rule: string }>(
  [
    {
      name: "one that ended itself as if all were well",
      details: { reason: "exit", exitCode: 0 },
      rule: "restart:exit",
    },
    {
      name: "one that computes on in this process",
      details: { reason: "hook-timeout", isTainted: true },
      rule: "restart:tainted",
    },
  ],
)("Restarts does not bring back $name", async ({ details, rule }) => {
  const scene = new Scene();
  const error = new PluginError("SANDBOX_DIED", "It ended", details);
  const dead = [keptOf("a", "on-failure")];
  scene.restarts.schedule({ dead, others: [] }, error);
  await scene.clock.advance(100_000);
  assertEquals(scene.audited, [`refused restart 1 of 3, ${rule}`]);
});

Deno.test("Restarts.cancel() keeps plugins away that were to come back", async () => {
  const scene = new Scene();
  const dead = [keptOf("a", "on-failure")];
  scene.restarts.schedule({ dead, others: [] }, CRASH);
  assertEquals(
    scene.restarts.cancel(({ specifier }) => specifier === "b"),
    false,
  );
  assertEquals(
    scene.restarts.cancel(({ specifier }) => specifier === "a"),
    true,
  );
  assertEquals(scene.restarts.cancel(() => true), false);
  await scene.clock.advance(100_000);
  assertEquals(scene.audited.length, 1);
});

Deno.test("Restarts brings plugins back together that shared a sandbox, but for those that are unloaded", async () => {
  const scene = new Scene();
  const dead = ["a", "b", "c"].map((id) => keptOf(id, "on-failure"));
  scene.restarts.schedule({ dead, others: [] }, CRASH);
  assertEquals(
    scene.restarts.cancel(({ specifier }) => specifier === "b"),
    true,
  );
  await scene.clock.advance(500);
  assertEquals(scene.audited, [
    "granted restart 1 of 3, restart:on-failure",
    "load a,c at 500",
  ]);
});

Deno.test("Restarts brings nothing back once it is disposed", async () => {
  const scene = new Scene();
  scene.restarts.schedule(
    { dead: [keptOf("a", "on-failure")], others: [] },
    CRASH,
  );
  scene.restarts[Symbol.dispose]();
  assertEquals(scene.clock.pending, 0);
  await scene.clock.advance(100_000);
  assertEquals(scene.audited.length, 1);
});
