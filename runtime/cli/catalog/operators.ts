import { searchEntries } from "../../../core/base/mod.ts";
import type { OperatorRegistry } from "../../../ops/mod.ts";
import type { CommandInput, CommandResult } from "../command.ts";
import { cliNameUnknown } from "../errors.ts";
import { EXIT_CODES } from "../exit_codes.ts";
import { textTable } from "../text_table.ts";
import { withEcosystem } from "../with_ecosystem.ts";

type OperatorInfo = ReturnType<OperatorRegistry["describe"]>;

/**
 * Lists all operators.
 *
 * @param input The command line.
 * @returns The operators.
 */
export function listOperators(input: CommandInput): Promise<CommandResult> {
  return withEcosystem(input, ({ operators }) => listed(all(operators)));
}

/**
 * Finds operators by words.
 *
 * @param input The command line.
 * @returns Those that were found.
 */
export function searchOperators(input: CommandInput): Promise<CommandResult> {
  return withEcosystem(
    input,
    ({ operators }) =>
      listed(searchEntries(all(operators), input.args.join(" "))),
  );
}

/**
 * Tells what is known of an operator.
 *
 * @param input The command line.
 * @returns What is known.
 * @throws {CliError} `CLI_USAGE` if there is none of that name.
 */
export function showOperator(input: CommandInput): Promise<CommandResult> {
  return withEcosystem(input, ({ operators }) => {
    const name = input.args[0]!;
    if (!operators.has(name)) {
      const known = operators.listOperators();
      throw cliNameUnknown(name, { what: "an operator", known });
    }
    const info = operators.describe(name);
    const { schema, ...rest } = info;
    return {
      data: { ...rest, ...schema },
      text: ({ bold }) => {
        const rows = [
          ["inputs", inputsOf(info)],
          ...Object.entries(schema.attributes).map(([attribute, kind]) => [
            attribute,
            schema.choices?.[attribute]?.join(" | ") ?? String(kind),
          ]),
          ...info.aliases.length > 0
            ? [["aliases", info.aliases.join(", ")]]
            : [],
          ["version", info.version],
          ...info.versions.length > 1
            ? [["versions", info.versions.join(", ")]]
            : [],
          ["owner", info.owner],
        ];
        return `${bold(info.name)}: ${info.description}\n${textTable(rows)}`;
      },
    };
  });
}

function all(operators: OperatorRegistry): OperatorInfo[] {
  return operators.listOperators().map((name) => operators.describe(name));
}

function listed(infos: readonly OperatorInfo[]): CommandResult {
  return {
    data: {
      operators: infos.map((info) => ({
        name: info.name,
        inputs: info.schema.inputs,
        attributes: Object.keys(info.schema.attributes),
        description: info.description,
        version: info.version,
        versions: info.versions,
        owner: info.owner,
      })),
    },
    text: () =>
      infos.length === 0 ? "no operator was found" : textTable(
        infos.map((info) => [
          info.name,
          `(${inputsOf(info)})`,
          info.versions.join(" "),
          info.description,
        ]),
      ),
    exitCode: infos.length === 0 ? EXIT_CODES.finding : EXIT_CODES.fine,
  };
}

function inputsOf({ schema: { inputs, isVariadic } }: OperatorInfo): string {
  return `${inputs.join(", ")}${isVariadic ? ", …" : ""}`;
}
