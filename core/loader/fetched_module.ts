/** The text of a module, as it was fetched. */
export interface FetchedModule {
  /** Where it was found; differs from where it was looked for after a redirect. */
  readonly url: string;
  /** Exactly what was found. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether it is TypeScript. */
  readonly isTypeScript: boolean;
  /** Where its package begins: what it imports has to be below. */
  readonly packageRoot?: string;
  /** Other packages of its registry that its package needs, with the ranges it works with. */
  readonly dependencies?: Readonly<Record<string, string>>;
  /** Hashes that the modules of its package must have, by URL. */
  readonly checksums?: ReadonlyMap<string, string>;
  /** All modules of its package, by URL, where they came with it. */
  readonly siblings?: ReadonlyMap<string, FetchedModule>;
}
