// What a dashboard costs a step of training: the event is made, published, and taken into the feed. An
// iteration is a thousand steps.

import { PluginEventBus } from "../../../core/mod.ts";
import { DashboardFeed } from "./dashboard_feed.ts";

const STEPS = 1000;
const bus = new PluginEventBus();
let step = 0;

/** As a trainer does it. */
function announce(to: PluginEventBus): void {
  for (let i = 0; i < STEPS; i++) {
    if (!to.hasListeners("TrainerStep")) continue;
    const data = {
      step: ++step,
      epoch: 1,
      batch: i,
      examples: 64,
      learningRate: 0.001,
      loss: 1 / (1 + i),
    };
    to.publish({ kind: "Custom", eventType: "TrainerStep", data });
  }
}

const watched = new PluginEventBus();
const feed = new DashboardFeed("bench");
feed.listen(watched);
const group = `announcing ${STEPS} steps`;

Deno.bench("to nobody", { group, baseline: true }, () => announce(bus));

Deno.bench("to a dashboard", { group }, () => announce(watched));

Deno.bench(
  "making what a browser is sent that has seen all but 100 steps",
  (bench) => {
    const { seen } = feed.after(undefined)!;
    for (let i = 0; i < 100; i++) {
      const data = { step: ++step, epoch: 1, loss: 1, learningRate: 1 };
      watched.publish({ kind: "Custom", eventType: "TrainerStep", data });
    }
    bench.start();
    JSON.stringify(feed.after(seen)!.frame);
    bench.end();
  },
);
