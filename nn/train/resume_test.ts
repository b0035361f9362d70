// What was interrupted gives the same bits as what was not: losses, parameters, and what is told of it.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { randomArray } from "../../testing/mod.ts";
import { ArrayDataset } from "../data/array_dataset.ts";
import type { Batch, BatchSource } from "../data/batch.ts";
import { DataLoader } from "../data/data_loader.ts";
import { NnError } from "../errors.ts";
import { BatchNorm1d } from "../layers/batch_norm.ts";
import { Dropout } from "../layers/dropout.ts";
import { Linear } from "../layers/linear.ts";
import { Sequential } from "../layers/sequential.ts";
import { crossEntropy } from "../losses/cross_entropy.ts";
import { Adam } from "../optimizers/adam.ts";
import { encodeSafetensors } from "../safetensors/encode_safetensors.ts";
import { cosine } from "../schedules/cosine.ts";
import type { CheckpointStore } from "./checkpoint_store.ts";
import { EarlyStopping } from "./early_stopping.ts";
import type { TrainerStep } from "./events.ts";
import { Trainer } from "./trainer.ts";
import type { FitResult } from "./fit_result.ts";

const EPOCHS = 4;
/** 5 batches a pass. */
const LOADER = new DataLoader(
  new ArrayDataset({
    inputs: randomArray(40 * 6, 1),
    inputShape: [6],
    targets: Int32Array.from({ length: 40 }, (_, i) => i % 3),
  }),
  { batchSize: 9, shuffle: true, seed: 4 },
);

/** Everything that could be lost: random masks, running means, averages of slopes. */
function makeModel(hidden = 8): Sequential {
  return new Sequential([
    new Linear({ inFeatures: 6, outFeatures: hidden, seed: 1 }),
    new BatchNorm1d({ features: hidden }),
    new Dropout({ probability: 0.3, seed: 2 }),
    new Linear({ inFeatures: hidden, outFeatures: 3, seed: 3 }),
  ]);
}

class MemoryStore implements CheckpointStore {
  bytes: Uint8Array<ArrayBuffer> | undefined;
  writes = 0;

  write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.writes++;
    this.bytes = bytes;
    return Promise.resolve();
  }

  read(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return Promise.resolve(this.bytes);
  }
}

interface Start {
  readonly store: MemoryStore;
  readonly steps: TrainerStep[];
  readonly data?: BatchSource;
  readonly everySteps?: number;
  /** Before which step the process ends: as by Ctrl-C, or as by a kill. */
  readonly abortBefore?: number;
  readonly failBefore?: number;
}

/** What a program does each time that it is started. */
async function start(
  { store, steps, data = LOADER, everySteps, abortBefore, failBefore }: Start,
): Promise<{ result: FitResult; parameters: Float32Array[] }> {
  const model = makeModel();
  const controller = new AbortController();
  using trainer = new Trainer({
    model,
    loss: crossEntropy,
    optimizer: new Adam({ learningRate: 0.02 }),
    events: {
      publish(event) {
        if (event.kind !== "Custom") return;
        if (event.eventType === "TrainerStep") steps.push(event.data);
      },
    },
  });
  await trainer.resume(store);
  let taken = 0;
  const source: BatchSource = {
    batchCount: data.batchCount,
    sampleCount: data.sampleCount,
    async *epoch(index): AsyncGenerator<Batch> {
      yield* this.epochFrom!(index, 0);
    },
    async *epochFrom(index, batch): AsyncGenerator<Batch> {
      let place = 0;
      for await (const each of data.epoch(index)) {
        if (place++ < batch) {
          each[Symbol.dispose]();
          continue;
        }
        if (taken === failBefore) throw new Error("killed");
        if (taken++ === abortBefore) controller.abort();
        yield each;
      }
    },
  };
  const result = await trainer.fit(source, {
    epochs: EPOCHS,
    schedule: cosine(),
    validation: LOADER,
    signal: controller.signal,
    callbacks: [new EarlyStopping({ patience: EPOCHS, restoreBest: false })],
    checkpoint: { store, ...everySteps && { everySteps } },
  });
  const parameters = await Promise.all(
    Array.from(
      model.parameters().values(),
      async (parameter) => new Float32Array(await parameter.data()),
    ),
  );
  model.dispose();
  return { result, parameters };
}

/** The losses of each step, and the means of each pass; times of day differ. */
function numbersOf(steps: readonly TrainerStep[], result: FitResult) {
  return {
    steps: [...new Map(steps.map((step) => [step.step, step])).values()],
    outcome: result.outcome,
    epochs: result.epochs.map(({ durationMs: _, ...numbers }) => numbers),
  };
}

