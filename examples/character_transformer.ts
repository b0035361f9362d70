/**
 * Trains a transformer on the prose of the World Factbook, character by character, as
 * `character_transformer.yaml` describes it; compares it with counts of pairs, and lets it write.
 *
 * Permissions: `--allow-read=examples`, for the description. Nothing is written or fetched.
 *
 * `deno run --allow-read=examples examples/character_transformer.ts`
 *
 * @module
 */
import {
  CharacterVocabulary,
  createEcosystem,
  DataLoader,
  type Module,
  randomUniform,
  SequenceDataset,
  terminal,
  type TextSink,
  Trainer,
} from "@spiraltorch/spiraltorch";
import { characterPlugin } from "./character_transformer_modules.ts";
import { loadCountries } from "./factbook.ts";
import { NextCharacter } from "./next_character.ts";

/** How many characters the model sees at once. */
const LENGTH = 64;
/** The share of the text that is kept back. */
const HELD_OUT = 0.1;

/** Options of {@linkcode trainCharacters}. */
export interface TrainCharactersOptions {
  /** How often to go through the text. */
  readonly epochs: number;
  /** How much of the text is read, in characters; all of it if left out. */
  readonly characters?: number;
  /** How many characters it writes at the end. */
  readonly written: number;
  /** What weights, order and choices depend on. */
  readonly seed: number;
  /** Where progress is shown. */
  readonly out: TextSink;
}

/** How it went. All losses are on text that was kept back, in nats a character. */
export interface CharacterResults {
  /** Loss of the transformer. */
  readonly loss: number;
  /** Loss of counts of pairs. */
  readonly bigramLoss: number;
  /** What the transformer wrote. */
  readonly text: string;
}

/**
 * Trains the transformer.
 *
 * @param options How long, and from which seed.
 * @returns How it went.
 */
export async function trainCharacters(
  { epochs, characters = Infinity, written, seed, out }: TrainCharactersOptions,
): Promise<CharacterResults> {
  await using ecosystem = await createEcosystem();
  await ecosystem.plugins.registerAll([characterPlugin]);
  const config = await Deno.readTextFile(
    new URL("./character_transformer.yaml", import.meta.url),
  );
  const { model, loss, optimizer, schedule } = await ecosystem.recipe(config, {
    seed,
  });
  const prose = (await loadProse()).slice(0, characters);
  const vocabulary = new CharacterVocabulary(prose);
  const numbers = vocabulary.encode(prose);
  const split = Math.floor(numbers.length * (1 - HELD_OUT));
  const [train, heldOut] = [numbers.slice(0, split), numbers.slice(split)];
  using trainer = new Trainer({ model, loss: loss!, optimizer: optimizer! });
  await trainer.fit(
    new DataLoader(new SequenceDataset(train, { length: LENGTH }), {
      batchSize: 32,
      shuffle: true,
      dropLast: true,
      seed,
    }),
    {
      epochs,
      schedule: schedule!,
      progress: out,
    },
  );
  const result = await trainer.evaluate(
    new DataLoader(new SequenceDataset(heldOut, { length: LENGTH }), {
      batchSize: 64,
    }),
  );
  model.eval();
  const text = await write(model, vocabulary, { count: written, seed });
  model.dispose();
  return {
    loss: result.loss,
    bigramLoss: bigramLoss(train, heldOut, vocabulary.size),
    text,
  };
}

/** The prose of the World Factbook: where countries come from, and how they make their living. */
async function loadProse(): Promise<string> {
  const parts = (await loadCountries()).flatMap((country) => [
    country.text("Introduction", "Background"),
    country.text("Economy", "Economy - overview"),
  ]);
  return parts.filter((part) => part !== undefined).join("\n");
}

/** What counts of pairs are worth, each counted once more than it was seen. */
function bigramLoss(
  train: Int32Array,
  heldOut: Int32Array,
  size: number,
): number {
  const counts = new Float64Array(size * size).fill(1);
  const totals = new Float64Array(size).fill(size);
  for (let i = 1; i < train.length; i++) {
    counts[train[i - 1]! * size + train[i]!]!++;
    totals[train[i - 1]!]!++;
  }
  let loss = 0;
  for (let i = 1; i < heldOut.length; i++) {
    const before = heldOut[i - 1]!;
    loss -= Math.log(counts[before * size + heldOut[i]!]! / totals[before]!);
  }
  return loss / (heldOut.length - 1);
}

/** Lets a model write: each character is drawn by the probabilities that the ones before give. */
async function write(
  model: Module,
  vocabulary: CharacterVocabulary,
  { count, seed }: { readonly count: number; readonly seed: number },
): Promise<string> {
  using next = new NextCharacter(model, {
    capacity: LENGTH,
    temperature: TEMPERATURE,
  });
  const draws = await randomUniform([count], { key: seed }).data();
  const written = [...vocabulary.encode("\n")];
  let unread = written;
  for (let i = 0; i < count; i++) {
    if (next.length + unread.length > next.capacity) {
      // It was never shown more: it goes on from the later half.
      next.forget();
      unread = written.slice(-LENGTH / 2);
    }
    const chances = Array.from(await next.read(unread));
    unread = [draw(chances.slice(0, vocabulary.size), draws[i]!)];
    written.push(...unread);
  }
  return vocabulary.decode(written).trim();
}

/** Below 1, likely characters become likelier. */
const TEMPERATURE = 0.7;

/** The number whose share of the whole holds a chance. */
function draw(weights: readonly number[], chance: number): number {
  let rest = chance * weights.reduce((sum, weight) => sum + weight, 0);
  const place = weights.findIndex((weight) => (rest -= weight) < 0);
  return place < 0 ? weights.length - 1 : place;
}

if (import.meta.main) {
  const out = terminal();
  const start = performance.now();
  const { loss, bigramLoss, text } = await trainCharacters({
    epochs: 3,
    written: 600,
    seed: 1,
    out,
  });
  const seconds = (performance.now() - start) / 1000;
  out.write(`${text}\n\n`);
  out.write(
    `Held out: ${loss.toFixed(3)} nats a character, counts of pairs ${
      bigramLoss.toFixed(3)
    }, after ${seconds.toFixed(0)} s\n`,
  );
}
