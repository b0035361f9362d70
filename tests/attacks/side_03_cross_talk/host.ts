import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { serviceOf } from "../attack_scene.ts";

interface Talker {
  talk(): Promise<void>;
  heard(): Promise<unknown[]>;
}

/** What one says, the other one does not hear, though both listen before and after. */
export const act: HostAct = async ({ ecosystem, moduleOf }) => {
  await ecosystem.loader.load([moduleOf("left.js"), moduleOf("right.js")]);
  const talkers: Talker[] = [];
  for (const id of ["left", "right"]) {
    talkers.push(await serviceOf<Talker>(ecosystem, id));
  }
  for (let round = 0; round < 5; round++) {
    for (const talker of talkers) await talker.talk();
    for (const [index, talker] of talkers.entries()) {
      const own = index === 0 ? "left" : "right";
      const others = (await talker.heard()).filter((id) => id !== own);
      assertEquals(others, []);
    }
  }
};
