import {
  type Json,
  type JsonObject,
  printableLine,
} from "../../../core/base/mod.ts";
import type { PluginExplanation, PluginRegistry } from "../../../core/mod.ts";
import type { CommandInput, CommandResult } from "../command.ts";
import { cliNameUnknown } from "../errors.ts";
import { textTable } from "../text_table.ts";
import { describeLocked, grantText } from "./list_plugins.ts";
import { type LockedPlugins, withLocked } from "./locked_plugins.ts";

/**
 * Draws which plugin needs which. Loads what is locked to find out.
 *
 * @param input The command line.
 * @returns The tree.
 */
export function pluginTree(input: CommandInput): Promise<CommandResult> {
  return withLocked(input, ({ plugins }) => {
    const ids = plugins.listPlugins();
    const roots = ids.filter((id) =>
      plugins.explain(id).directDependents.length === 0
    );
    const format = input.options.text("format");
    const text = format === "dot"
      ? plugins.toDot()
      : format === "mermaid"
      ? plugins.toMermaid()
      : roots.flatMap((id) => branchLines(id, plugins)).join("\n");
    return {
      data: {
        plugins: ids.map((id): Json => ({
          id,
          version: plugins.get(id)!.version,
          dependencies: plugins.explain(id).dependencies.map(
            ({ id, range, found = null }) => ({ id, range, found }),
          ),
        })),
      },
      text: () => text.trimEnd() || "no plugin is locked",
    };
  });
}

function branchLines(id: string, plugins: PluginRegistry): string[] {
  const { dependencies } = plugins.explain(id);
  const version = plugins.get(id)?.version ?? "missing";
  const below = dependencies.flatMap(({ id: needed, range }, i) => {
    const isLast = i === dependencies.length - 1;
    const [first, ...rest] = branchLines(needed, plugins);
    return [
      `${isLast ? "└─" : "├─"} ${first} (${range})`,
      ...rest.map((line) => `${isLast ? "  " : "│ "} ${line}`),
    ];
  });
  return [`${id} ${version}`, ...below];
}

/**
 * Tells why a plugin is there: the ways to it from plugins that nobody needs.
 *
 * @param input The command line.
 * @returns The ways.
 * @throws {CliError} `CLI_USAGE` if there is no such plugin.
 */
export function whyPlugin(input: CommandInput): Promise<CommandResult> {
  return withLocked(input, ({ plugins }) => {
    const id = requirePlugin(input, plugins);
    const ways = waysTo(id, plugins);
    return {
      data: { plugin: id, ways },
      text: () =>
        ways.map((way) =>
          way.length === 1 ? `${id} was added itself` : way.join(" -> ")
        ).join("\n"),
    };
  });
}

function waysTo(id: string, plugins: PluginRegistry): string[][] {
  const { directDependents } = plugins.explain(id);
  if (directDependents.length === 0) return [[id]];
  return directDependents.flatMap((above) =>
    waysTo(above, plugins).map((way) => [...way, id])
  );
}

/**
 * Tells everything about a plugin: what it is, brings and needs, who needs it, what it may do.
 *
 * @param input The command line.
 * @returns What there is to tell.
 * @throws {CliError} `CLI_USAGE` if there is no such plugin.
 */
export function explainPlugin(input: CommandInput): Promise<CommandResult> {
  return withLocked(input, ({ plugins }, all) => {
    const id = requirePlugin(input, plugins);
    const explanation = plugins.explain(id);
    const { version } = plugins.get(id)!;
    const locked = all.find(({ entry }) => entry.plugins.has(id))!;
    return {
      data: toJson(explanation, locked),
      text: ({ bold }) =>
        `${bold(id)} ${version}\n${textTable(rowsOf(explanation, locked))}`,
    };
  });
}

function requirePlugin(
  { args: [id = ""] }: CommandInput,
  plugins: PluginRegistry,
): string {
  if (plugins.has(id)) return id;
  const known = plugins.listPlugins();
  throw cliNameUnknown(id, { what: "a plugin of the lockfile", known });
}

function toJson(
  explanation: PluginExplanation,
  locked: LockedPlugins,
): JsonObject {
  const { pluginId, metadata, dependencies } = explanation;
  const { version = "", description = "" } = metadata ?? {};
  return {
    plugin: pluginId,
    version,
    description,
    contributions: explanation.contributions,
    dependencies: dependencies.map(({ id, range, found = null }) => ({
      id,
      range,
      found,
    })),
    dependents: explanation.transitiveDependents,
    source: describeLocked(locked),
  };
}

function rowsOf(
  { metadata, dependencies, directDependents, contributions }:
    PluginExplanation,
  { specifier, entry: { digest, modules, grants } }: LockedPlugins,
): string[][] {
  const granted = grants.map(grantText);
  return [
    ...metadata?.description
      ? [["is", printableLine(metadata.description)]]
      : [],
    ["from", `${specifier}, ${modules.size} modules, ${digest}`],
    ["may", granted.length === 0 ? "nothing" : granted.join(", ")],
    ...contributions.map((line) => ["brings", line]),
    ...dependencies.map(({ id, range, found }) => [
      "needs",
      `${id} ${range}, found ${found ?? "nothing"}`,
    ]),
    ...directDependents.map((id) => ["for", id]),
  ];
}
