import { assert, assertEquals } from "@std/assert";
import type { Clock } from "../../core/base/mod.ts";
import type { TrainingProgress } from "./progress.ts";
import { ProgressBar, type TextSink } from "./progress_bar.ts";

class Screen implements TextSink {
  readonly isTerminal: boolean;
  readonly columns: number;
  text = "";

  constructor(isTerminal: boolean, columns = 120) {
    this.isTerminal = isTerminal;
    this.columns = columns;
  }

  write(text: string): void {
    this.text += text;
  }
}

class StillClock implements Clock {
  ms = 0;
  nowMs(): number {
    return this.ms;
  }
  after(): Disposable {
    throw new Error("Nothing is delayed here");
  }
}

const LIVE: TrainingProgress = {
  epoch: 2,
  epochs: 5,
  batch: 30,
  batches: 120,
  loss: 0.43210987,
  accuracy: 0.87654,
  elapsedMs: 1000,
  samplesPerSecond: 1234.5,
  remainingMs: 64_500,
  report: undefined,
};

const DONE: TrainingProgress = {
  ...LIVE,
  batch: 120,
  report: {
    epoch: 2,
    loss: 0.25,
    accuracy: 0.9,
    validation: { loss: 0.5, accuracy: 0.85 },
    durationMs: 3210,
  },
};

const DONE_LINE =
  "epoch 2/5  loss 0.2500  accuracy 90.00 %  validation  loss 0.5000  accuracy 85.00 %  3.2 s";

Deno.test("ProgressBar.show() draws one line over and over on a terminal", () => {
  const screen = new Screen(true);
  const clock = new StillClock();
  using bar = new ProgressBar(screen, clock);
  bar.show(LIVE);
  assertEquals(
    screen.text,
    "\repoch 2/5  █████░░░░░░░░░░░░░░░  30/120  loss 0.4321  accuracy 87.65 %  1235 samples/s  1:05 left\x1b[K",
  );
  screen.text = "";
  bar.show(DONE);
  assertEquals(screen.text, `\r${DONE_LINE}\x1b[K\n`);
});

Deno.test("ProgressBar.show() draws no more often than an eye can follow", () => {
  const screen = new Screen(true);
  const clock = new StillClock();
  using bar = new ProgressBar(screen, clock);
  let drawn = 0;
  for (clock.ms = 0; clock.ms < 1000; clock.ms++) {
    screen.text = "";
    bar.show(LIVE);
    if (screen.text) drawn++;
  }
  assert(drawn >= 10 && drawn <= 15, `${drawn} times a second`);
});

Deno.test("ProgressBar.show() writes one plain line an epoch elsewhere", () => {
  const screen = new Screen(false);
  using bar = new ProgressBar(screen, new StillClock());
  bar.show(LIVE);
  bar.show(DONE);
  bar.show({ ...LIVE, epoch: 3 });
  assertEquals(screen.text, `${DONE_LINE}\n`);
});

Deno.test("ProgressBar.show() stays within the line", () => {
  for (const columns of [0, 1, 20, 80]) {
    const screen = new Screen(true, columns);
    using bar = new ProgressBar(screen, new StillClock());
    bar.show(LIVE);
    assert(screen.text.startsWith("\r") && screen.text.endsWith("\x1b[K"));
    const line = screen.text.slice(1, -"\x1b[K".length);
    assert(line.length < Math.max(columns, 1));
  }
});

Deno.test("ProgressBar.show() leaves out what was not measured", () => {
  const screen = new Screen(false);
  using bar = new ProgressBar(screen, new StillClock());
  const report = {
    ...DONE.report!,
    accuracy: undefined,
    validation: undefined,
  };
  bar.show({ ...DONE, report });
  assertEquals(screen.text, "epoch 2/5  loss 0.2500  3.2 s\n");
});

Deno.test("ProgressBar ends an open line when it is disposed", () => {
  const screen = new Screen(true);
  {
    using bar = new ProgressBar(screen, new StillClock());
    bar.show(LIVE);
  }
  assert(screen.text.endsWith("left\x1b[K\n"));
  screen.text = "";
  {
    using bar = new ProgressBar(screen, new StillClock());
    bar.show(DONE);
  }
  assertEquals(screen.text, `${DONE_LINE}\n`);
});
