import { type Json, sizeOf } from "../../../core/base/mod.ts";
import type { Module, SampleArray } from "../../../nn/mod.ts";
import { tensor } from "../../../ops/mod.ts";
import type { CommandInput, CommandResult } from "../command.ts";
import { prepareFile, writeText } from "../files.ts";
import { withEcosystem } from "../with_ecosystem.ts";
import { isClassifier, loadInputs } from "./load_data.ts";
import { loadRun } from "./load_run.ts";
import { loadWeights } from "./load_weights.ts";

/** What a model gives for one sample. */
type Prediction = Readonly<Record<string, Json>>;

/**
 * Applies a trained model to inputs, one line of JSON a sample.
 *
 * @param input The command line.
 * @returns What it gives.
 */
export function predict(input: CommandInput): Promise<CommandResult> {
  const { options } = input;
  const file = options.text("out");
  return withEcosystem(input, async ({ modules }) => {
    if (file !== undefined) await prepareFile(file);
    const run = await loadRun(input, { modules });
    const { recipe: { model }, data, training } = run;
    await loadWeights(model, input);
    const inputs = await loadInputs(run, options.text("data"));
    const predictions = await apply(model.eval(), inputs, {
      batchSize: training.batchSize,
      describe: isClassifier(run)
        ? (scores) => describeClass(scores, data?.classes)
        : (output) => ({ output }),
    });
    model.dispose();
    const lines = predictions.map((each) => JSON.stringify(each)).join("\n");
    if (file !== undefined) await writeText(file, `${lines}\n`);
    return {
      data: file === undefined
        ? { predictions }
        : { samples: predictions.length, file },
      text: () =>
        file === undefined
          ? lines
          : `${predictions.length} predictions in ${file}`,
    };
  });
}

async function apply(
  model: Module,
  { data, shape: [count = 0, ...shape] }: SampleArray,
  { batchSize, describe }: {
    readonly batchSize: number;
    readonly describe: (output: readonly number[]) => Prediction;
  },
): Promise<Prediction[]> {
  const size = sizeOf(shape);
  const predictions: Prediction[] = [];
  for (let first = 0; first < count; first += batchSize) {
    const rows = Math.min(batchSize, count - first);
    const part = data.slice(first * size, (first + rows) * size);
    using x = tensor(part, { shape: [rows, ...shape] });
    using y = model.forward(x);
    const output = await y.data();
    const width = output.length / rows;
    for (let row = 0; row < rows; row++) {
      const numbers = output.subarray(row * width, (row + 1) * width);
      predictions.push(describe(Array.from(numbers)));
    }
  }
  return predictions;
}

/** The class with the highest score, and how sure the model is of it: a softmax of the scores. */
function describeClass(
  scores: readonly number[],
  classes: readonly string[] | undefined,
): Prediction {
  const best = scores.indexOf(Math.max(...scores));
  const sum = scores.reduce(
    (sum, score) => sum + Math.exp(score - scores[best]!),
    0,
  );
  return {
    class: classes?.[best] ?? best,
    probability: 1 / sum,
    output: scores,
  };
}
