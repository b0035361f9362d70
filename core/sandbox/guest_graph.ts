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

/** The library as a sandbox gets it: plain JavaScript, so that nothing has to be stripped there. */
export interface GuestSdk {
  /** URL of the module that a plugin's import of the library means. */
  readonly entry: string;
  /** URL of the module whose `main(channel)` serves the host. */
  readonly main: string;
  /** JavaScript of each module. Relative imports between them are resolved against these URLs. */
  readonly modules: ReadonlyMap<string, string>;
}
