/**
 * Trains a network to give back real handwritten digits through a bottleneck of 16 numbers, as
 * `digits_autoencoder.yaml` describes it, and draws one of them before and after.
 *
 * Permissions: `--allow-read=examples`, for the description. Nothing is written or fetched.
 *
 * `deno run --allow-read=examples examples/digits_autoencoder.ts`
 *
 * @module
 */
import {
  cosine,
  createEcosystem,
  DataLoader,
  type Dataset,
  terminal,
  type TextSink,
  Trainer,
} from "@spiraltorch/spiraltorch";
import { loadDigits } from "./mnist_digits.ts";

/** Rows and columns of an image. */
const SIDE = 28;

/** Options of {@linkcode trainAutoencoder}. */
export interface TrainAutoencoderOptions {
  /** How often to go through the digits. */
  readonly epochs: number;
  /** What weights and order depend on. */
  readonly seed: number;
  /** Where progress is shown. */
  readonly out: TextSink;
}

/** Mean squares of what pixels of digits that it has never seen are off by; pixels are from 0 to 1. */
export interface AutoencoderResults {
  /** Those of the network. */
  readonly error: number;
  /** Those of the mean of each pixel. */
  readonly meanError: number;
  /** A digit, and what the network gave back, side by side. */
  readonly drawing: string;
}

/**
 * Trains the network.
 *
 * @param options How long, and from which seed.
 * @returns How far off it is.
 */
export async function trainAutoencoder(
  { epochs, seed, out }: TrainAutoencoderOptions,
): Promise<AutoencoderResults> {
  await using ecosystem = await createEcosystem();
  const config = await Deno.readTextFile(
    new URL("./digits_autoencoder.yaml", import.meta.url),
  );
  const { model, loss, optimizer } = await ecosystem.recipe(config, { seed });
  const digits = await loadDigits({ heldOut: 1_000, seed });
  const heldOut = toItself(digits.heldOut);
  const validation = new DataLoader(heldOut, { batchSize: 250 });
  using trainer = new Trainer({ model, loss: loss!, optimizer: optimizer! });
  await trainer.fit(
    new DataLoader(toItself(digits.train), {
      batchSize: 64,
      shuffle: true,
      seed,
    }),
    { epochs, schedule: cosine(), validation, progress: out },
  );
  const { loss: error } = await trainer.evaluate(validation);
  using all = heldOut.batch(
    Int32Array.from({ length: heldOut.size }, (_, i) => i),
  );
  const meanError = await all.inputs.variance(0).mean().item();
  using one = heldOut.batch(Int32Array.of(0));
  model.eval();
  using given = model.forward(one.inputs);
  const drawing = sideBySide(await one.inputs.data(), await given.data());
  model.dispose();
  return { error, meanError, drawing };
}

/** The same samples, each of which is its own target. */
function toItself(dataset: Dataset): Dataset {
  return {
    size: dataset.size,
    batch(indices) {
      const batch = dataset.batch(indices);
      return { ...batch, targets: batch.inputs };
    },
  };
}

/** From dark to bright. */
const SHADES = " .:-=+*#%@";

function sideBySide(left: ArrayLike<number>, right: ArrayLike<number>): string {
  const rows = Array.from(
    { length: SIDE },
    (_, row) =>
      [left, right].map((pixels) =>
        Array.from({ length: SIDE }, (_, column) => {
          const pixel = pixels[row * SIDE + column]!;
          return SHADES[Math.min(9, Math.floor(10 * pixel))]!;
        }).join("")
      ).join("  "),
  );
  return rows.map((row) => row.trimEnd()).filter((row) => row !== "")
    .join("\n");
}

if (import.meta.main) {
  const out = terminal();
  const { error, meanError, drawing } = await trainAutoencoder({
    epochs: 8,
    seed: 1,
    out,
  });
  out.write(`${drawing}\n\n`);
  out.write(
    `Held out: off by ${error.toFixed(4)}, by ${
      meanError.toFixed(4)
    } with the mean of each pixel\n`,
  );
}
