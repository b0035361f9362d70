import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { tensor } from "../../ops/mod.ts";
import { AssertionError } from "../assert_close.ts";
import { isolationCases } from "./isolation_cases.ts";

const GATES = import.meta.resolve("../../examples/plugins/gates.ts");

const cases = isolationCases(GATES, async ({ ecosystem }) => {
  const [y] = ecosystem.operators.execute("gates:soft_gate", [tensor([1])]);
  assertAlmostEquals(await y!.item(), 0.75, 1e-6);
});
for (const { name, run } of cases) Deno.test(`example.gates ${name}`, run);

Deno.test("isolationCases() has one test for each isolation that is wanted", () => {
  const names = isolationCases(GATES, () => {}, { isolations: ["process"] });
  assertEquals(names.map(({ name }) => name), [
    "keeps its promises with isolation process",
  ]);
});

Deno.test("isolationCases() finds a plugin whose end is not clean", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(
      `${folder}/mod.ts`,
      `export default {
        metadata: { id: "acme.bad", version: "1.0.0" },
        onUnload() { throw new Error("not yet"); },
      };`,
    );
    const [inline] = isolationCases(`file://${folder}/mod.ts`, () => {}, {
      isolations: ["inline"],
    });
    await assertRejects(() => inline!.run(), AssertionError, "not yet");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
