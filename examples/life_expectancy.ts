/**
 * Learns a table: the life expectancy of a country by six of its numbers, as `life_expectancy.yaml`
 * describes the network. Training ends when countries that are kept back for it say so.
 *
 * Permissions: `--allow-read=examples`, for the description. Nothing is written or fetched.
 *
 * `deno run --allow-read=examples examples/life_expectancy.ts`
 *
 * @module
 */
import {
  ArrayDataset,
  createEcosystem,
  DataLoader,
  EarlyStopping,
  type Module,
  randomUniform,
  terminal,
  type TextSink,
  Trainer,
} from "@spiraltorch/spiraltorch";
import { type Country, loadCountries, numberOf } from "./factbook.ts";

/** Where the numbers stand; those that grow by factors are seen by their logarithms. */
const FEATURES: readonly ((country: Country) => number | undefined)[] = [
  (country) => log(numberOf(country, "Economy", "GDP - per capita (PPP)")),
  (country) => numberOf(country, "People and Society", "Total fertility rate"),
  (country) =>
    numberOf(country, "People and Society", "Urbanization", "urban population"),
  (country) => numberOf(country, "People and Society", "Health expenditures"),
  (country) =>
    log(numberOf(country, "People and Society", "Physicians density")),
  (country) =>
    numberOf(country, "People and Society", "Population growth rate"),
];

/** A country as numbers. */
interface Row {
  readonly features: readonly number[];
  readonly years: number;
}

/** Options of {@linkcode learnLifeExpectancy}. */
export interface LearnOptions {
  /** How often to go through the countries, at most. */
  readonly epochs: number;
  /** What weights, order and the choice of countries depend on. */
  readonly seed: number;
  /** Where progress is shown. */
  readonly out: TextSink;
}

/** How far off predictions are for countries that nothing was learned from: roots of mean squares, in years. */
export interface LifeExpectancyResults {
  /** Those of the network. */
  readonly error: number;
  /** Those of one number for all. */
  readonly meanError: number;
  /** How many countries were kept back. */
  readonly heldOut: number;
}

/**
 * Trains the network.
 *
 * @param options How long, and from which seed.
 * @returns How far off it is.
 */
export async function learnLifeExpectancy(
  { epochs, seed, out }: LearnOptions,
): Promise<LifeExpectancyResults> {
  await using ecosystem = await createEcosystem();
  const config = await Deno.readTextFile(
    new URL("./life_expectancy.yaml", import.meta.url),
  );
  const { model, loss, optimizer } = await ecosystem.recipe(config, { seed });
  const rows = await shuffled((await loadCountries()).flatMap(toRow), seed);
  const [test, validation, train] = [
    rows.slice(0, 40),
    rows.slice(40, 70),
    rows.slice(70),
  ];
  const scale = scaleOf(train);
  const load = (part: readonly Row[], shuffle = false) =>
    new DataLoader(toDataset(part, scale), { batchSize: 16, shuffle, seed });
  using trainer = new Trainer({ model, loss: loss!, optimizer: optimizer! });
  const { outcome, epochs: reports } = await trainer.fit(load(train, true), {
    epochs,
    validation: load(validation),
    callbacks: [new EarlyStopping({ patience: 30 })],
  });
  out.write(`${outcome} after ${reports.length} passes\n`);
  model.eval();
  const mean = scale.years.mean;
  const predicted = await predict(model, test, scale);
  model.dispose();
  return {
    error: rootMeanSquare(test.map(({ years }, i) => years - predicted[i]!)),
    meanError: rootMeanSquare(test.map(({ years }) => years - mean)),
    heldOut: test.length,
  };
}

function log(x: number | undefined): number | undefined {
  return x === undefined ? undefined : Math.log(x);
}

/** A country that all numbers are known of. */
function toRow(country: Country): Row[] {
  const years = numberOf(
    country,
    "People and Society",
    "Life expectancy at birth",
    "total population",
  );
  const features = FEATURES.map((feature) => feature(country));
  const isKnown = features.every((x) => x !== undefined && Number.isFinite(x));
  if (years === undefined || !isKnown) return [];
  return [{ features: features.map(Number), years }];
}

async function shuffled(rows: readonly Row[], seed: number): Promise<Row[]> {
  const keys = await randomUniform([rows.length], { key: seed }).data();
  return Array.from(rows.keys()).sort((a, b) => keys[a]! - keys[b]!)
    .map((i) => rows[i]!);
}

/** Mean and deviation of a column. */
interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

/** Those of all columns, by which numbers of any size become numbers around 1. */
interface Scale {
  readonly features: readonly Spread[];
  readonly years: Spread;
}

function scaleOf(rows: readonly Row[]): Scale {
  return {
    features: FEATURES.map((_, i) =>
      spreadOf(rows.map(({ features }) => features[i]!))
    ),
    years: spreadOf(rows.map(({ years }) => years)),
  };
}

function spreadOf(column: readonly number[]): Spread {
  const mean = column.reduce((sum, x) => sum + x, 0) / column.length;
  return { mean, deviation: rootMeanSquare(column.map((x) => x - mean)) };
}

function toDataset(rows: readonly Row[], scale: Scale): ArrayDataset {
  return new ArrayDataset({
    inputs: Float32Array.from(
      rows.flatMap(({ features }) =>
        features.map((x, i) => scaled(x, scale.features[i]!))
      ),
    ),
    inputShape: [FEATURES.length],
    targets: Float32Array.from(rows, ({ years }) => scaled(years, scale.years)),
    targetShape: [1],
  });
}

function scaled(x: number, { mean, deviation }: Spread): number {
  return (x - mean) / deviation;
}

async function predict(
  model: Module,
  rows: readonly Row[],
  scale: Scale,
): Promise<number[]> {
  const all = Int32Array.from(rows.keys());
  using batch = toDataset(rows, scale).batch(all);
  using y = model.forward(batch.inputs);
  const { mean, deviation } = scale.years;
  return Array.from(await y.data(), (x) => mean + deviation * x);
}

function rootMeanSquare(errors: readonly number[]): number {
  const sum = errors.reduce((sum, error) => sum + error * error, 0);
  return Math.sqrt(sum / errors.length);
}

if (import.meta.main) {
  const out = terminal();
  const { error, meanError, heldOut } = await learnLifeExpectancy({
    epochs: 300,
    seed: 1,
    out,
  });
  out.write(
    `${heldOut} countries: off by ${error.toFixed(1)} years, by ${
      meanError.toFixed(1)
    } with one number for all\n`,
  );
}
