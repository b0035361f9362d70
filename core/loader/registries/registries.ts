/** Where registries are. */
export interface Registries {
  /** The registry of `jsr:` specifiers. */
  readonly jsr: string;
  /** The registry of `npm:` specifiers. */
  readonly npm: string;
}

/** The registries that are used where the host names no others. */
export const REGISTRIES: Registries = {
  jsr: "https://jsr.io/",
  npm: "https://registry.npmjs.org/",
};
