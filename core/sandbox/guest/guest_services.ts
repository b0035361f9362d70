/**
 * Services inside a sandbox. The host cannot be asked at once, so it tells of all services and of each
 * change. What `get`, `require` and `keep` return stands for a service: its methods are calls across
 * the border and return promises.
 *
 * @module
 */
import type { Json } from "../../base/mod.ts";
import type { Subscription } from "../../events/event.ts";
import type {
  PluginServices,
  ProvideOptions,
  ServiceOffer,
  ServiceOptions,
} from "../../plugin/context.ts";
import { assertGuard } from "../../plugin/assert_guard.ts";
import { contextDisposed } from "../../plugin/errors.ts";
import {
  findService,
  fullNameOf,
  requireService,
  type ServiceQuery,
} from "../../plugin/find_service.ts";
import { encodeFor } from "../encode_for.ts";
import { hostRefused } from "../errors.ts";
import type { PluginMessage, ServiceUse, WireOffer } from "../messages.ts";
import { methodsOf } from "../service_methods.ts";
import type { WireError } from "../wire_error.ts";
import { decodeValue } from "../wire_value.ts";
import type { RemoteExposer } from "./encoder.ts";
import { type KnownService, ServiceDirectory } from "./service_directory.ts";

/** A message without the plugin's index. */
type Unaddressed<Message> = Message extends PluginMessage
  ? Omit<Message, "plugin">
  : never;

/** What services need of the plugin's context. */
export interface GuestServicesOptions {
  /** Id of the plugin. */
  readonly pluginId: string;
  /** Its version, and that of the services it offers unless they have their own. */
  readonly version: string;
  /** Ids of the plugins that it declares as dependencies. */
  readonly dependencies: readonly string[];
  /** Hands out functions. */
  readonly remote: RemoteExposer;
  /** Sends what the plugin does. */
  readonly send: (message: Unaddressed<PluginMessage>) => void;
  /** Gives a slot that nobody has. */
  readonly newSlot: () => number;
  /** Gives a slot up, once. */
  readonly releaser: (slot: number) => () => void;
  /** Told what a watcher threw or rejected with. */
  readonly failed: (error: unknown) => void;
}

interface OpenCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** What a plugin calls by name. */
type AnyFunction = (...args: unknown[]) => unknown;

