import { isPlainObject, type JsonObject } from "../../../core/base/mod.ts";
import {
  CATEGORIES,
  isCategory,
  type ModuleDiscoveryRegistry,
  type ModuleMetadata,
} from "../../../nn/mod.ts";
import type { CommandInput, CommandResult } from "../command.ts";
import { cliNameUnknown } from "../errors.ts";
import { EXIT_CODES } from "../exit_codes.ts";
import { textTable } from "../text_table.ts";
import { DATA_SCHEMA, TRAINING_SCHEMA } from "../training/run_settings.ts";
import { withEcosystem } from "../with_ecosystem.ts";

/**
 * Lists module types: layers, losses and optimizers.
 *
 * @param input The command line.
 * @returns The types, of one category if it is named.
 * @throws {CliError} `CLI_USAGE` if there is no such category.
 */
export function listModules(input: CommandInput): Promise<CommandResult> {
  return withEcosystem(input, ({ modules }) => {
    const category = input.options.text("category");
    if (category === undefined) return listed(all(modules));
    if (!isCategory(category)) {
      const what = `a category: ${CATEGORIES.join(", ")} or Custom(name)`;
      throw cliNameUnknown(category, { what, known: CATEGORIES });
    }
    return listed(all(modules).filter((found) => found.category === category));
  });
}

/**
 * Finds module types by words.
 *
 * @param input The command line.
 * @returns Those that were found.
 */
export function searchModules(input: CommandInput): Promise<CommandResult> {
  return withEcosystem(input, ({ modules }) => {
    const found = modules.search(input.args.join(" "));
    return listed(found.map((type) => modules.getMetadata(type)!));
  });
}

/**
 * Tells which settings a module type takes.
 *
 * @param input The command line.
 * @returns The settings.
 * @throws {CliError} `CLI_USAGE` if there is none of that name.
 */
export function showModule(input: CommandInput): Promise<CommandResult> {
  return withEcosystem(input, ({ modules }) => {
    const type = input.args[0]!;
    const metadata = modules.getMetadata(type);
    if (!metadata) {
      const known = modules.listModules();
      throw cliNameUnknown(type, { what: "the type of a module", known });
    }
    const { moduleType, ...rest } = metadata;
    return {
      data: { type: moduleType, ...rest },
      text: ({ bold, dim }) => {
        const settings = settingsOf(metadata.parameters);
        return [
          `${bold(moduleType)}: ${metadata.description}`,
          dim(
            `${metadata.category}, version ${metadata.version}, of ${metadata.owner}`,
          ),
          settings.length === 0 ? "no settings" : textTable(settings),
        ].join("\n");
      },
    };
  });
}

/**
 * Writes the JSON Schema of whole descriptions, with the parts that only the command reads.
 *
 * @param input The command line.
 * @returns The schema.
 */
export function moduleSchema(input: CommandInput): Promise<CommandResult> {
  return withEcosystem(input, ({ modules }) => {
    const { properties, ...rest } = modules.jsonSchema();
    const schema = {
      ...rest,
      properties: {
        ...properties as JsonObject,
        data: DATA_SCHEMA,
        training: TRAINING_SCHEMA,
      },
    };
    return { data: schema, text: () => JSON.stringify(schema, null, 2) };
  });
}

function all(modules: ModuleDiscoveryRegistry): ModuleMetadata[] {
  return modules.listModules().map((type) => modules.getMetadata(type)!);
}

function listed(types: readonly ModuleMetadata[]): CommandResult {
  return {
    data: {
      modules: types.map(({ moduleType, category, description, owner }) => ({
        type: moduleType,
        category,
        description,
        owner,
      })),
    },
    text: () =>
      types.length === 0 ? "no module was found" : textTable(
        types.map(({ moduleType, category, description }) => [
          moduleType,
          category,
          description,
        ]),
      ),
    exitCode: types.length === 0 ? EXIT_CODES.finding : EXIT_CODES.fine,
  };
}

/** A row a setting: its name, what it may be, and what it is where it is left out. */
function settingsOf(
  { properties = {}, required = [] }: JsonObject,
): string[][] {
  if (!isPlainObject(properties)) return [];
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  return Object.entries(properties).map(([name, schema]) => {
    const fields: Readonly<Record<string, unknown>> = isPlainObject(schema)
      ? schema
      : {};
    const rest = needed.includes(name)
      ? "required"
      : Object.hasOwn(fields, "default")
      ? `default ${JSON.stringify(fields["default"])}`
      : "optional";
    return [name, kindOf(fields), rest];
  });
}

/** What a setting may be, in words. */
function kindOf(schema: Readonly<Record<string, unknown>>): string {
  const { type, enum: choices, anyOf, items } = schema;
  if (Array.isArray(choices)) return choices.map(String).join(" | ");
  if (Array.isArray(anyOf)) {
    return anyOf.filter(isPlainObject).map(kindOf).join(" | ");
  }
  if (type === "array" && isPlainObject(items)) {
    return `list of ${kindOf(items)}`;
  }
  return typeof type === "string" ? type : "any";
}
