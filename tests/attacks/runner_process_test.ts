// The runner of the attacks reports what is left behind: each promise of all cases is broken once on purpose.

import { cpuUsage } from "node:process";
import { assertRejects } from "@std/assert";
import { defineOperator } from "@spiraltorch/spiraltorch";
import type { AttackCase, AttackRun, HostAct } from "./attack_case.ts";
import { type Scene, setScene } from "./attack_scene.ts";
import { CANARIES } from "./canary.ts";
import { runAttack } from "./run_attack.ts";
import { runInWorker } from "./run_in_worker.ts";
import { Traces } from "./traces.ts";

/** One way to break a promise. */
interface Breach {
  readonly name: string;
  /** What the runner has to say. */
  readonly says: string;
  readonly act: HostAct;
  /** What is expected of the act, where it fails. */
  readonly expect?: AttackRun["expect"];
  /** Takes back what is left behind. */
  readonly undo?: (scene: Scene) => unknown;
}

const AWAY_MS = 200;
const undone: (() => unknown)[] = [];

/** Says the secret as a plugin that the host has registered. */
function saying(
  say: (
    log: { info(text: string, fields?: Record<string, string>): void },
  ) => void,
): HostAct {
  return async ({ ecosystem: { plugins } }) => {
    await plugins.register({
      metadata: { id: "talker", version: "1.0.0" },
      onLoad: ({ log }) => say(log),
    });
  };
}

const BREACHES: readonly Breach[] = [
  {
    name: "a file among the secrets",
    says: "traces are left",
    act: ({ scene }) => Deno.writeTextFile(`${scene.secrets}/left`, "x"),
    undo: ({ secrets }) => Deno.remove(`${secrets}/left`),
  },
  {
    name: "a secret that was changed",
    says: "traces are left",
    act: ({ scene }) => Deno.writeTextFile(`${scene.secrets}/mod.js`, "x"),
    undo: ({ secrets }) =>
      Deno.writeTextFile(
        `${secrets}/mod.js`,
        `export default "${CANARIES.file}"`,
      ),
  },
  {
    name: "a secret that is gone",
    says: "traces are left",
    act: ({ scene }) => Deno.remove(`${scene.secrets}/secret.txt`),
    undo: ({ secrets }) =>
      Deno.writeTextFile(`${secrets}/secret.txt`, CANARIES.file),
  },
  {
    name: "a temporary file",
    says: "traces are left",
    act: async () => {
      const file = await Deno.makeTempFile();
      undone.push(() => Deno.remove(file));
    },
  },
  {
    name: "a file in the store of the user",
    says: "traces are left",
    act: async () => {
      const file = `${Deno.env.get("XDG_CACHE_HOME")}/left`;
      await Deno.writeTextFile(file, "x");
      undone.push(() => Deno.remove(file));
    },
  },
  {
    name: "a process that has left its parent and its session",
    says: "traces are left",
    act: async () => {
      const { stdout } = await new Deno.Command("/bin/sh", {
        args: ["-c", "setsid sleep 60 <&- >&- 2>&- & echo $!"],
      }).output();
      const pid = Number(new TextDecoder().decode(stdout));
      undone.push(() => Deno.kill(pid, "SIGKILL"));
    },
  },
  {
    name: "a socket that listens",
    says: "traces are left",
    act: () => {
      const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      undone.push(() => listener.close());
      return Promise.resolve();
    },
  },
  {
    name: "the secret in a line of a log",
    says: "the canary was seen",
    act: saying((log) => log.info(CANARIES.env)),
  },
  {
    name: "the secret in a field of a log",
    says: "the canary was seen",
    act: saying((log) => log.info("x", { secret: CANARIES.file })),
  },
  {
    name: "the secret in an event",
    says: "the canary was seen",
    act: ({ ecosystem: { events } }) => {
      const data = [CANARIES.server];
      events.publish({ kind: "Custom", eventType: "left", data });
      return Promise.resolve();
    },
  },
  {
    name: "the secret in a decision, of another host of the case",
    says: "the canary was seen",
    act: async ({ open }) => {
      await using ecosystem = await open({ policy: { hosts: ["a.example"] } });
      const place = `https://b.example/${CANARIES.env}.js`;
      await ecosystem.loader.load(place).catch(() => {});
    },
  },
  {
    name: "the secret in the cause of an error",
    says: "the canary was seen",
    act: () =>
      Promise.reject(
        Object.assign(new Error("x", { cause: new Error(CANARIES.file) }), {
          code: "LEFT",
        }),
      ),
    expect: { code: "LEFT" },
  },
  {
    name: "a host that computes",
    says: "the host was away",
    act: () => {
      const { user } = cpuUsage();
      // By what was computed, however long that takes here.
      while (cpuUsage().user - user < AWAY_MS * 1000);
      return Promise.resolve();
    },
  },
  {
    name: "an operator",
    says: "left:same",
    act: ({ ecosystem: { operators } }) => {
      operators.register(defineOperator({
        name: "left:same",
        inputs: ["x"],
        forward: ([x]) => x!.neg(),
      }));
      return Promise.resolve();
    },
  },
  {
    name: "a property of all objects",
    says: "a prototype was touched",
    act: () => {
      const value = { value: 1, configurable: true };
      Object.defineProperty(Object.prototype, "left", value);
      undone.push(() => Reflect.deleteProperty(Object.prototype, "left"));
      return Promise.resolve();
    },
  },
  {
    name: "a visit to the server",
    says: "the server was reached",
    act: async ({ scene }) => {
      await (await fetch(`${scene.origin}/secret`)).text();
    },
  },
];

