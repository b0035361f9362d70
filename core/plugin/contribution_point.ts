/**
 * A labelled slot into which plugins put things: operators, modules, backends. The plugin system
 * owns what is put there and takes it out again; what the things are, it does not know.
 */
export interface ContributionPoint {
  /** Name of the slot, `operators`. */
  readonly name: string;
  /** What one entry is called in listings, `operator`. */
  readonly label: string;
  /**
   * Adds an entry.
   *
   * @param definition The entry.
   * @param owner Id of the plugin that adds it.
   * @param options Which generation of the plugin adds it. An entry covers one of the same name that
   * an older generation of the plugin has added, which is there again if the new one is taken out
   * first.
   * @returns The entry's place in the slot.
   */
  register(
    definition: object,
    owner: string,
    options: ContributionOptions,
  ): Contribution;
  /**
   * Finds an entry, whoever added it. Slots without this cannot be looked into.
   *
   * @param name Name of the entry.
   * @returns The entry as plugins may use it, or `undefined`.
   */
  find?(name: string): object | undefined;
}

/** How an entry is added to a slot. */
export interface ContributionOptions {
  /** Which generation of its plugin adds it, counted from 1; a reload begins the next one. */
  readonly generation: number;
}

/** One entry of a slot. Disposing it takes it out, unless something newer has taken its place. */
export interface Contribution extends Disposable {
  /** Name of the entry within its slot, `acme:swish`. */
  readonly name: string;
  /** Takes it out. What that gives is waited for when the plugin goes. */
  [Symbol.dispose](): void | PromiseLike<void>;
  /**
   * Tells the world that the entry is there: called once, after the plugin's load has held, or at
   * once for an entry that is added later.
   */
  announce?(): void;
}
