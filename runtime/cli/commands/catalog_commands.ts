import type { CommandDefinition, CommandInput } from "../command.ts";
import { PLUGIN_OPTION } from "../with_ecosystem.ts";

async function operators(): Promise<typeof import("../catalog/operators.ts")> {
  return await import("../catalog/operators.ts");
}

async function modules(): Promise<typeof import("../catalog/modules.ts")> {
  return await import("../catalog/modules.ts");
}

/** What is there to compute with. */
export const OPS_COMMAND: CommandDefinition = {
  name: "ops",
  description: "Lists operators, those of plugins too.",
  commands: [
    {
      name: "list",
      description: "Lists all operators.",
      isDefault: true,
      options: [PLUGIN_OPTION],
      run: async (input: CommandInput) =>
        await (await operators()).listOperators(input),
      examples: [{ line: "ops", does: "lists all operators" }, {
        line: "ops list --plugin ./plugins/gates.ts",
        does: "lists them with those of a plugin",
      }],
    },
    {
      name: "show",
      description: "Tells what an operator takes.",
      args: [{
        name: "name",
        description: "name of the operator, or name and range: swish@^1",
      }],
      options: [PLUGIN_OPTION],
      run: async (input: CommandInput) =>
        await (await operators()).showOperator(input),
      examples: [{ line: "ops show matmul", does: "tells what matmul takes" }],
    },
    {
      name: "search",
      description: "Finds operators by words of their names and descriptions.",
      args: [{ name: "words", description: "what to look for", count: "some" }],
      options: [PLUGIN_OPTION],
      run: async (input: CommandInput) =>
        await (await operators()).searchOperators(input),
      examples: [{
        line: "ops search matrix --json",
        does: "finds what has to do with matrices, as JSON",
      }],
    },
  ],
};

/** What is there to build models from. */
export const MODULES_COMMAND: CommandDefinition = {
  name: "modules",
  description: "Lists layers, losses and optimizers, those of plugins too.",
  commands: [
    {
      name: "list",
      description: "Lists all module types.",
      isDefault: true,
      options: [
        {
          flags: "--category <name>",
          description: "only those of a category: Layer, Loss, Optimizer, …",
        },
        PLUGIN_OPTION,
      ],
      run: async (input: CommandInput) =>
        await (await modules()).listModules(input),
      examples: [{
        line: "modules list --category Optimizer",
        does: "lists the optimizers",
      }],
    },
    {
      name: "show",
      description: "Tells which settings a module type takes.",
      args: [{ name: "type", description: "name of the type" }],
      options: [PLUGIN_OPTION],
      run: async (input: CommandInput) =>
        await (await modules()).showModule(input),
      examples: [{ line: "modules show linear", does: "tells its settings" }],
    },
    {
      name: "search",
      description:
        "Finds module types by words of their names, categories and descriptions.",
      args: [{ name: "words", description: "what to look for", count: "some" }],
      options: [PLUGIN_OPTION],
      run: async (input: CommandInput) =>
        await (await modules()).searchModules(input),
      examples: [{ line: "modules search norm", does: "finds the norms" }],
    },
    {
      name: "schema",
      description:
        "Writes the JSON Schema of configs, so that editors complete and check them.",
      options: [PLUGIN_OPTION],
      run: async (input: CommandInput) =>
        await (await modules()).moduleSchema(input),
      examples: [
        {
          line: "modules schema > pipeline.schema.json",
          does: "writes it where a config can name it",
        },
        {
          line: "modules schema --plugin ./plugins/gates.ts",
          does: "knows the layers of a plugin too",
        },
      ],
    },
  ],
};
