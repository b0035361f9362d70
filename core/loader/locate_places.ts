import { specifierInvalid } from "./errors.ts";
import { isBareSpecifier } from "./index/bare_specifier.ts";
import type { PlaceFinder } from "./index/find_places.ts";
import type { CheckedLoadOptions } from "./load_options.ts";
import type { CheckedLoaderOptions } from "./loader_options.ts";
import { REGISTRIES } from "./registries/registries.ts";
import { parseSpecifier } from "./specifier.ts";
import type { Place } from "./place.ts";

/** Finds the places that specifiers stand for. */
export class PlaceLocator {
  readonly #options: CheckedLoaderOptions;
  #finder: PlaceFinder | undefined;

  /**
   * Constructs a new instance.
   *
   * @param options What places are found with.
   */
  constructor(options: CheckedLoaderOptions) {
    this.#options = options;
  }

  /**
   * Finds places. An index is looked at only where a plugin is asked for by its id.
   *
   * @param specifiers What was asked for.
   * @param options How it is loaded.
   * @returns The places, in order.
   * @throws {PluginError} `SPECIFIER_INVALID`; for ids, what reading and picking from an index throws.
   */
  async locate(
    specifiers: readonly string[],
    { update, isolation }: Pick<CheckedLoadOptions, "isolation" | "update">,
  ): Promise<Place[]> {
    const bare = specifiers.find(isBareSpecifier);
    if (bare === undefined) {
      return specifiers.map((specifier) => ({
        specifier,
        url: this.#toUrl(specifier),
      }));
    }
    if (isolation === "inline") {
      const why = "what an index lists is hashed, and inline modules are not";
      throw specifierInvalid(bare, why);
    }
    return await (await this.#open()).find(specifiers, update);
  }

  /**
   * Tells how what was loaded from a specifier is known.
   *
   * @param specifier The specifier.
   * @returns Tells whether a place is the one that is meant.
   * @throws {PluginError} `SPECIFIER_INVALID`.
   */
  matcher(specifier: string): (place: Place) => boolean {
    if (typeof specifier === "string" && isBareSpecifier(specifier)) {
      return (place) => place.specifier === specifier;
    }
    const url = this.#toUrl(specifier);
    return (place) => place.url === url;
  }

  #toUrl(specifier: string): string {
    const { baseUrl, policy: { httpHosts } = {} } = this.#options;
    return parseSpecifier(specifier, {
      ...baseUrl !== undefined && { baseUrl },
      ...httpHosts !== undefined && { httpHosts },
    }).href;
  }

  async #open(): Promise<PlaceFinder> {
    const { PlaceFinder } = await import("./index/find_places.ts");
    const { index, lockfile, fetch = globalThis.fetch, log = () => {} } =
      this.#options;
    return this.#finder ??= new PlaceFinder({
      index,
      lockfile,
      fetch,
      log,
      toUrl: (specifier) => this.#toUrl(specifier),
      clock: this.#options.clock,
      fetchLimits: this.#options.fetchLimits,
      registries: { ...REGISTRIES, ...this.#options.registries },
    });
  }
}
