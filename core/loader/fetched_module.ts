/** The text of a module, as it was fetched. */
export interface FetchedModule {
  /** Where it was found; differs from where it was looked for after a redirect. */
  readonly url: string;
  /** Exactly what was found. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether it is TypeScript. */
  readonly isTypeScript: boolean;
}
