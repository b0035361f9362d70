// What comes of an attack in a worker, in a host that is started for it and may be lost.

import {
  type AttackCase,
  moduleOf,
  type WorkerVerdict,
} from "./attack_case.ts";

const HOST = new URL("../fixtures/hosts/attack_worker.ts", import.meta.url);
const CONFIG = new URL("../../deno.json", import.meta.url);
/** Most of the heap that an attack has to fill. */
const HEAP_MEBIBYTES = 256;
/** How long a worker may take to start: one whose time is over before it has begun ends like any other. */
const STARTUP_MS = 5000;

/** Runs the first run of a case in a worker. */
export async function runInWorker(attack: AttackCase): Promise<WorkerVerdict> {
  const [{ act, entry, config = {}, args = [] }] = attack.runs as [
    AttackCase["runs"][number],
  ];
  const { code, stdout } = await new Deno.Command("/bin/sh", {
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
      moduleOf(attack, entry),
      act,
      JSON.stringify({ ...attack.limits, startupMs: STARTUP_MS }),
      JSON.stringify(config),
      JSON.stringify(args),
    ],
    stderr: "null",
  }).output();
  if (code !== 0) return "lost";
  const { lives, tainted } = JSON.parse(new TextDecoder().decode(stdout));
  if (tainted > 0) return "tainted";
  return lives ? "contained" : "ended";
}
