/**
 * Three plugins that come in any order: one that counts what happens, one that brings an operator,
 * and one that needs the first.
 *
 * Permissions: none. `deno run examples/plugin_system_demo.ts`
 *
 * @module
 */
import {
  createEcosystem,
  defineOperator,
  definePlugin,
  type Plugin,
  tensor,
  terminal,
} from "@spiraltorch/spiraltorch";

/** Writes one line. */
type Print = (line: string) => void;

/** Counts operations and epochs, and says how many there were when it goes. */
function telemetryPlugin(print: Print): Plugin {
  let [operations, epochs] = [0, 0];
  return definePlugin({
    metadata: {
      id: "telemetry_plugin",
      version: "1.0.0",
      capabilities: ["Telemetry"],
    },
    onEvent(event) {
      const about = "pluginId" in event ? ` ${event.pluginId}` : "";
      print(`  telemetry: ${event.kind}${about}`);
      if (event.kind === "TensorOp") operations++;
      if (event.kind === "EpochEnd") epochs++;
    },
    onUnload: () =>
      print(`  telemetry: ${operations} operations, ${epochs} epochs`),
  });
}

/** Brings an operator, and names the operators that are called. */
function customOperatorPlugin(print: Print): Plugin {
  const shifted = defineOperator({
    name: "custom:shifted",
    inputs: ["x"],
    forward: ([x]) => x!.add(1),
  });
  return definePlugin({
    metadata: {
      id: "custom_operator_plugin",
      version: "1.0.0",
      capabilities: ["Operators"],
    },
    eventTypes: ["TensorOp"],
    onLoad: ({ operators }) => void operators.register(shifted),
    onEvent(event) {
      if (event.kind !== "TensorOp") return;
      const { opName, inputShape, outputShape } = event;
      print(`  operators: ${opName} [${inputShape}] -> [${outputShape}]`);
    },
  });
}

/** Draws the losses as they come. It needs the telemetry to be there. */
function visualizationPlugin(print: Print): Plugin {
  return definePlugin({
    metadata: {
      id: "visualization_plugin",
      version: "1.0.0",
      dependencies: { telemetry_plugin: "^1.0.0" },
      capabilities: ["Visualization"],
    },
    eventTypes: ["EpochEnd"],
    onEvent(event) {
      if (event.kind !== "EpochEnd") return;
      const bar = "#".repeat(Math.round(event.loss * 40));
      print(`  loss: ${bar} ${event.loss}`);
    },
  });
}

/**
 * Runs the program.
 *
 * @param print Writes one line.
 * @returns The ids of the plugins that were unloaded, in order.
 */
export async function runPluginSystemDemo(
  print: Print,
): Promise<readonly string[]> {
  await using ecosystem = await createEcosystem();
  const { events, operators, plugins } = ecosystem;

  print("Loading, in the order of who needs whom");
  const handles = await plugins.registerAll([
    visualizationPlugin(print),
    customOperatorPlugin(print),
    telemetryPlugin(print),
  ]);
  for (const { id, version } of handles) print(`  ${id} ${version}`);

  print("Who can do what");
  for (const capability of ["Telemetry", "Operators", "Visualization"]) {
    const ids = plugins.findByCapability(capability).map(({ id }) => id);
    print(`  ${capability}: ${ids.join(", ")}`);
  }

  print("The system starts");
  await plugins.initializeAll();

  print("Two operations");
  const x = tensor([1, 2, 3]);
  operators.execute("custom:shifted", [x]);
  x.mul(x);

  print("Two epochs");
  for (const [index, loss] of [0.453, 0.321].entries()) {
    const epoch = index + 1;
    events.publish({ kind: "EpochStart", epoch });
    events.publish({ kind: "EpochEnd", epoch, loss });
  }

  print("The system ends");
  const { unloaded } = await plugins.shutdown();
  print(`Unloaded: ${unloaded.join(", ")}`);
  return unloaded;
}

if (import.meta.main) {
  const out = terminal();
  await runPluginSystemDemo((line) => out.write(`${line}\n`));
}
