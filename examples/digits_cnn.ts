/**
 * Trains a convolutional network on real handwritten digits, as `digits_cnn.yaml` describes it.
 *
 * Permissions: `--allow-read=examples`, for the description. Nothing is written or fetched.
 *
 * `deno run --allow-read=examples examples/digits_cnn.ts`
 *
 * @module
 */
import {
  cosine,
  createEcosystem,
  DataLoader,
  linearWarmup,
  terminal,
  type TextSink,
  Trainer,
} from "@spiraltorch/spiraltorch";
import { loadDigits } from "./mnist_digits.ts";

/** Options of {@linkcode trainDigits}. */
export interface TrainDigitsOptions {
  /** How often to go through the digits. */
  readonly epochs: number;
  /** What weights, order and dropout depend on. */
  readonly seed: number;
  /** Where progress is shown. */
  readonly out: TextSink;
}

/**
 * Trains the network.
 *
 * @param options How long, and from which seed.
 * @returns Its accuracy on 1,000 digits that it has never seen.
 */
export async function trainDigits(
  { epochs, seed, out }: TrainDigitsOptions,
): Promise<number> {
  await using ecosystem = await createEcosystem();
  const config = await Deno.readTextFile(
    new URL("./digits_cnn.yaml", import.meta.url),
  );
  const { model, loss, optimizer } = await ecosystem.recipe(config, { seed });
  const digits = await loadDigits({ heldOut: 1_000, seed });
  const heldOut = new DataLoader(digits.heldOut, { batchSize: 250 });
  using trainer = new Trainer({ model, loss: loss!, optimizer: optimizer! });
  await trainer.fit(
    new DataLoader(digits.train, { batchSize: 64, shuffle: true, seed }),
    {
      epochs,
      schedule: linearWarmup({ share: 0.05, then: cosine() }),
      validation: heldOut,
      progress: out,
    },
  );
  const { accuracy = 0 } = await trainer.evaluate(heldOut);
  model.dispose();
  return accuracy;
}

if (import.meta.main) {
  const out = terminal();
  const start = performance.now();
  const accuracy = await trainDigits({ epochs: 8, seed: 1, out });
  const seconds = (performance.now() - start) / 1000;
  out.write(
    `Held out: ${(100 * accuracy).toFixed(1)} % after ${
      seconds.toFixed(0)
    } s\n`,
  );
}
