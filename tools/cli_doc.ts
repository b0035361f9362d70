/**
 * Writes `docs/cli.md`: the commands of `spiral`, from their definitions, and what a config may say besides
 * the model, from its schemas.
 *
 * `deno task docs:cli`
 *
 * @module
 */
import { isPlainObject, type JsonObject } from "../core/base/mod.ts";
import { argumentText, COMMON_OPTIONS } from "../runtime/cli/build_program.ts";
import type { CommandDefinition } from "../runtime/cli/command.ts";
import { COMMANDS } from "../runtime/cli/commands.ts";
import { EXIT_MEANINGS } from "../runtime/cli/exit_codes.ts";
import {
  DATA_SCHEMA,
  TRAINING_SCHEMA,
} from "../runtime/cli/training/run_settings.ts";

const ROOT = new URL("../", import.meta.url);

const INTRODUCTION = `# The command \`spiral\`

Made by \`deno task docs:cli\` from the definitions of the commands; a test holds it against them.

In a checkout it is \`deno task spiral\`; anywhere else it is installed by

\`\`\`sh
deno install --global --name spiral --allow-read --allow-write --allow-env --allow-run --allow-net jsr:@spiraltorch/spiraltorch/cli
\`\`\`

Each permission may be left out, and what needs it says so: reading and writing the files that are named,
\`--allow-run\` for processes of plugins, \`--allow-net\` for plugins from elsewhere, \`--allow-env\` for
\`NO_COLOR\` and the folder for caches. \`spiral doctor\` tells what a process can do.

An error is one line on standard error, \`error[CODE]: …\`; pages under \`docs/errors/\` explain the codes.
With \`--json\` the result is one line of JSON on standard output, and so is an error:
\`{"error":{"code":…,"message":…,"hint":…,"details":…}}\`. Colors appear on a terminal only, and not where
\`NO_COLOR\` is set.
`;

const CONFIG_INTRODUCTION = `## What \`train\` needs besides a model

A config is a [description of a model](guides/pipelines.md) with a loss and an optimizer, and a
schedule, callbacks, metrics and augmentations where it wants them, and two parts more. [circles.yaml](../examples/circles.yaml) has them all. Names of files are relative to the config; what it
includes by name, \`include: block\`, is the file \`block.yaml\` beside it. Plugins bring further types with
\`--plugin\`; a config cannot name one.
`;

/** What the settings mean; a test requires a line for each. */
const MEANINGS: Readonly<Record<string, string>> = {
  "data.file": "the samples",
  "data.format": "how they are written; told by the ending if left out",
  "data.inputs": "columns of CSV, or fields of JSON Lines, for the model",
  "data.targets": "columns or fields that it should give",
  "data.labels": "the file of targets, for IDX",
  "data.classes": "texts that targets may be, in the order of their numbers",
  "data.indices": "whether inputs are whole numbers, such as those of words",
  "data.scale": "what inputs are divided by",
  "data.delimiter": "what stands between columns",
  "data.validation": "another file to measure on",
  "data.heldOut": "the share of samples that is kept back to measure on",
  "training.epochs": "how often to go through the samples",
  "training.batchSize": "samples a batch",
  "training.shuffle": "whether each pass has an order of its own",
  "training.seed": "what weights, orders and the part kept back depend on",
  "training.nanGuard": "whether it fails at the first value that is not finite",
  "training.gradientCheckpointing":
    "whether values between layers are computed again instead of being kept",
  "training.precision": "how values between products are stored",
};

/**
 * Writes the page.
 *
 * @returns Its text.
 */
export function cliDoc(): string {
  const codes = Object.entries(EXIT_MEANINGS).map(([code, meaning]) => [
    `\`${code}\``,
    meaning,
  ]);
  return [
    INTRODUCTION,
    table(["exit code", "meaning"], codes),
    "",
    "Every command takes these:",
    "",
    table(
      ["option", "what it does"],
      COMMON_OPTIONS.map(({ flags, description }) => [
        `\`${flags}\``,
        description,
      ]),
    ),
    "",
    ...COMMANDS.flatMap((command) => commandLines(command, [])),
    CONFIG_INTRODUCTION,
    ...settingLines("data", DATA_SCHEMA),
    ...settingLines("training", TRAINING_SCHEMA),
  ].join("\n").trimEnd() + "\n";
}

function commandLines(
  definition: CommandDefinition,
  parents: readonly string[],
): string[] {
  const { name, description, args = [], options = [] } = definition;
  const { examples = [], commands = [], isDefault = false } = definition;
  const path = [...parents, name];
  const usage = ["spiral", ...path, ...args.map(argumentText)].join(" ");
  const rows = [
    ...args.map((arg) => [`\`${argumentText(arg)}\``, arg.description]),
    ...options.map(({ flags, description, choices, isRepeated }) => [
      `\`${flags}\``,
      [
        description,
        ...choices ? [choices.map((choice) => `\`${choice}\``).join(", ")] : [],
        ...isRepeated ? ["may be given more than once"] : [],
      ].join("; "),
    ]),
  ];
  return [
    `${"#".repeat(path.length + 1)} \`${usage}\``,
    "",
    isDefault
      ? `${description} Meant where \`${parents.join(" ")}\` stands alone.`
      : description,
    "",
    ...rows.length > 0 ? [table(["", "what it is"], rows), ""] : [],
    ...examples.length > 0 ? ["```sh"] : [],
    ...examples.flatMap(({ line, does }) => [`# ${does}`, `spiral ${line}`]),
    ...examples.length > 0 ? ["```", ""] : [],
    ...commands.flatMap((command) => commandLines(command, path)),
  ];
}

function settingLines(part: string, schema: JsonObject): string[] {
  const { properties = {}, required = [] } = schema;
  if (!isPlainObject(properties)) return [];
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  const rows = Object.entries(properties).map(([name, property]) => {
    const fields: Readonly<Record<string, unknown>> = isPlainObject(property)
      ? property
      : {};
    const { default: standard, enum: choices } = fields;
    const rest = needed.includes(name)
      ? "required"
      : standard === undefined
      ? ""
      : `\`${JSON.stringify(standard)}\``;
    const kinds = Array.isArray(choices)
      ? `: ${choices.map((choice) => `\`${choice}\``).join(", ")}`
      : "";
    return [`\`${name}\``, `${MEANINGS[`${part}.${name}`]}${kinds}`, rest];
  });
  return [
    `### \`${part}\``,
    "",
    table(["setting", "what it is", "if left out"], rows),
    "",
  ];
}

function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  return [head, head.map(() => "---"), ...rows].map((cells) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`
  ).join("\n");
}

if (import.meta.main) {
  await Deno.writeTextFile(new URL("docs/cli.md", ROOT), cliDoc());
}
