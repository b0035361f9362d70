// What comes of an attack in a worker, in a host that is started for it and may be lost.

import { assertEquals } from "@std/assert";
import {
  type AttackCase,
  moduleOf,
  type WorkerVerdict,
} from "./attack_case.ts";
import type { Scene } from "./attack_scene.ts";
import { assertSilent } from "./canary.ts";
import { openAmong } from "./closed.ts";
import { targetsOf } from "./host_targets.ts";

const HOST = new URL("../fixtures/hosts/attack_worker.ts", import.meta.url);
const CONFIG = new URL("../../deno.json", import.meta.url);
/** Most of the heap that an attack has to fill. */
const HEAP_MEBIBYTES = 256;
/** How long a worker may take to start: one whose time is over before it has begun ends like any other. */
const STARTUP_MS = 5000;
/** How often a host is looked at. */
const LOOK_MS = 250;
/** How long a host may take to end that has been stopped, goes on, and is told to end. */
const STOPPED_MS_MAX = 5000;

/** What is said of plugins none of whose code has run. */
const IS_REFUSAL =
  /^(IMPORT_REFUSED|MANIFEST_INVALID|PLUGIN_METADATA_INVALID)$/;

/** Runs the first run of a case in a worker; what all cases promise holds there too, while there is a host. */
export async function runInWorker(
  attack: AttackCase,
  scene: Scene,
): Promise<WorkerVerdict> {
  const hits = scene.hits();
  const [run] = attack.runs as [AttackCase["runs"][number]];
  const { act, entry, specifier, config = {}, args = [], closed } = run;
  const host = new Deno.Command("/bin/sh", {
    args: [
      "-c",
      'ulimit -c 0; exec "$@"',
      "sh",
      Deno.execPath(),
      "run",
      "--no-prompt",
      "--no-check",
      `--config=${CONFIG.pathname}`,
      "--allow-all",
      "--unstable-worker-options",
      `--v8-flags=--max-old-space-size=${HEAP_MEBIBYTES}`,
      HOST.href,
      specifier ?? moduleOf(attack, entry),
      act,
      JSON.stringify({
        ...attack.limits,
        ...attack.workerLimits,
        startupMs: STARTUP_MS,
      }),
      JSON.stringify({ host: targetsOf(scene), ...config }),
      JSON.stringify(args),
      JSON.stringify(attack.policy ?? {}),
    ],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let isStopped = false;
  const timer = setInterval(async () => {
    if (await endStopped(host)) isStopped = true;
  }, LOOK_MS);
  const { code, signal, stdout, stderr } = await host.output();
  clearInterval(timer);
  if (isStopped) assertEquals(signal, "SIGTERM", "what ends a stopped host");
  const [out, err] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes)
  ) as [string, string];
  assertSilent([out, err]);
  await scene.traces.assertAsBefore();
  assertEquals(scene.hits(), hits, "the server was reached");
  if (code !== 0) return "lost";
  // What the plugin has written itself comes before.
  const { refusal, lives, tainted, said, broken } = JSON.parse(
    out.split("\n").at(-1)!,
  );
  assertEquals(broken, [], "what all cases promise");
  if (tainted > 0) return "tainted";
  if (IS_REFUSAL.test(refusal)) return "refused";
  if (!lives) return "ended";
  const isDenied = said.length === closed && openAmong(said).length === 0;
  return isDenied ? "denied" : "contained";
}

/** Ends a host that has been stopped by a signal, as whoever runs it would: it does not end by itself. */
async function endStopped(host: Deno.ChildProcess): Promise<boolean> {
  const { success } = await new Deno.Command("/bin/sh", {
    args: ["-c", `grep -qs "^State:.*stopped" /proc/${host.pid}/status`],
  }).output();
  if (!success) return false;
  host.kill("SIGTERM");
  host.kill("SIGCONT");
  const timer = setTimeout(() => host.kill("SIGKILL"), STOPPED_MS_MAX);
  void host.status.then(() => clearTimeout(timer));
  return true;
}
