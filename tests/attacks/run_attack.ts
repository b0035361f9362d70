// Runs one case: does what it says, holds what comes of it against what was expected, and then what all cases
// promise.

import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import type { Ecosystem } from "@spiraltorch/spiraltorch";
import { isCoded, isPrintable } from "../../core/base/mod.ts";
import {
  type AttackCase,
  type AttackRun,
  type Expectation,
  type HostAct,
  hostActOf,
  moduleOf,
} from "./attack_case.ts";
import { causesOf } from "./causes.ts";
import { digest, prototypes, unloadAll, UNTOUCHED } from "./leftovers.ts";
import { failureOf, messageOf } from "./failures.ts";
import {
  type Absence,
  type Scene,
  serviceOf,
  watchHost,
} from "./attack_scene.ts";
import { assertSilent } from "./canary.ts";
import { targetsOf } from "./host_targets.ts";
import { Talk } from "./talk.ts";

/** The promise: how long the host's own thread may be busy at a stretch. */
const BUSY_MS_MAX = 100;
/** What else the machine does holds the host up too: the promise is broken if it is so each time. */
const TRIES = 3;
/** How long a start may take that is no attack, on a machine that does other things. */
const STARTUP_MS = 20_000;
/** Less than a heap is by default, to be filled sooner. */
const HEAP_BYTES_MAX = 208 * 2 ** 20;
/** How long it is until another plugin is asked again. */
const PING_MS = 20;

/** What a plugin under attack offers. */
interface Attacker {
  run(...args: unknown[]): Promise<unknown>;
}

/** What a run is done with. */
interface RunOptions {
  readonly attack: AttackCase;
  readonly scene: Scene;
  /** What the case does at the host; that of its `host.ts` if left out. */
  readonly hostAct?: HostAct;
}

/**
 * Runs a case.
 *
 * @param attack The case.
 * @param options What stands around it.
 */
export async function runAttack(
  attack: AttackCase,
  options: Omit<RunOptions, "attack">,
): Promise<void> {
  for (const run of attack.runs) {
    const busyMs: number[] = [];
    while (busyMs.every((ms) => ms > BUSY_MS_MAX)) {
      const shown = `the host was away for ${busyMs.join(" and ")} ms`;
      assert(busyMs.length < TRIES, shown);
      busyMs.push(await runOnce(run, { attack, ...options }));
    }
  }
}

/** Lets an attack happen once, and tells how long the host's own thread was away at a stretch. */
async function runOnce(
  run: AttackRun,
  { attack, scene: { folder: temporary, ...rest }, hostAct }: RunOptions,
): Promise<number> {
  const { hits, traces } = rest;
  const hitsBefore = hits();
  const talk = new Talk();
  let absence: Absence;
  {
    await using own = await makeFolder(temporary);
    const scene = { ...rest, folder: own.path };
    await using ecosystem = await talk.open({
      limits: {
        startupMs: STARTUP_MS,
        heapBytesMax: HEAP_BYTES_MAX,
        ...attack.limits,
      },
      policy: attack.policy ?? {},
    });
    const before = digest(ecosystem);
    const play: Play = { attack, scene, ecosystem, talk, hostAct };
    using host = watchHost();
    await whileAnswered(scene.ping, () => perform(run, play));
    absence = host.absence();
    if (ecosystem.loader.reports().length > 0) {
      await traces.assertNobodyListens();
    }
    await unloadAll(ecosystem);
    assertEquals(digest(ecosystem), before);
  }
  const waitedMs = await traces.assertAsBefore();
  assertEquals(prototypes(), UNTOUCHED, "a prototype was touched");
  assertEquals(hits(), hitsBefore, "the server was reached");
  assertSilent(talk);
  // Of the time in which nothing was computed, only what no wait for a processor explains counts.
  return Math.max(absence.busyMs, absence.awayMs - waitedMs);
}

