import { assert, assertEquals } from "@std/assert";
import { tensor } from "@spiraltorch/spiraltorch";
import type { HostAct } from "../attack_case.ts";
import { codesOf } from "../failures.ts";

const KERNELS = ["read", "readBefore", "write", "writeFar"];
const SECRET = [0.25, 1.25, 2.25, 3.25];

/** What lies around the arrays of a call are other tensors. */
export const act: HostAct = async ({ ecosystem, moduleOf }) => {
  await ecosystem.loader.load(moduleOf());
  using before = await tensor(SECRET).mul(1).realize();
  using x = await tensor([1, 2, 3, 4]).mul(1).realize();
  using behind = await tensor(SECRET).mul(1).realize();
  for (const name of KERNELS) {
    const [y] = ecosystem.operators.execute(`attack:${name}`, [x]);
    const codes = await codesOf(() => y!.data());
    assert(codes.includes("KERNEL_TRAPPED"), `${name}: ${codes}`);
    assertEquals(await before.array(), SECRET);
    assertEquals(await behind.array(), SECRET);
  }
};
