// Runs one case: does what it says, holds what comes of it against what was expected, and looks at
// what is left.

import { assert, assertEquals } from "@std/assert";
import {
  createEcosystem,
  type Ecosystem,
  type LogRecord,
} from "@spiraltorch/spiraltorch";
import { isCoded, isPrintable } from "../../core/base/mod.ts";
import { countWithHeap } from "../../core/sandbox/processes_test.ts";
import {
  type AttackCase,
  type AttackRun,
  type Expectation,
  hostActOf,
  moduleOf,
} from "./attack_case.ts";
import { causesOf, failureOf, messageOf } from "./failures.ts";
import { CANARY, type Scene, serviceOf, watchHost } from "./attack_scene.ts";

/** The promise: how long the host's own thread may be busy at a stretch. */
const BUSY_MS_MAX = 100;
/** What else the machine does holds the host up too: the promise is broken if it is so each time. */
const TRIES = 3;
/** How long a plugin may take to be gone whose process has ended. */
const GONE_MS_MAX = 5000;
/** How long a start may take that is no attack, on a machine that does other things. */
const STARTUP_MS = 20_000;
const MEBIBYTE = 2 ** 20;

/** What a plugin under attack offers. */
interface Attacker {
  run(...args: unknown[]): Promise<unknown>;
}

/** Everything that was said while a case ran. */
interface Talk {
  readonly log: LogRecord[];
  readonly events: string[];
  readonly errors: unknown[];
}

/**
 * Runs a case.
 *
 * @param attack The case.
 * @param scene What stands around it.
 * @param heapMebibytes A heap that no other process has: it marks those of this case.
 */
export async function runAttack(
  attack: AttackCase,
  scene: Scene,
  heapMebibytes: number,
): Promise<void> {
  for (const run of attack.runs) {
    const busyMs: number[] = [];
    while (busyMs.every((ms) => ms > BUSY_MS_MAX)) {
      const shown = `the host was busy for ${busyMs.join(" and ")} ms`;
      assert(busyMs.length < TRIES, shown);
      busyMs.push(await runOnce(run, { attack, scene, heapMebibytes }));
    }
  }
}

/** Lets an attack happen once, and tells how long the host was busy at a stretch. */
async function runOnce(
  run: AttackRun,
  { attack, scene, heapMebibytes }: {
    readonly attack: AttackCase;
    readonly scene: Scene;
    readonly heapMebibytes: number;
  },
): Promise<number> {
  const hits = scene.hits();
  const talk: Talk = { log: [], events: [], errors: [] };
  let busyMs: number;
  {
    await using ecosystem = await createEcosystem({
      log: (record) => void talk.log.push(record),
      limits: {
        startupMs: STARTUP_MS,
        ...attack.limits,
        heapBytesMax: heapMebibytes * MEBIBYTE,
      },
      policy: attack.policy ?? {},
    });
    ecosystem.events.subscribe("*", (event) => {
      talk.events.push(JSON.stringify(event));
    });
    const before = digest(ecosystem);
    using host = watchHost();
    const [pong] = await Promise.all([
      scene.ping(),
      perform(run, { attack, scene, ecosystem, talk }),
    ]);
    assertEquals([pong, await scene.ping()], ["pong", "pong"]);
    busyMs = host.busyMs();
    await unloadAll(ecosystem);
    assertEquals(digest(ecosystem), before);
  }
  assertEquals(await countWithHeap(heapMebibytes), 0, "a process is left");
  assertEquals(prototypes(), UNTOUCHED, "a prototype was touched");
  assertEquals(scene.hits(), hits, "the server was reached");
  assertSilent(talk);
  return busyMs;
}

interface Play {
  readonly attack: AttackCase;
  readonly scene: Scene;
  readonly ecosystem: Ecosystem;
  readonly talk: Talk;
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
      return await callOrDie(run, ecosystem, gone);
  }
}

async function actAtHost(
  { attack, scene, ecosystem, talk: { log } }: Play,
): Promise<void> {
  const act = await hostActOf(attack);
  await act({
    ecosystem,
    scene,
    log,
    moduleOf: (entry) => moduleOf(attack, entry),
  });
}

/** A caller learns that a service is gone; why is told by the plugin's `PluginUnloaded`. */
async function callOrDie(
  run: AttackRun,
  ecosystem: Ecosystem,
  gone: Promise<unknown>,
): Promise<void> {
  try {
    await call(run, ecosystem);
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
  const { folder, port, siblingPid, origin } = scene;
  const host = {
    folder,
    port,
    siblingPid,
    pid: Deno.pid,
    secret: `${folder}/secret.txt`,
  };
  const place = serve === undefined ? moduleOf(attack, entry) : origin + serve;
  await ecosystem.loader.load(specifier ?? place, {
    config: { attack: { host, ...config } },
  });
}

async function call(run: AttackRun, ecosystem: Ecosystem): Promise<void> {
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

/** Requires that no secret was said anywhere. */
function assertSilent({ log, events, errors }: Talk): void {
  const said = JSON.stringify([
    log,
    events,
    errors.flatMap((error) =>
      [...causesOf(error)].map((one) => [
        messageOf(one),
        Reflect.get(one, "details"),
      ])
    ),
  ]);
  assert(!said.includes(CANARY), "the canary was seen");
}

/** What all objects and lists have. */
function prototypes(): string {
  return [Object.prototype, Array.prototype, Function.prototype]
    .map((one) => Reflect.ownKeys(one).map(String).join()).join(";");
}

const UNTOUCHED = prototypes();

/** What an ecosystem holds, in words. */
function digest({ plugins, operators, modules, loader }: Ecosystem): string {
  return JSON.stringify([
    plugins.listPlugins(),
    operators.listOperators(),
    modules.listModules(),
    loader.reports(),
  ]);
}

async function unloadAll({ plugins, loader }: Ecosystem): Promise<void> {
  for (const id of plugins.listPlugins().toReversed()) {
    if (!plugins.has(id)) continue;
    // A hook that hangs has had its turn; what counts is that the plugin is gone.
    await plugins.unregister(id, { cascade: true }).catch(() => {});
  }
  // One whose process has died is on its way out without having been asked.
  const end = performance.now() + GONE_MS_MAX;
  while (loader.reports().length > 0 && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
