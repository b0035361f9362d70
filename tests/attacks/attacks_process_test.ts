// The promise of the sandbox: every attack of the table, and the page that is made of those that pass.

import { assertArrayIncludes, assertEquals } from "@std/assert";
import { securityPage, type SecurityRow } from "../../tools/security_page.ts";
import { readCases } from "./attack_case.ts";
import { evidenceOf } from "./evidence_of.ts";
import { hasGpu } from "./has_gpu.ts";
import { setScene } from "./attack_scene.ts";
import { runAttack } from "./run_attack.ts";
import { runInWorker } from "./run_in_worker.ts";

const PAGE = new URL("../../docs/security.md", import.meta.url);
/** Names of the cases to run; all if there are none. */
const ONLY = Deno.args.filter((name) => !name.startsWith("--"));

const cases = await readCases();
const canUseGpu = await hasGpu();

Deno.test("attacks on a process", async (t) => {
  await using scene = await setScene();
  const passed: SecurityRow[] = [];
  await t.step({
    name: "processes and sockets are seen from outside",
    ignore: !scene.isSighted,
    fn: () => scene.traces.assertSees(scene.siblingPid, scene.port),
  });
  for (const attack of cases) {
    if (ONLY.length > 0 && !ONLY.includes(attack.name)) continue;
    const ignore = attack.needs === "gpu" && !canUseGpu;
    const isGood = await t.step({
      name: attack.name,
      ignore,
      fn: async () => {
        await runAttack(attack, { scene });
        if (attack.worker === undefined) return;
        assertArrayIncludes(
          [attack.worker].flat(),
          [await runInWorker(attack, scene)],
          "in a worker",
        );
      },
    });
    // What one case has left is no fault of the next one.
    if (!isGood && !ignore) await scene.traces.remember();
    const worker = [attack.worker ?? ""].flat().join(" or ");
    if (!isGood && !ignore) continue;
    passed.push({ ...attack, worker, evidence: evidenceOf(attack) });
  }
  if (ONLY.length > 0) return;
  const page = securityPage(passed);
  if (Deno.args.includes("--update")) await Deno.writeTextFile(PAGE, page);
  await t.step("docs/security.md says what passed", async () => {
    assertEquals(await Deno.readTextFile(PAGE), page);
  });
});
