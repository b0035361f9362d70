import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { tensor } from "../../ops/mod.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";
import { replaceElements } from "../state_dict.ts";
import { EarlyStopping, type EarlyStoppingOptions } from "./early_stopping.ts";
import type { EpochReport } from "./progress.ts";

class Point extends Module {
  readonly place: Parameter = new Parameter(tensor([0]));

  override forward(): Parameter {
    return this.place;
  }
}

/** A model whose parameter is the number of the pass, and what has been told to stop. */
async function fixture(options: EarlyStoppingOptions) {
  const model = await new Point().realize();
  const stop = new EarlyStopping(options);
  const control = {
    model,
    isStopped: false,
    stop: () => void (control.isStopped = true),
  };
  async function end(
    epoch: number,
    measures: Partial<EpochReport>,
  ): Promise<boolean> {
    await replaceElements(new Map([[model.place, tensor([epoch])]]));
    await stop.onEpochEnd({
      epoch,
      loss: NaN,
      accuracy: undefined,
      validation: undefined,
      durationMs: 0,
      ...measures,
    }, control);
    return control.isStopped;
  }
  return { model, stop, control, end };
}

Deno.test("EarlyStopping ends after so many passes in a row without progress", async () => {
  const { stop, end } = await fixture({ patience: 2 });
  const seen: boolean[] = [];
  for (const [i, loss] of [3, 2, 2, 1.5, 1.5, 1.6].entries()) {
    seen.push(await end(i + 1, { loss }));
  }
  assertEquals(seen, [false, false, false, false, false, true]);
  assertEquals(stop.bestEpoch, 4);
});

Deno.test("EarlyStopping wants progress of a certain size", async () => {
  const { stop, end } = await fixture({ patience: 1, minDelta: 0.5 });
  assertEquals(await end(1, { loss: 2 }), false);
  assertEquals(await end(2, { loss: 1.6 }), true);
  assertEquals(stop.bestEpoch, 1);
});

Deno.test("EarlyStopping watches the data for validation, and what it is told to", async () => {
  const { end } = await fixture({ patience: 1, monitor: "accuracy" });
  const at = (accuracy: number) => ({
    loss: 1,
    accuracy: 0,
    validation: { loss: 1, accuracy },
  });
  assertEquals(await end(1, at(0.5)), false);
  assertEquals(await end(2, at(0.6)), false);
  assertEquals(await end(3, at(0.6)), true);
});

Deno.test("EarlyStopping takes a NaN for no progress", async () => {
  const { end } = await fixture({ patience: 2 });
  assertEquals(await end(1, { loss: NaN }), false);
  assertEquals(await end(2, { loss: NaN }), true);
});

Deno.test("EarlyStopping gives the best parameters back, also after a restart", async () => {
  const { stop, end, control, model } = await fixture({ patience: 5 });
  await end(1, { loss: 2 });
  await end(2, { loss: 1 });
  await end(3, { loss: 3 });
  const again = new EarlyStopping({ patience: 5 });
  again.restore(stop.state());
  await stop.onFitEnd(undefined, control);
  assertEquals(await model.place.array(), [2]);
  await replaceElements(new Map([[model.place, tensor([9])]]));
  await again.onFitEnd(undefined, control);
  assertEquals(await model.place.array(), [2]);
  assertEquals(again.bestEpoch, 2);
});

Deno.test("EarlyStopping leaves the last parameters where it is told to", async () => {
  const { stop, end, control, model } = await fixture({
    patience: 5,
    restoreBest: false,
  });
  await end(1, { loss: 1 });
  await end(2, { loss: 2 });
  await stop.onFitEnd(undefined, control);
  assertEquals(await model.place.array(), [2]);
});

Deno.test.each<EarlyStoppingOptions>([
  { patience: 0 },
  { patience: 1.5 },
  { patience: 1, minDelta: -1 },
  { patience: 1, minDelta: NaN },
])("EarlyStopping rejects %j", (options) => {
  const error = assertThrows(() => new EarlyStopping(options), OptionError);
  assertEquals(error.code, "INVALID_OPTION");
});