/** Makes a folder that is gone when its time is over. */
async function makeFolder(dir: string) {
  const path = await Deno.makeTempDir({ dir });
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** Does something, while another plugin answers all the time, and once more afterwards. */
async function whileAnswered(
  ping: () => Promise<string>,
  work: () => Promise<void>,
): Promise<void> {
  const over = new AbortController();
  async function askOnAndOn(): Promise<void> {
    while (!over.signal.aborted) {
      assertEquals(await ping(), "pong");
      await delay(PING_MS, over).catch(() => {});
    }
  }
  const [worked, asked] = await Promise.allSettled([
    work().finally(() => over.abort()),
    askOnAndOn(),
  ]);
  for (const end of [worked, asked]) {
    if (end.status === "rejected") throw end.reason;
  }
  assertEquals(await ping(), "pong");
}

interface Play {
  readonly attack: AttackCase;
  readonly scene: Scene;
  readonly ecosystem: Ecosystem;
  readonly talk: Talk;
  readonly hostAct?: HostAct | undefined;
}

async function perform(run: AttackRun, play: Play): Promise<void> {
  const { ecosystem, talk } = play;
  const { expect } = run;
  const ids = () => ecosystem.plugins.listPlugins();
  if (expect === undefined) await act(run, play);
  else {
    const error = await failureOf(() => act(run, play));
    talk.errors.push(error);
    assertExpected(error, expect);
    if (run.clean) assert(isPrintable(messageOf(error)), messageOf(error));
    assertEquals(
      ids().includes("attack"),
      run.lives ?? ids().includes("attack"),
    );
  }
  if (run.closed !== undefined) assertClosed(talk, run.closed);
  const own = talk.log.filter(({ source }) => source === "attack");
  if (run.clean) assert(own.every(({ message }) => isPrintable(message)));
  if (run.hidden) {
    const seen = own.map(({ message }) => message).join();
    assert(seen.startsWith("contained: "), seen);
    assert(!seen.includes(Deno.cwd()), seen);
  }
}

async function act(run: AttackRun, play: Play): Promise<void> {
  const { ecosystem } = play;
  if (run.act === "load") return await load(run, play);
  if (run.act === "host") return await actAtHost(play);
  const gone = nextDeath(ecosystem);
  await load(run, play);
  switch (run.act) {
    case "event": {
      const { failures } = await ecosystem.events.publishAsync({
        kind: "Custom",
        eventType: "attack",
        data: "loop",
      });
      throw failures[0];
    }
    case "unload":
      return void await ecosystem.plugins.unregister("attack");
    case "death":
      throw await gone;
    default:
      return await callOrDie(run, play, gone);
  }
}

async function actAtHost(
  { attack, scene, ecosystem, talk, hostAct }: Play,
): Promise<void> {
  const act = hostAct ?? await hostActOf(attack);
  await act({
    ecosystem,
    scene,
    log: talk.log,
    open: (options) => talk.open(options),
    moduleOf: (entry) => moduleOf(attack, entry),
  });
}

/** A caller learns that a service is gone; why is told by the plugin's `PluginUnloaded`. */
async function callOrDie(
  run: AttackRun,
  play: Play,
  gone: Promise<unknown>,
): Promise<void> {
  try {
    await call(run, play);
  } catch (error) {
    const isRevoked = isCoded(error) && error.code === "SERVICE_REVOKED";
    if (!isRevoked || run.expect?.code !== "SANDBOX_DIED") throw error;
    throw new Error("The service is gone", { cause: await gone });
  }
}

async function load(
  { entry, serve, specifier, config = {} }: AttackRun,
  { attack, scene, ecosystem }: Play,
): Promise<void> {
  const place = serve === undefined
    ? moduleOf(attack, entry)
    : scene.origin + serve;
  await ecosystem.loader.load(specifier ?? place, {
    config: { attack: { host: targetsOf(scene), ...config } },
  });
}

async function call(
  run: AttackRun,
  { ecosystem, talk }: Play,
): Promise<void> {
  const attacker = await serviceOf<Attacker>(ecosystem, "attack");
  const { method = "run", args = [], times = 1 } = run;
  using _channel = run.shout ? shout() : undefined;
  if (run.act === "unload-in-call") {
    const open = attacker.run();
    await ecosystem.plugins.unregister("attack", { cascade: true });
    return void await open;
  }
  const ask: (...args: unknown[]) => Promise<unknown> = method === "run"
    ? (...args) => attacker.run(...args)
    : Reflect.get(attacker, method);
  if (run.act === "method") {
    // Nothing that the host's own objects have by nature is a method of a service.
    const isNatural = ask === undefined || !Object.hasOwn(attacker, method);
    assert(isNatural, `${method} is a method of the service`);
    return;
  }
  try {
    for (let count = 0; count < times; count++) {
      const answer = await ask(...args);
      talk.answers.push(answer);
      if (run.answer !== undefined) assertEquals(answer, run.answer);
    }
  } catch (error) {
    if (run.then !== undefined) {
      const late = await failureOf(() => attacker.run());
      const code = isCoded(late) ? late.code : String(late);
      assert(run.then.includes(code), code);
    }
    throw error;
  }
}

/** Talks on a channel that a plugin may listen on. */
function shout(): Disposable {
  const channel = new BroadcastChannel("host");
  const timer = setInterval(() => channel.postMessage("hear me"), 10);
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      channel.close();
    },
  };
}

