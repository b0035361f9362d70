import { buildPipeline, parsePipeline } from "../../../nn/mod.ts";
import type {
  Includes,
  Pipeline,
  PipelineDescription,
} from "../../../nn/mod.ts";
import type { Ecosystem } from "../../ecosystem.ts";
import type { CommandInput } from "../command.ts";
import { cliConfigIncomplete, cliUsage } from "../errors.ts";
import { includesBeside, readText } from "../files.ts";
import {
  type DataSettings,
  RunSettingsReader,
  type TrainingSettings,
} from "./run_settings.ts";

/** A config that was read, and the model that it describes. */
export interface Run {
  /** The file. */
  readonly path: string;
  /** What it says of the model. */
  readonly description: PipelineDescription;
  /** The model, its loss and its optimizer. */
  readonly recipe: Pipeline;
  /** Which data, if it says so. */
  readonly data: DataSettings | undefined;
  /** How it is trained. */
  readonly training: TrainingSettings;
}

/**
 * Reads a config, with what the command line changes in it, and makes its model.
 *
 * @param input The command line; its first argument is the file.
 * @param ecosystem Where module types are looked up.
 * @returns What it says.
 * @throws {CliError} `CLI_FILE_UNREADABLE` if it cannot be read, `CLI_USAGE` if a variable is not written
 * as `name=value`.
 * @throws {NnError} `PIPELINE_INVALID` with every issue, in the file's lines.
 */
export async function loadRun(
  { args: [path = ""], options }: CommandInput,
  { modules }: Pick<Ecosystem, "modules">,
): Promise<Run> {
  const text = await readText(path);
  const reader = new RunSettingsReader();
  const includes: Includes = includesBeside(path);
  const description = parsePipeline(text, modules, {
    overrides: options.list("set"),
    variables: readVariables(options.list("var")),
    includes,
    parts: reader.parts,
  });
  // Read with the config: it fails before this if they are wrong.
  const training = reader.training!;
  const { seed } = training;
  const recipe = await buildPipeline(description, modules, { seed });
  return { path, description, recipe, data: reader.data, training };
}

/**
 * Requires that a config says something that not all commands need.
 *
 * @param run The config.
 * @param part What it must say.
 * @param value What it says of that.
 * @returns The value.
 * @throws {CliError} `CLI_CONFIG_INCOMPLETE` if it says nothing.
 */
export function requirePart<T>(
  { path }: Pick<Run, "path">,
  part: string,
  value: T | undefined,
): T {
  if (value === undefined) throw cliConfigIncomplete(path, part);
  return value;
}

/** JSON where it is JSON, text otherwise. */
function readVariables(texts: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(texts.map((text) => {
    const [, name, value = ""] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined) {
      throw cliUsage(`found --var ${JSON.stringify(text)}, wanted name=value`);
    }
    return [name.trim(), readValue(value)];
  }));
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
