/** One version of a plugin, as an index has it. */
export interface IndexedVersion {
  /** Id of the plugin. */
  readonly id: string;
  /** The version. */
  readonly version: string;
  /** Where its module is. */
  readonly url: string;
  /** Digest of its modules. */
  readonly digest: string;
  /** What it is, in one sentence; empty if the index does not say. */
  readonly description: string;
  /** Whether it was taken back: it is never picked, but what is locked goes on. */
  readonly isYanked: boolean;
}

/** A list of plugins by their ids. */
export interface PluginIndex {
  /** Which edition it is: a later one has a higher number. */
  readonly serial: number;
  /** When it is too old to go by, in milliseconds since 1970. */
  readonly expiresMs: number;
  /** All versions of all plugins. */
  readonly versions: readonly IndexedVersion[];
}

/** What a lockfile remembers of an index. */
export interface SeenIndex {
  /** The highest serial number that was seen. */
  readonly serial: number;
  /** Fingerprint of the key that it was signed by; empty if it was not signed. */
  readonly signer: string;
}

/** Where plugins are looked up by their ids. */
export interface IndexOptions {
  /** The index: a `file:` or `https:` URL, or `http:` of this machine. */
  readonly url: string;
  /**
   * Public keys, one of which must have signed it: 32 bytes of Ed25519 in base 64. Without any, an index
   * that is not signed will do.
   *
   * @default {[]}
   */
  readonly keys?: readonly string[];
  /** Tells the date, in milliseconds since 1970; the machine's if left out. */
  readonly today?: () => number;
}

/** What an index says of a place. */
export interface IndexedPlace
  extends Pick<IndexedVersion, "id" | "version" | "digest"> {
  /** URL of the index. */
  readonly index: string;
  /** The edition that says it. */
  readonly seen: SeenIndex;
}