const NOWHERE = { trees: [], folders: [], look: undefined };

/** What is seen on a machine that keeps nobody waiting for a processor. */
class Unwaited extends Traces {
  override assertAsBefore(): Promise<number> {
    return Promise.resolve(0);
  }
}

function caseOf(runs: AttackCase["runs"], rest: Partial<AttackCase> = {}) {
  return { name: "left", title: "", verdict: "", runs, ...rest };
}

/** Whoever asks for single cases asks for no more. */
const ignore = Deno.args.some((name) => !name.startsWith("--"));

Deno.test("runAttack() reports", { ignore }, async (t) => {
  await using plugins = await createPlugins();
  await using scene = await setScene();
  for (const { name, says, act, expect, undo } of BREACHES) {
    await t.step(name, async () => {
      const run: AttackRun = { act: "host", ...expect && { expect } };
      await assertRejects(
        () => runAttack(caseOf([run]), { scene, hostAct: act }),
        Error,
        says,
      );
      await undo?.(scene);
      for (const take of undone.splice(0)) await take();
      await scene.traces.assertAsBefore();
    });
  }
  await t.step("a host that waits on its own thread", async () => {
    const still = { ...scene, traces: new Unwaited(NOWHERE) };
    const hostAct = () => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, AWAY_MS);
      return Promise.resolve();
    };
    const attack = caseOf([{ act: "host" }]);
    const run = () => runAttack(attack, { scene: still, hostAct });
    await assertRejects(run, Error, "the host was away");
  });
  await t.step("another plugin that does not answer", async () => {
    const deaf = { ...scene, ping: () => Promise.resolve("") };
    const hostAct = () => Promise.resolve();
    const attack = caseOf([{ act: "host" }]);
    const run = () => runAttack(attack, { scene: deaf, hostAct });
    await assertRejects(run, Error, "pong");
  });
  await t.step("a sandbox that listens", async () => {
    const port = freePort();
    const specifier = await plugins.put(
      "listens.js",
      `metadata: {
        id: "attack",
        version: "1.0.0",
        permissions: { net: ["127.0.0.1:${port}"] },
      },
      onLoad: () => void Deno.listen({ hostname: "127.0.0.1", port: ${port} }),`,
    );
    const attack = caseOf([{ act: "load", specifier }], {
      policy: {
        allow: { net: [`127.0.0.1:${port}`] },
        privateNetwork: true,
      },
    });
    const run = () => runAttack(attack, { scene });
    await assertRejects(run, Error, "a sandbox listens");
  });
  await t.step("the secret in the log of a plugin in a worker", async () => {
    const specifier = await plugins.put(
      "talks.js",
      `metadata: { id: "attack", version: "1.0.0" },
      onLoad: ({ log }) => log.info("${CANARIES.env}"),`,
    );
    const attack = caseOf([{ act: "load", specifier }]);
    const run = () => runInWorker(attack, scene);
    await assertRejects(run, Error, "the canary was seen");
  });
});

/** A port of this machine that nobody listens on. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** A folder of plugins in which no trace is looked for: it is older than the scene. */
async function createPlugins() {
  const folder = await Deno.makeTempDir();
  return {
    async put(name: string, body: string): Promise<string> {
      const text = `export default { ${body} };`;
      await Deno.writeTextFile(`${folder}/${name}`, text);
      return `file://${folder}/${name}`;
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
