import { assertEquals } from "@std/assert";
import { isCoded } from "../../../core/base/mod.ts";
import type { HostAct } from "../attack_case.ts";
import { serviceOf } from "../attack_scene.ts";

interface Attacker {
  run(kind: string): Promise<unknown>;
  echo(value: unknown): Promise<unknown>;
}

const NUMBERS = [NaN, -0, Infinity, -Infinity, Infinity, 5e-324, 2 ** 53];
const TEXTS = ["\ud800", "\udc00x", "\u0000", "\u202e", "😀"];
const HOLES = [undefined, { gone: undefined }];

/** What crosses is what was sent, both ways; what cannot cross is an error. */
export const act: HostAct = async ({ ecosystem, moduleOf }) => {
  await ecosystem.loader.load(moduleOf());
  const { run, echo } = await serviceOf<Attacker>(ecosystem, "attack");
  for (
    const [kind, wanted] of Object.entries({
      numbers: NUMBERS,
      text: TEXTS,
      holes: HOLES,
    })
  ) {
    assertEquals(await run(kind), wanted);
    assertEquals(await echo(wanted), wanted);
  }
  for (const kind of ["bigint", "symbol"]) {
    const error = await run(kind).catch((error) => error);
    assertEquals(isCoded(error) && error.code, "PLUGIN_THREW");
  }
  const error = await echo(10n ** 400n).catch((error) => error);
  assertEquals(isCoded(error) && error.code, "MESSAGE_INVALID");
};
