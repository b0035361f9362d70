import { assertEquals } from "@std/assert";
import type { Clock } from "../../core/base/mod.ts";
import { type PendingStep, StepAnnouncer } from "./announce_steps.ts";
import type { TrainingEvent } from "./events.ts";

const STEP: PendingStep = {
  step: 1,
  epoch: 1,
  batch: 1,
  examples: 2,
  learningRate: 0.1,
};

function fixture(heard?: readonly string[]) {
  const time = { ms: 0 };
  const clock: Clock = {
    nowMs: () => time.ms,
    after: () => ({ [Symbol.dispose]() {} }),
  };
  const events: TrainingEvent[] = [];
  const steps = new StepAnnouncer({
    publish: (event) => events.push(event),
    ...heard && { hasListeners: (type: string) => heard.includes(type) },
  }, clock);
  return { steps, events, time };
}

Deno.test("StepAnnouncer announces each step in order, then what was measured", () => {
  const { steps, events, time } = fixture();
  steps.start();
  steps.add(STEP);
  steps.add({ ...STEP, step: 2, batch: 2, examples: 6, learningRate: 0.05 });
  time.ms = 40;
  steps.announce([4, 8]);
  steps.add({ ...STEP, step: 3, batch: 3 });
  time.ms = 50;
  steps.announce([1]);
  const trainerStep = (data: object) => ({
    kind: "Custom" as const,
    eventType: "TrainerStep" as const,
    data: { ...STEP, ...data },
  });
  assertEquals<unknown[]>(events, [
    trainerStep({ step: 1, loss: 4 }),
    trainerStep({
      step: 2,
      batch: 2,
      examples: 6,
      learningRate: 0.05,
      loss: 8,
    }),
    {
      kind: "Telemetry",
      // (2 * 4 + 6 * 8) / 8; 40 ms for 2 steps and 8 examples
      data: { loss: 7, learningRate: 0.05, stepMs: 20, examplesPerSecond: 200 },
    },
    trainerStep({ step: 3, batch: 3, loss: 1 }),
    {
      kind: "Telemetry",
      data: { loss: 1, learningRate: 0.1, stepMs: 10, examplesPerSecond: 200 },
    },
  ]);
});

Deno.test("StepAnnouncer makes only what is heard", () => {
  for (
    const [heard, kinds] of [
      [[], []],
      [["Telemetry"], ["Telemetry"]],
      [["TrainerStep"], ["Custom"]],
    ]
  ) {
    const { steps, events } = fixture(heard);
    steps.start();
    steps.add(STEP);
    steps.announce([1]);
    assertEquals(events.map(({ kind }) => kind), kinds);
  }
});

Deno.test("StepAnnouncer forgets the steps of a pass that failed", () => {
  const { steps, events } = fixture(["TrainerStep"]);
  steps.start();
  steps.add(STEP);
  steps.start();
  steps.add({ ...STEP, step: 2 });
  steps.announce([1]);
  assertEquals(
    events.map((event) => event.kind === "Custom" && event.data),
    [{ ...STEP, step: 2, loss: 1 }],
  );
});
