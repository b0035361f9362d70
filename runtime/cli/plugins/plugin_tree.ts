import {
  type Json,
  type JsonObject,
  printableLine,
} from "../../../core/base/mod.ts";
import type { DependencyPlace } from "../../../core/mod.ts";
import {
  dotOfGraph,
  type LockedDependencies,
  type LockedPlugin,
  mermaidOfGraph,
} from "../../../core/tools.ts";
import type { CommandInput, CommandResult } from "../command.ts";
import { cliNameUnknown } from "../errors.ts";
import { textTable } from "../text_table.ts";
import { describeLocked, mayTexts } from "./list_plugins.ts";
import {
  dependenciesOf,
  type LockedPlugins,
  readLocked,
} from "./locked_plugins.ts";

/**
 * Draws which plugin needs which, as the lockfile says it. Starts nothing.
 *
 * @param input The command line.
 * @returns The tree.
 */
export async function pluginTree(input: CommandInput): Promise<CommandResult> {
  const plugins = dependenciesOf(await readLocked(input));
  const { ids } = plugins;
  return {
    data: {
      plugins: ids.map((id): Json => ({
        id,
        version: plugins.get(id)!.version,
        dependencies: dependenciesAsJson(plugins.placeOf(id)),
      })),
    },
    text: () =>
      draw(plugins, input.options.text("format")).trimEnd() ||
      "no plugin is locked",
  };
}

function draw(
  plugins: LockedDependencies,
  format: string | undefined,
): string {
  if (format === "dot") return dotOfGraph(plugins.graph());
  if (format === "mermaid") return mermaidOfGraph(plugins.graph());
  const roots = plugins.ids.filter((id) =>
    plugins.placeOf(id).directDependents.length === 0
  );
  const starts = roots.length === 0 ? plugins.ids : roots;
  return starts.flatMap((id) => branchLines(id, plugins, [])).join("\n");
}

/** Where plugins need each other in a circle, the one that comes again ends its branch. */
function branchLines(
  id: string,
  plugins: LockedDependencies,
  above: readonly string[],
): string[] {
  const version = plugins.get(id)?.version ?? "missing";
  if (above.includes(id)) return [`${id} ${version}, again`];
  const { dependencies } = plugins.placeOf(id);
  const below = dependencies.flatMap(({ id: needed, range, substitute }, i) => {
    const isLast = i === dependencies.length - 1;
    const there = substitute ?? needed;
    const [first, ...rest] = branchLines(there, plugins, [...above, id]);
    const wanted = substitute === undefined ? range : `as ${needed} ${range}`;
    return [
      `${isLast ? "└─" : "├─"} ${first} (${wanted})`,
      ...rest.map((line) => `${isLast ? "  " : "│ "} ${line}`),
    ];
  });
  return [`${id} ${version}`, ...below];
}

/**
 * Tells why a plugin is there: the ways to it from plugins that nobody needs. Starts nothing.
 *
 * @param input The command line.
 * @returns The ways.
 * @throws {CliError} `CLI_USAGE` if there is no such plugin.
 */
export async function whyPlugin(input: CommandInput): Promise<CommandResult> {
  const plugins = dependenciesOf(await readLocked(input));
  const id = requirePlugin(input, plugins);
  const ways = waysTo(id, plugins, []);
  return {
    data: { plugin: id, ways },
    text: () =>
      ways.map((way) =>
        way.length === 1 ? `${id} was added itself` : way.join(" -> ")
      ).join("\n"),
  };
}

function waysTo(
  id: string,
  plugins: LockedDependencies,
  below: readonly string[],
): string[][] {
  const { directDependents } = plugins.placeOf(id);
  const way = [id, ...below];
  const above = directDependents.filter((each) => !way.includes(each));
  if (above.length === 0) return [way];
  return above.flatMap((each) => waysTo(each, plugins, way));
}

/**
 * Tells everything about a plugin: what it is, offers and needs, who needs it, what it may do. Starts
 * nothing.
 *
 * @param input The command line.
 * @returns What there is to tell.
 * @throws {CliError} `CLI_USAGE` if there is no such plugin.
 */
export async function explainPlugin(
  input: CommandInput,
): Promise<CommandResult> {
  const all = await readLocked(input);
  const plugins = dependenciesOf(all);
  const id = requirePlugin(input, plugins);
  const plugin = plugins.get(id)!;
  const place = plugins.placeOf(id);
  const locked = all.findLast(({ entry }) => entry.plugins.has(id))!;
  return {
    data: toJson({ id, plugin, place, locked }),
    text: ({ bold }) =>
      `${bold(id)} ${plugin.version}\n${
        textTable(rowsOf({ id, plugin, place, locked }))
      }`,
  };
}

function requirePlugin(
  { args: [id = ""] }: CommandInput,
  plugins: LockedDependencies,
): string {
  if (plugins.get(id)) return id;
  const known = plugins.ids;
  throw cliNameUnknown(id, { what: "a plugin of the lockfile", known });
}

/** All that a lockfile says of one plugin. */
interface Explanation {
  readonly id: string;
  readonly plugin: LockedPlugin;
  readonly place: DependencyPlace;
  readonly locked: LockedPlugins;
}

function toJson({ id, plugin, place, locked }: Explanation): JsonObject {
  const { version, description = "", capabilities } = plugin;
  return {
    plugin: id,
    version,
    description,
    capabilities,
    dependencies: dependenciesAsJson(place),
    optionalDependencies: plugin.optionalDependencies,
    provides: plugin.provides,
    dependents: place.transitiveDependents,
    source: describeLocked(locked),
  };
}

function dependenciesAsJson({ dependencies }: DependencyPlace): Json {
  return dependencies.map(({ id, range, found = null, substitute }) => ({
    id,
    range,
    found,
    ...substitute === undefined ? {} : { substitute },
  }));
}

function rowsOf({ plugin, place, locked }: Explanation): string[][] {
  const { specifier, entry: { digest, modules } } = locked;
  const granted = mayTexts(locked);
  return [
    ...plugin.description === undefined
      ? []
      : [["is", printableLine(plugin.description)]],
    ["from", `${specifier}, ${modules.size} modules, ${digest}`],
    ["may", granted.length === 0 ? "nothing" : granted.join(", ")],
    ...plugin.capabilities.map((
      capability,
    ) => ["offers", printableLine(capability)]),
    ...place.dependencies.map(({ id, range, found, substitute }) => [
      "needs",
      `${id} ${range}, found ${found ?? "nothing"}${
        substitute === undefined ? "" : ` in ${substitute}`
      }`,
    ]),
    ...Object.entries(plugin.optionalDependencies).map(([id, range]) => [
      "can use",
      `${id} ${range}`,
    ]),
    ...Object.entries(plugin.provides).map(([id, version]) => [
      "stands in for",
      `${id} ${version}`,
    ]),
    ...place.directDependents.map((id) => ["for", id]),
  ];
}
