import { compareText } from "../../base/mod.ts";
import {
  fullNameOf,
  type NamedService,
  type ServiceTable,
} from "../../plugin/find_service.ts";
import type { WireOffer } from "../messages.ts";

/** What is known inside a sandbox of a service. */
export interface KnownService extends NamedService {
  /** The names of its methods; `null` if it is a function. */
  readonly methods: readonly string[] | null;
}

/**
 * The services that can be used from inside a sandbox: those that the host has told of, and those that
 * the plugin itself offers, which are there at once.
 */
export class ServiceDirectory implements ServiceTable<KnownService> {
  #told: ReadonlyMap<string, KnownService> = new Map();
  readonly #own = new Map<string, KnownService>();

  /** @inheritDoc */
  get(fullName: string): KnownService | undefined {
    return this.#own.get(fullName) ?? this.#told.get(fullName);
  }

  /** @inheritDoc */
  keys(): string[] {
    const names = new Set([...this.#own.keys(), ...this.#told.keys()]);
    return [...names].sort(compareText);
  }

  /** @inheritDoc */
  values(): KnownService[] {
    return this.keys().map((name) => this.get(name)!);
  }

  /**
   * Takes what the host tells of all services.
   *
   * @param offers The services that are there now.
   */
  update(offers: readonly WireOffer[]): void {
    this.#told = new Map(offers.map(([fullName, version, methods]) => {
      const slash = fullName.lastIndexOf("/");
      const owner = fullName.slice(0, slash);
      const name = fullName.slice(slash + 1);
      const known = { owner, name, methods };
      return [fullName, version === null ? known : { ...known, version }];
    }));
  }

  /**
   * Adds a service that the plugin offers.
   *
   * @param service What it is.
   * @returns Takes it back, unless another has taken its place.
   */
  addOwn(service: KnownService): Disposable {
    const fullName = fullNameOf(service);
    this.#own.set(fullName, service);
    return {
      [Symbol.dispose]: () => {
        if (this.#own.get(fullName) === service) this.#own.delete(fullName);
      },
    };
  }
}
