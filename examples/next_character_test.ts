/** Characters read one after another. Oracle: all of them read at once. */
import { assertEquals } from "@std/assert";
import { createEcosystem, tensor } from "@spiraltorch/spiraltorch";
import { assertClose } from "@spiraltorch/spiraltorch/testing";
import { characterPlugin } from "./character_transformer_modules.ts";
import { NextCharacter } from "./next_character.ts";

Deno.test("NextCharacter.read() gives what the whole model gives, and forgets", async () => {
  await using ecosystem = await createEcosystem();
  await ecosystem.plugins.registerAll([characterPlugin]);
  const { model } = await ecosystem.recipe(
    await Deno.readTextFile(
      new URL("./character_transformer.yaml", import.meta.url),
    ),
    { seed: 1 },
  );
  model.eval();
  using next = new NextCharacter(model, { capacity: 6 });
  for (const text of [[5, 90, 5, 17, 31, 8], [2, 3, 2, 3]]) {
    next.forget();
    let seen: readonly number[] = [];
    // Two at first, then one after another.
    for (const part of [text.slice(0, 2), ...text.slice(2).map((n) => [n])]) {
      seen = [...seen, ...part];
      const x = tensor(Int32Array.from(seen), { shape: [1, seen.length] });
      const want = model.forward(x).softmax(-1).slice([null, [-1]]);
      assertClose(await next.read(part), await want.data(), {
        tolerance: 1e-5,
      });
    }
    assertEquals(next.length, text.length);
  }
  model.dispose();
});
