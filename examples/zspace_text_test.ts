import { assert, assertEquals } from "@std/assert";
import { parseTraceRecord } from "@spiraltorch/spiraltorch";
import { runZSpaceText } from "./zspace_text.ts";

Deno.test("example: text whose words a sequencer weighs", async () => {
  const folder = await Deno.makeTempDir();
  const tracePath = `${folder}/trace`;
  // Few definitions: that it learns and that its stages arrive, not how well it can.
  const { accuracy, stages, trace } = await runZSpaceText({
    epochs: 3,
    heldOut: 500,
    trainMax: 24_000,
    seed: 1,
    tracePath,
    out: { isTerminal: false, columns: 80, write: () => {} },
  });
  // The largest of 26 kinds has a share of 14 %.
  assert(accuracy > 0.3, `${accuracy}`);
  assertEquals(stages, { projected: 3, coherence_measured: 3, aggregated: 3 });
  assertEquals(trace.length, 9);
  const lines = (await Deno.readTextFile(`${tracePath}.jsonl`)).trim()
    .split("\n");
  assertEquals(lines.map((line) => parseTraceRecord(line)), [...trace]);
  const page = await Deno.readTextFile(`${tracePath}.html`);
  assert(page.includes("9 stages, 3 passes"));
  await Deno.remove(folder, { recursive: true });
});
