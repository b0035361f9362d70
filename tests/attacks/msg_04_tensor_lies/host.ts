import { assert, assertEquals } from "@std/assert";
import { type Json, tensor } from "@spiraltorch/spiraltorch";
import type { HostAct } from "../attack_case.ts";
import { codesOf } from "../failures.ts";

const LIES = 11;

/** What traces could say of themselves. */
const SHAPES: readonly Json[] = [
  { name: "attack:x", inputs: ["x"], shape: [-1], dtype: "float32" },
  {
    name: "attack:x",
    inputs: ["x"],
    trace: { nodes: [{ op: "input", shape: [1e308] }] },
  },
  { name: "attack:x", inputs: ["x"], kernels: { reference: 2 ** 31 } },
  { name: "attack:x", inputs: "x", dtype: "float1024" },
  [[[[]]]],
  "attack:x",
  null,
];

/** Every lie is an error of the one call or the one registration that told it. */
export const act: HostAct = async ({ ecosystem, moduleOf }) => {
  const { loader, plugins, operators } = ecosystem;
  await loader.load(moduleOf());
  using x = tensor([1, 2, 3, 4]);
  for (let i = 0; i < LIES; i++) {
    const [y] = operators.execute("attack:lie", [x]);
    const codes = await codesOf(() => y!.data());
    assert(codes.includes("CONTRIBUTION_INVALID"), `lie ${i}: ${codes}`);
  }
  assertEquals(plugins.has("attack"), true);
  await plugins.unregister("attack");
  for (const lie of SHAPES) {
    const codes = await codesOf(() =>
      loader.load(moduleOf("shapes.js"), { config: { attack: { lie } } })
    );
    assert(
      codes.includes("CONTRIBUTION_INVALID"),
      JSON.stringify([lie, codes]),
    );
    assertEquals(plugins.listPlugins(), []);
  }
};
