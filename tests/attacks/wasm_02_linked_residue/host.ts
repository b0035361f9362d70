import { assert, assertEquals } from "@std/assert";
import { full } from "@spiraltorch/spiraltorch";
import type { HostAct } from "../attack_case.ts";

const SIZES = [4, 1000, 100_000];
const SECRET = 7.25;

/** Where tensors lay that are gone, outputs come to lie. */
export const act: HostAct = async ({ ecosystem, moduleOf }) => {
  await ecosystem.loader.load(moduleOf());
  for (const size of SIZES) {
    using x = await full([size], 1).mul(1).realize();
    for (let i = 0; i < 8; i++) {
      using secret = await x.mul(SECRET).realize();
      assertEquals((await secret.data()).at(-1), SECRET);
    }
    using y = await ecosystem.operators.execute("attack:residue", [x])[0]!
      .realize();
    assert((await y.data()).every((value) => value === 0));
  }
};