/** How the plugin's process ends by itself: what its `PluginUnloaded` says. */
function nextDeath({ events }: Ecosystem): Promise<unknown> {
  return new Promise((resolve) => {
    events.subscribe("PluginUnloaded", (event) => {
      const said = event.kind === "PluginUnloaded" ? event.error : undefined;
      resolve(Object.assign(new Error(said), deathIn(said ?? "")));
    });
  });
}

/** The code and the reason of a death, as its message has them. */
function deathIn(text: string) {
  const [, reason = "unknown"] = /reason ([a-z-]+)/.exec(text) ?? [];
  return { code: "SANDBOX_DIED", details: { reason } };
}

/** Looks for what was expected in an error and all that caused it. */
function assertExpected(
  error: unknown,
  { code, reason, orCode }: Expectation,
): void {
  const reasons = reason === undefined ? undefined : [reason].flat();
  const seen: string[] = [];
  for (const one of causesOf(error)) {
    const found = Reflect.get(one, "code");
    const details: unknown = Reflect.get(one, "details");
    const why = details instanceof Object ? Reflect.get(details, "reason") : "";
    seen.push(`${found} ${why ?? ""}: ${messageOf(one).slice(0, 300)}`);
    if (found === orCode && orCode !== undefined) return;
    if (found === code && (reasons?.includes(String(why)) ?? true)) return;
  }
  throw new Error(`wanted ${code} ${reason ?? ""}, found ${seen.join(" < ")}`);
}

/** What the platform and the guest say of what is closed. An attempt that fails otherwise is no attempt. */
const CLOSED = new RegExp(
  [
    "Requires [a-z]+ access",
    "requires unscoped --allow-[a-z]+",
    "getaddrinfo EPERM",
    "queryA UNKNOWN",
    "not part of the plugin's module graph",
    "but --no-(npm|remote) is specified",
    "too many attached databases - max 0",
    "/dev/null/location_data",
    "NotADirectory",
    "not authorized",
    "failed to open preopen",
    "none$",
    "not there$",
  ].map((reason) => `^closed: .*${reason}`).join("|"),
  "s",
);

function assertClosed({ log }: Talk, count: number): void {
  const lines = log.filter(({ source }) => source === "attack")
    .map(({ message }) => message);
  assertEquals(lines.filter((line) => !CLOSED.test(line)), []);
  assertEquals(lines.length, count);
}