const steps: TrainerStep[] = [];
const whole = await start({ store: new MemoryStore(), steps });
const wanted = {
  ...numbersOf(steps, whole.result),
  parameters: whole.parameters,
};

Deno.test.each([0, 1, 4, 5, 8, 13, 19].map((abortBefore) => ({ abortBefore })))(
  "Trainer.resume() goes on after a signal before step $abortBefore",
  async ({ abortBefore }) => {
    const store = new MemoryStore();
    const steps: TrainerStep[] = [];
    const first = await start({ store, steps, abortBefore });
    assertEquals(first.result.outcome, "aborted");
    assertEquals(steps.length, abortBefore);
    const { result, parameters } = await start({ store, steps });
    assertEquals(
      steps.map(({ step }) => step),
      wanted.steps.map(({ step }) => step),
    );
    assertEquals({ ...numbersOf(steps, result), parameters }, wanted);
  },
);

Deno.test("Trainer.resume() goes on after each of many failures, from the last checkpoint", async () => {
  const store = new MemoryStore();
  const steps: TrainerStep[] = [];
  for (const failBefore of [2, 4, 3, 7, 5]) {
    await assertRejects(
      () => start({ store, steps, everySteps: 3, failBefore }),
      Error,
      "killed",
    );
  }
  const { result, parameters } = await start({ store, steps, everySteps: 3 });
  assertEquals({ ...numbersOf(steps, result), parameters }, wanted);
});

Deno.test("Trainer.resume() leaves nothing to do of what was completed", async () => {
  const store = new MemoryStore();
  await start({ store, steps: [] });
  const steps: TrainerStep[] = [];
  const { result, parameters } = await start({ store, steps });
  assertEquals(steps, []);
  const numbers = numbersOf(wanted.steps, result);
  assertEquals({ ...numbers, parameters }, wanted);
});

Deno.test("Trainer.fit() writes a checkpoint each pass, and each so many steps", async () => {
  const store = new MemoryStore();
  await start({ store, steps: [] });
  assertEquals(store.writes, EPOCHS);
  store.writes = 0;
  store.bytes = undefined;
  await start({ store, steps: [], everySteps: 3 });
  // After steps 3, 6, 9, 12, 15, 18, and after each pass.
  assertEquals(store.writes, 6 + EPOCHS);
});

function trainerOf(model: Sequential): Trainer {
  return new Trainer({ model, loss: crossEntropy, optimizer: new Adam() });
}

Deno.test("Trainer.resume() tells whether there is a checkpoint", async () => {
  using trainer = trainerOf(makeModel());
  const store = new MemoryStore();
  assertEquals(await trainer.resume(store), false);
  await trainer.fit(LOADER, { epochs: 1, checkpoint: { store } });
  assertEquals(await trainer.resume(store), true);
});

Deno.test("Trainer.resume() refuses a checkpoint of another model and changes nothing", async () => {
  const store = new MemoryStore();
  {
    using trainer = trainerOf(makeModel());
    await trainer.fit(LOADER, { epochs: 1, checkpoint: { store } });
  }
  const model = makeModel(7);
  const weight = model.parameters().get("0.weight")!;
  const before = await weight.data();
  using trainer = trainerOf(model);
  const error = await assertRejects(() => trainer.resume(store), NnError);
  assertEquals(error.code, "CHECKPOINT_INVALID");
  assert(error.cause instanceof NnError);
  assertEquals(error.cause.code, "STATE_DICT_MISMATCH");
  assertEquals(await weight.data(), before);
});

Deno.test("Trainer.resume() refuses what is no checkpoint", async () => {
  using trainer = trainerOf(makeModel());
  const note = (text: string) =>
    encodeSafetensors(new Map(), {
      metadata: new Map([["spiraltorch.training", text]]),
    });
  for (
    const [bytes, problem] of [
      [Uint8Array.of(1, 2, 3), "no safetensors file"],
      [encodeSafetensors(new Map()), "weights alone"],
      [note("{"), "no JSON"],
      [note(`{"epochs":-1}`), "epochs"],
    ] as const
  ) {
    const store = new MemoryStore();
    store.bytes = bytes;
    const error = await assertRejects(
      () => trainer.resume(store),
      NnError,
      problem,
    );
    assertEquals(error.code, "CHECKPOINT_INVALID");
  }
});
