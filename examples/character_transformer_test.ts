import { assert } from "@std/assert";
import { trainCharacters } from "./character_transformer.ts";

Deno.test("example: a transformer of characters", async () => {
  // A little of the text: that it learns, not how well it can.
  const { loss, text } = await trainCharacters({
    epochs: 3,
    characters: 40_000,
    written: 20,
    seed: 1,
    out: { isTerminal: false, columns: 80, write: () => {} },
  });
  // Knowing how often each character occurs is worth 3.1.
  assert(loss < 2.9, `${loss}`);
  assert(text.length > 10, text);
});
