import { assert } from "@std/assert";
import { trainAutoencoder } from "./digits_autoencoder.ts";

Deno.test("example: digits through a bottleneck", async () => {
  // One epoch: that it learns, not how well it can.
  const { error, meanError, drawing } = await trainAutoencoder({
    epochs: 1,
    seed: 1,
    out: { isTerminal: false, columns: 80, write: () => {} },
  });
  assert(error < 0.6 * meanError, `${error} ${meanError}`);
  assert(drawing.split("\n").length > 10, drawing);
});
