import { assert } from "@std/assert";
import { trainDigits } from "./digits_cnn.ts";

Deno.test("example: digits by convolutions", async () => {
  // One epoch: that it learns, not how well it can.
  const accuracy = await trainDigits({
    epochs: 1,
    seed: 1,
    out: { isTerminal: false, columns: 80, write: () => {} },
  });
  assert(accuracy > 0.9, `${accuracy}`);
});