/** One plugin's services inside a sandbox. */
export class GuestServices implements PluginServices {
  readonly #options: GuestServicesOptions;
  readonly #open = new Map<number, OpenCall>();
  readonly #watchers = new Map<number, (isThere: boolean) => void>();
  readonly #directory = new ServiceDirectory();
  readonly #listWatchers = new Map<number, () => void>();
  /** Gives up the slots of what nobody holds any more. */
  readonly #forgotten = new FinalizationRegistry<() => void>((release) =>
    release()
  );
  #lastCall = 0;
  #isDisposed = false;

  /**
   * Constructs a new instance.
   *
   * @param options What services need.
   */
  constructor(options: GuestServicesOptions) {
    this.#options = options;
  }

  /** @inheritDoc */
  provide(
    name: string,
    service: object,
    { replace = false, version }: ProvideOptions = {},
  ): Disposable {
    const { pluginId, remote, send, newSlot, releaser } = this.#options;
    const isFunction = typeof service === "function";
    const handle = remote.expose(async (data) => {
      const { method, args } = data as { method: string | null; args: Json[] };
      const self = isFunction ? undefined : service;
      const fn = method === null ? service : Reflect.get(service, method);
      const result: unknown = await Reflect.apply(
        fn as AnyFunction,
        self,
        args.map(decodeValue),
      );
      return { value: encodeFor("a result", result) };
    });
    const slot = newSlot();
    const methods = methodsOf(service);
    send({
      kind: "provide",
      slot,
      name: String(name),
      version: version ?? null,
      replace,
      methods,
      handle,
    });
    const release = releaser(slot);
    const own = this.#directory.addOwn({
      owner: pluginId,
      name,
      version: version ?? this.#options.version,
      methods,
    });
    return {
      [Symbol.dispose]() {
        own[Symbol.dispose]();
        release();
      },
    };
  }

  /** @inheritDoc */
  get<Service extends object>(
    name: string,
    options?: ServiceOptions,
  ): Service | undefined {
    return this.find(name, options)?.service as Service | undefined;
  }

  /** @inheritDoc */
  require<Service extends object>(
    name: string,
    guard?: (service: object) => boolean,
    options?: ServiceOptions,
  ): Service {
    const known = requireService(this.#directory, this.#query(name));
    const service = this.#use("require", known, options);
    assertGuard(name, service, guard);
    return service as Service;
  }

  /** @inheritDoc */
  keep<Service extends object>(
    name: string,
    options?: ServiceOptions,
  ): Service {
    const known = requireService(this.#directory, this.#query(name));
    return this.#use("keep", known, options) as Service;
  }

  /** @inheritDoc */
  watch(
    name: string,
    watcher: (service: object | undefined) => void | Promise<void>,
  ): Subscription {
    const { send, newSlot, releaser, failed } = this.#options;
    const slot = newSlot();
    const release = releaser(slot);
    this.#watchers.set(slot, (isThere) => {
      Promise.try(() => watcher(isThere ? this.get(name) : undefined))
        .catch(failed);
    });
    send({ kind: "watchService", slot, name: String(name) });
    const dispose = () => {
      this.#watchers.delete(slot);
      release();
    };
    return { id: slot, type: name, dispose, [Symbol.dispose]: dispose };
  }

  /** @inheritDoc */
  watchAll(
    watcher: (names: readonly string[]) => void | Promise<void>,
  ): Subscription {
    const { newSlot, failed } = this.#options;
    const id = newSlot();
    this.#listWatchers.set(id, () => {
      Promise.try(() => watcher(this.list())).catch(failed);
    });
    const dispose = () => void this.#listWatchers.delete(id);
    return { id, type: "*", dispose, [Symbol.dispose]: dispose };
  }

  /** @inheritDoc */
  find(name: string, options?: ServiceOptions): ServiceOffer | undefined {
    const known = findService(this.#directory, this.#query(name));
    if (known === undefined) return undefined;
    const { version } = known;
    const service = this.#use("get", known, options);
    const offer = { name: fullNameOf(known), service };
    return version === undefined ? offer : { ...offer, version };
  }

  /** @inheritDoc */
  list(): readonly string[] {
    return this.#directory.keys();
  }

  /**
   * Takes what the host tells of all services.
   *
   * @param offers The services that are there now.
   */
  update(offers: readonly WireOffer[]): void {
    this.#directory.update(offers);
    for (const tell of [...this.#listWatchers.values()]) tell();
  }

  /**
   * Takes what a call came to.
   *
   * @param id The call.
   * @param value What the service gave.
   */
  answer(id: number, value: Json): void {
    this.#open.get(id)?.resolve(decodeValue(value));
    this.#open.delete(id);
  }

  /**
   * Takes how a call failed.
   *
   * @param id The call.
   * @param error What the host said.
   */
  refuse(id: number, error: WireError): void {
    this.#open.get(id)?.reject(hostRefused(error));
    this.#open.delete(id);
  }

  /**
   * Tells those who watch of a change.
   *
   * @param slot The watch.
   * @param isThere Whether there is such a service now.
   */
  changed(slot: number, isThere: boolean): void {
    this.#watchers.get(slot)?.(isThere);
  }

  /** Rejects every call that is under way. */
  dispose(): void {
    this.#isDisposed = true;
    const error = contextDisposed(this.#options.pluginId);
    for (const { reject } of this.#open.values()) reject(error);
    this.#open.clear();
    this.#watchers.clear();
    this.#listWatchers.clear();
  }

  #query(name: string): ServiceQuery {
    const { pluginId: id, dependencies } = this.#options;
    return { name: String(name), user: { id, dependencies } };
  }

  /** Ranges of versions are read by the host: one that does not fit shows when the service is used. */
  #use(
    use: ServiceUse,
    known: KnownService,
    { version = null }: { readonly version?: string | null } = {},
  ): object {
    const { send, newSlot, releaser } = this.#options;
    const slot = newSlot();
    const name = fullNameOf(known);
    send({ kind: "useService", slot, name, version, use });
    const call = (method: string | null, args: readonly unknown[]) =>
      this.#call(slot, method, args);
    const service = standIn(known.methods, call);
    this.#forgotten.register(service, releaser(slot));
    return service;
  }

  #call(
    slot: number,
    method: string | null,
    args: readonly unknown[],
  ): Promise<unknown> {
    const { pluginId, send } = this.#options;
    if (this.#isDisposed) return Promise.reject(contextDisposed(pluginId));
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const id = ++this.#lastCall;
    try {
      const list = args.map((arg) => encodeFor("an argument", arg));
      send({ kind: "callService", id, slot, method, args: list });
      this.#open.set(id, { resolve, reject });
    } catch (error) {
      reject(error);
    }
    return promise;
  }
}

/** What `methods` stand for: an object whose methods are calls across the border, or such a function. */
function standIn(
  methods: readonly string[] | null,
  call: (method: string | null, args: readonly unknown[]) => Promise<unknown>,
): object {
  if (methods === null) return (...args: unknown[]) => call(null, args);
  const entries = methods.map((method) => [
    method,
    (...args: unknown[]) => call(method, args),
  ]);
  return Object.freeze(Object.fromEntries(entries));
}
