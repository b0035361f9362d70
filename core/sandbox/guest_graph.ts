/** Modules that are run as they are: every source that one entry can reach, by URL. */
export interface GuestGraph {
  /** URL of the entry. */
  readonly entry: string;
  /** Text of each module. */
  readonly modules: ReadonlyMap<string, string>;
  /** URLs of the modules that have types, which are taken off before they run. */
  readonly typed: ReadonlySet<string>;
  /** URLs that stand for others of the graph, as redirects found. */
  readonly aliases: ReadonlyMap<string, string>;
}

/** The modules of several entries, together. */
export interface SharedGraph extends Omit<GuestGraph, "entry"> {
  /** URLs of the entries. */
  readonly entries: readonly string[];
}

/**
 * Puts the modules of several entries together.
 *
 * @param graphs The modules of each.
 * @returns All of them; `undefined` if two of them mean different modules by one URL.
 */
export function shareGraph(
  graphs: readonly GuestGraph[],
): SharedGraph | undefined {
  const modules = new Map<string, string>();
  const typed = new Set<string>();
  const aliases = new Map<string, string>();
  for (const graph of graphs) {
    for (const [url, text] of graph.modules) {
      const isOther = modules.has(url) &&
        (modules.get(url) !== text || typed.has(url) !== graph.typed.has(url));
      if (isOther) return undefined;
      modules.set(url, text);
      if (graph.typed.has(url)) typed.add(url);
    }
    for (const [url, target] of graph.aliases) {
      if ((aliases.get(url) ?? target) !== target) return undefined;
      aliases.set(url, target);
    }
  }
  // What is a module for one is no other name of something for another.
  if (aliases.keys().some((url) => modules.has(url))) return undefined;
  return { entries: graphs.map(({ entry }) => entry), modules, typed, aliases };
}

/** The library as a sandbox gets it: plain JavaScript, so that nothing has to be stripped there. */
export interface GuestSdk {
  /** URL of the module that a plugin's import of the library means. */
  readonly entry: string;
  /** URL of the module whose `main(channel)` serves the host. */
  readonly main: string;
  /** URLs of the same module at the host, which plugins may import too. */
  readonly urls?: readonly string[];
  /** JavaScript of each module. Relative imports between them are resolved against these URLs. */
  readonly modules: ReadonlyMap<string, string>;
}
