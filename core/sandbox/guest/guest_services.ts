/**
 * Services inside a sandbox. The host cannot be asked at once, so what `get`, `require` and `keep`
 * return stands for a service: its methods are calls across the border and return promises, and
 * whether there is such a service shows when it is used, or when the hook that asked for it ends.
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
import { contextDisposed, serviceTypeMismatch } from "../../plugin/errors.ts";
import { encodeFor } from "../encode_for.ts";
import { hostRefused, unavailableInSandbox } from "../errors.ts";
import type { PluginMessage, ServiceUse } from "../messages.ts";
import type { WireError } from "../wire_error.ts";
import { decodeValue } from "../wire_value.ts";
import type { RemoteExposer } from "./encoder.ts";

/** A message without the plugin's index. */
type Unaddressed<Message> = Message extends PluginMessage
  ? Omit<Message, "plugin">
  : never;

/** What services need of the plugin's context. */
export interface GuestServicesOptions {
  /** Id of the plugin. */
  readonly pluginId: string;
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
    const { remote, send, newSlot, releaser } = this.#options;
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
    send({
      kind: "provide",
      slot,
      name: String(name),
      version: version ?? null,
      replace,
      methods: isFunction ? null : methodsOf(service),
      handle,
    });
    return { [Symbol.dispose]: releaser(slot) };
  }

  /** @inheritDoc */
  get<Service extends object>(
    name: string,
    options?: ServiceOptions,
  ): Service {
    return this.#use("get", name, options) as Service;
  }

  /** @inheritDoc */
  require<Service extends object>(
    name: string,
    guard?: (service: object) => boolean,
    options?: ServiceOptions,
  ): Service {
    const service = this.#use("require", name, options);
    if (guard !== undefined && !accepts(name, () => guard(service))) {
      throw serviceTypeMismatch(name);
    }
    return service as Service;
  }

  /** @inheritDoc */
  keep<Service extends object>(
    name: string,
    options?: ServiceOptions,
  ): Service {
    return this.#use("keep", name, options) as Service;
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
      const service = isThere ? this.get(name) : undefined;
      Promise.try(() => watcher(service)).catch(failed);
    });
    send({ kind: "watchService", slot, name: String(name) });
    const dispose = () => {
      this.#watchers.delete(slot);
      release();
    };
    return { id: slot, type: name, dispose, [Symbol.dispose]: dispose };
  }

  /** Who offers what is not known here. */
  find(): ServiceOffer {
    throw unavailableInSandbox("services.find");
  }

  /** Who offers what is not known here. */
  list(): readonly string[] {
    throw unavailableInSandbox("services.list");
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
  }

  #use(
    use: ServiceUse,
    name: string,
    { version }: ServiceOptions = {},
  ): object {
    const { send, newSlot, releaser } = this.#options;
    const slot = newSlot();
    send({
      kind: "useService",
      slot,
      name: String(name),
      version: version ?? null,
      use,
    });
    const call = (method: string | null, args: readonly unknown[]) =>
      this.#call(slot, method, args);
    const service = standIn(call);
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

/** An object every property of which is a method: a call across the border. */
function standIn(
  call: (method: string | null, args: readonly unknown[]) => Promise<unknown>,
): object {
  const target = (...args: unknown[]) => call(null, args);
  return new Proxy(target, {
    get(_, key) {
      // What makes it look like a promise would be called by every `await`.
      if (typeof key !== "string" || key === "then") return undefined;
      return (...args: unknown[]) => call(key, args);
    },
    has: (_, key) => typeof key === "string" && key !== "then",
    set: () => false,
  });
}

/** The methods of an object and of its class. */
function methodsOf(service: object): string[] {
  const names = new Set<string>();
  for (
    let at: object | null = service;
    at !== null && at !== Object.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    for (const name of Object.getOwnPropertyNames(at)) {
      const { value } = Object.getOwnPropertyDescriptor(at, name)!;
      if (typeof value === "function" && name !== "constructor") {
        names.add(name);
      }
    }
  }
  return [...names];
}

function accepts(name: string, guard: () => boolean): boolean {
  try {
    return guard();
  } catch (cause) {
    throw serviceTypeMismatch(name, { cause });
  }
}
