import { assert } from "@std/assert";
import { tensor } from "@spiraltorch/spiraltorch";
import type { HostAct } from "../attack_case.ts";
import { codesOf } from "../failures.ts";

/** The host's own thread runs them, and takes itself back. */
export const act: HostAct = async ({ ecosystem, moduleOf }) => {
  await ecosystem.loader.load(moduleOf());
  using x = tensor([1, 2, 3, 4]);
  for (const name of ["loop", "calls"]) {
    const [y] = ecosystem.operators.execute(`attack:${name}`, [x]);
    const codes = await codesOf(() => y!.data());
    assert(codes.includes("KERNEL_TRAPPED"), `${name}: ${codes}`);
  }
};
