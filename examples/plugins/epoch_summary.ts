/**
 * A plugin that watches a training run: it counts readings, keeps the lowest loss, and publishes a summary
 * when an epoch ends.
 */
import { definePlugin, type Plugin } from "@spiraltorch/spiraltorch/plugin";

/** What it knows of the run. */
const run = { readings: 0, stepMs: 0, lowestLoss: Infinity };

const plugin: Plugin = definePlugin({
  metadata: {
    id: "example.epoch_summary",
    version: "1.0.0",
    description: "Sums epochs up.",
    capabilities: ["Telemetry"],
  },
  eventTypes: ["Telemetry", "EpochEnd"],
  onEvent(event, context) {
    if (event.kind === "Telemetry") {
      const { loss = Infinity, stepMs = 0 } = event.data;
      run.readings++;
      run.stepMs += stepMs;
      run.lowestLoss = Math.min(run.lowestLoss, loss);
    }
    if (event.kind === "EpochEnd") {
      const { epoch, loss } = event;
      const { readings, lowestLoss, stepMs } = run;
      const meanStepMs = stepMs / readings;
      const data = { epoch, loss, lowestLoss, readings, meanStepMs };
      context.publish({ kind: "Custom", eventType: "epoch_summary", data });
    }
  },
});

export default plugin;
