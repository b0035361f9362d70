// Runs one case: does what it says, holds what comes of it against what was expected, and then what all cases
// promise.

import { assert, assertEquals } from "@std/assert";
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
import { openAmong } from "./closed.ts";
import { causesOf } from "./causes.ts";
import {
  digest,
  prototypes,
  unloadAll,
  untilGone,
  UNTOUCHED,
} from "./leftovers.ts";
import { failureOf, messageOf } from "./failures.ts";
import {
  type Scene,
  serviceOf,
  type Strain,
  watchHost,
} from "./attack_scene.ts";
import { assertSilent, wordsOf } from "./canary.ts";
import { targetsOf } from "./host_targets.ts";
import { Talk } from "./talk.ts";
import { whileAnswered } from "./while_answered.ts";

/** Where the project lies, which plugins are not to know. */
const PROJECT = new URL("../../", import.meta.url).pathname.slice(0, -1);

/** The promise: how long the host's own thread may be busy at a stretch. */
const BUSY_MS_MAX = 100;
/** What else goes on here holds the host up too, and fills its memory: a promise is broken if it is so each time. */
const TRIES = 3;
/** How long a start may take that is no attack, on a machine that does other things. */
const STARTUP_MS = 20_000;
/** Less than a heap is by default, to be filled sooner. */
const HEAP_BYTES_MAX = 208 * 2 ** 20;

/** A kibibyte of a plugin's words, and what the host says around them. */
const TEXT_LENGTH_MAX = 1024 + 512;

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
    const broken: string[] = [];
    for (;;) {
      const problem = await runOnce(run, { attack, ...options });
      if (problem === undefined) break;
      broken.push(problem);
      assert(broken.length < TRIES, broken.join(", then "));
    }
  }
}

/** Lets an attack happen once, and tells what took longer, or more memory, than it may. */
async function runOnce(
  run: AttackRun,
  { attack, scene: { folder: temporary, ...rest }, hostAct }: RunOptions,
): Promise<string | undefined> {
  const { hits, traces } = rest;
  const hitsBefore = hits();
  const talk = new Talk();
  let strain: Strain;
  const timing = { startMs: 0, tookMs: 0 };
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
    const play = { attack, scene, ecosystem, talk, timing, hostAct };
    using host = watchHost();
    await whileAnswered(scene.ping, () => perform(run, play));
    strain = host.strain();
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
  const { heldBytesMax = Infinity, failsWithinMs = Infinity, logs = "" } = run;
  const lines = talk.log.map((record) => JSON.stringify(record)).join("\n");
  assert(lines.includes(logs), lines);
  const { heldBytes, busyMs, awayMs } = strain;
  // Garbage is counted too, of which there is sometimes more.
  if (heldBytes > heldBytesMax) return `the host held ${heldBytes} bytes`;
  // Of the time in which nothing was computed, only what no wait for a processor explains counts.
  const gapMs = Math.max(busyMs, awayMs - waitedMs);
  if (gapMs > BUSY_MS_MAX) return `the host was away for ${gapMs} ms`;
  return timing.tookMs > failsWithinMs
    ? `it failed after ${timing.tookMs} ms`
    : undefined;
}

/** Makes a folder that is gone when its time is over. */
async function makeFolder(dir: string) {
  const path = await Deno.makeTempDir({ dir });
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

interface Play {
  readonly attack: AttackCase;
  readonly scene: Scene;
  readonly ecosystem: Ecosystem;
  readonly talk: Talk;
  /** When what may fail has begun, and how long it took to. */
  readonly timing: { startMs: number; tookMs: number };
  readonly hostAct?: HostAct | undefined;
}

async function perform(run: AttackRun, play: Play): Promise<void> {
  const { ecosystem, talk, timing } = play;
  const { expect } = run;
  timing.startMs = performance.now();
  const ids = () => ecosystem.plugins.listPlugins();
  if (expect === undefined) await act(run, play);
  else {
    const error = await failureOf(() => act(run, play));
    timing.tookMs = performance.now() - timing.startMs;
    talk.errors.push(error);
    assertExpected(error, expect);
    if (run.clean) assertClean(messageOf(error));
    assertEquals(
      ids().includes("attack"),
      run.lives ?? ids().includes("attack"),
    );
  }
  if (run.closed !== undefined) assertClosed(talk, run.closed);
  const own = talk.log.filter(({ source }) => source === "attack");
  if (run.clean) { for (const { message } of own) assertClean(message); }
  if (run.hidden) {
    const seen = own.map(({ message }) => message).join();
    assert(seen.startsWith("contained: "), seen);
    for (const name of [PROJECT, Deno.cwd(), ...userNames()]) {
      assert(!seen.includes(name), seen);
    }
  }
}

/** Requires that a text neither moves what stands around it nor drowns it. */
function assertClean(text: string): void {
  assert(isPrintable(text), text);
  assert(text.length <= TEXT_LENGTH_MAX, `${text.length} characters`);
}

/** How the user of this process is called, and where that user is at home. */
function userNames(): string[] {
  return ["HOME", "LOGNAME", "USER"].flatMap((name) => Deno.env.get(name) ?? [])
    // Some names are part of everything.
    .filter((name) => name.length > 1 && name !== "deno");
}

async function act(run: AttackRun, play: Play): Promise<void> {
  const { ecosystem } = play;
  if (run.act === "load") return await load(run, play);
  if (run.act === "host") return await actAtHost(play);
  const gone = nextDeath(ecosystem);
  await load(run, play);
  play.timing.startMs = performance.now();
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
      await untilGone(ecosystem.loader);
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
  { code, reason, orCode, details: wanted = {}, says = [] }: Expectation,
): void {
  const reasons = reason === undefined ? undefined : [reason].flat();
  const words = wordsOf(error);
  for (const word of [says].flat()) assert(words.includes(word), words);
  const seen: string[] = [];
  for (const one of causesOf(error)) {
    const found = Reflect.get(one, "code");
    const details: unknown = Reflect.get(one, "details");
    const why = details instanceof Object ? Reflect.get(details, "reason") : "";
    seen.push(`${found} ${why ?? ""}: ${messageOf(one).slice(0, 300)}`);
    if (found === orCode && orCode !== undefined) return;
    if (found !== code || !(reasons?.includes(String(why)) ?? true)) continue;
    for (const [key, value] of Object.entries(wanted)) {
      assertEquals(Reflect.get(Object(details), key), value, key);
    }
    return;
  }
  throw new Error(`wanted ${code} ${reason ?? ""}, found ${seen.join(" < ")}`);
}

function assertClosed({ log }: Talk, count: number): void {
  const lines = log.filter(({ source }) => source === "attack")
    .map(({ message }) => message);
  assertEquals(openAmong(lines), []);
  assertEquals(lines.length, count);
}
