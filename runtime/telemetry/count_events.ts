import type { Meter } from "@opentelemetry/api";
import { isPlainObject } from "../../core/base/mod.ts";
import type { PluginEvent } from "../../core/mod.ts";

/** Where events are heard: the bus of an ecosystem. */
export interface TelemetryEvents {
  /**
   * Listens.
   *
   * @param type Kind of event, or type of a custom one.
   * @param listener What is told of each.
   * @returns The subscription.
   */
  subscribe(type: string, listener: (event: PluginEvent) => void): Disposable;
}

/**
 * Makes metrics of events, until it is disposed.
 *
 * @param events Where they are heard.
 * @param meter Makes metrics.
 * @returns Ends it.
 */
export function countEvents(
  events: TelemetryEvents,
  meter: Meter,
): Disposable {
  const stack = new DisposableStack();
  const loss = meter.createGauge("spiraltorch.train.loss", {
    description: "Mean loss of the latest batch",
  });
  const examples = meter.createCounter("spiraltorch.train.examples", {
    description: "Examples that have been trained on",
  });
  const reloads = meter.createCounter("spiraltorch.plugin.reloads", {
    description: "Plugins that were replaced while they ran",
  });
  const errors = meter.createCounter("spiraltorch.plugin.errors", {
    description: "Failures of plugins' code",
  });
  const hear = (type: string, listener: (event: PluginEvent) => void) =>
    stack.use(events.subscribe(type, listener));
  hear("TrainerStep", (event) => {
    // Anybody may publish a type of this name.
    if (event.kind !== "Custom" || !isPlainObject(event.data)) return;
    const { loss: value, examples: count } = event.data;
    if (typeof value === "number") loss.record(value);
    if (typeof count === "number" && count > 0) examples.add(count);
  });
  hear("PluginReloaded", (event) => {
    if (event.kind === "PluginReloaded") {
      reloads.add(1, { "spiraltorch.plugin": event.pluginId });
    }
  });
  hear("PluginError", (event) => {
    if (event.kind !== "PluginError") return;
    const { pluginId, code } = event;
    errors.add(1, {
      ...pluginId !== undefined && { "spiraltorch.plugin": pluginId },
      "error.type": code,
    });
  });
  return stack;
}
