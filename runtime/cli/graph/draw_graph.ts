import { type DType, DTypeError } from "../../../core/base/mod.ts";
import type { Module } from "../../../nn/mod.ts";
import {
  dotOfGraph,
  mermaidOfGraph,
  printGraph,
  type Tensor,
  zeros,
} from "../../../ops/mod.ts";
import { svgOfGraph } from "../../dashboard/graph/svg_of_graph.ts";
import type { CommandInput, CommandResult } from "../command.ts";
import { loadRun, requirePart } from "../training/load_run.ts";
import { withEcosystem } from "../with_ecosystem.ts";

/** Ways to write a graph; the parser lets no other name through. */
const WRITERS = {
  mermaid: mermaidOfGraph,
  dot: dotOfGraph,
  svg: svgOfGraph,
  text: printGraph,
};

/** What models are applied to: numbers, or where they refuse those, whole ones. */
const INPUT_DTYPES: readonly DType[] = ["float32", "int32"];

/**
 * Writes what the model of a config computes, operator by operator. Nothing is computed.
 *
 * @param input The command line.
 * @returns The graph.
 * @throws {CliError} `CLI_CONFIG_INCOMPLETE` if the config names no input shape.
 */
export function drawGraph(input: CommandInput): Promise<CommandResult> {
  return withEcosystem(input, async ({ modules }) => {
    const { options } = input;
    const run = await loadRun(input, { modules });
    const { description, recipe: { model } } = run;
    const sizes = requirePart(run, "input", description.input);
    const shape = sizes.map((size) =>
      typeof size === "number" ? size : options.count("batch") ?? 1
    );
    const { x, y } = applied(model.eval(), shape);
    const format = (options.text("format") ??
      "mermaid") as keyof typeof WRITERS;
    const names = { ...Object.fromEntries(model.stateDict()), input: x };
    const graph = WRITERS[format]([y], { names }).trimEnd();
    model.dispose();
    return { data: { format, graph }, text: () => graph };
  });
}

function applied(
  model: Module,
  shape: readonly number[],
): { readonly x: Tensor; readonly y: Tensor } {
  let refusal: unknown;
  for (const dtype of INPUT_DTYPES) {
    try {
      const x = zeros(shape, { dtype });
      return { x, y: model.forward(x) };
    } catch (error) {
      if (!(error instanceof DTypeError)) throw error;
      refusal = error;
    }
  }
  throw refusal;
}
