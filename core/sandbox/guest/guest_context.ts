import type { Json, JsonObject } from "../../base/mod.ts";
import type {
  EventInput,
  Listener,
  ListenOptions,
  Subscription,
} from "../../events/event.ts";
import type {
  LogLevel,
  PluginContext,
  PluginLog,
  Registrar,
} from "../../plugin/context.ts";
import type { ConfigSchema } from "../../plugin/config_schema.ts";
import { contextDisposed } from "../../plugin/errors.ts";
import type { PluginMetadata } from "../../plugin/plugin.ts";
import { encodeFor } from "../encode_for.ts";
import { messageInvalid, unavailableInSandbox } from "../errors.ts";
import type { PluginMessage, PointName } from "../messages.ts";
import { oddShape, plainDataProblem } from "../plain_data.ts";
import type { Encoders, Finders, RemoteExposer } from "./encoder.ts";
import { GuestConfig } from "./guest_config.ts";
import { GuestServices } from "./guest_services.ts";

/** What a context is made for. */
export interface GuestContextOptions {
  /** Where the plugin stands in its module. */
  readonly plugin: number;
  /** Who it is. */
  readonly metadata: PluginMetadata;
  /** Its settings. */
  readonly config: readonly (readonly [key: string, value: Json])[];
  /** What its settings must be. */
  readonly schema: ConfigSchema | undefined;
  /** How its contributions are written. */
  readonly encoders: Encoders;
  /** What stands for contributions of others. */
  readonly finders: Finders;
  /** Hands out its functions. */
  readonly remote: RemoteExposer;
  /** Sends what it does. */
  readonly send: (message: PluginMessage, bytes?: Uint8Array) => void;
}

/** A message without the plugin's index, which is added on the way out. */
type Unaddressed<Message> = Message extends PluginMessage
  ? Omit<Message, "plugin">
  : never;

/**
 * A plugin's door to the host, inside a sandbox: every call is a message. It returns as soon as the
 * message is on its way; if the host refuses it, the hook that made the call fails with the host's
 * error.
 */
export class GuestContext implements PluginContext {
  readonly #options: GuestContextOptions;
  readonly #listeners = new Map<number, Listener>();
  readonly #cleanUps = new Map<number, () => void | Promise<void>>();
  readonly #abort = new AbortController();
  #lastSlot = 0;
  #isDisposed = false;
  /** @inheritDoc */
  readonly config: GuestConfig;
  /** @inheritDoc */
  readonly log: PluginLog = {
    debug: (message, fields) => this.#write("debug", message, fields),
    info: (message, fields) => this.#write("info", message, fields),
    warn: (message, fields) => this.#write("warn", message, fields),
    error: (message, fields) => this.#write("error", message, fields),
  };
  /** @inheritDoc */
  readonly services: GuestServices;
  /** @inheritDoc */
  readonly operators: Registrar = this.#registrar("operators");
  /** @inheritDoc */
  readonly modules: Registrar = this.#registrar("modules");
  /** @inheritDoc */
  readonly backends: Registrar = this.#registrar("backends");

  /**
   * Constructs a new instance.
   *
   * @param options What it is made for.
   */
  constructor(options: GuestContextOptions) {
    this.#options = options;
    const { metadata, config: given, schema, remote } = options;
    const { id: pluginId } = metadata;
    const failed = (error: unknown) =>
      this.#write("error", `A watcher failed: ${error}`);
    const dependencies = Object.keys({
      ...metadata.dependencies,
      ...metadata.optionalDependencies,
    });
    this.config = new GuestConfig({ pluginId, given, schema, dependencies }, {
      set: (key, value) => this.#send({ kind: "setConfig", key, value }),
      unset: (key) => this.#send({ kind: "unsetConfig", key }),
      setShared: (key, value) => this.#send({ kind: "setShared", key, value }),
      unsetShared: (key) => this.#send({ kind: "unsetShared", key }),
      failed,
    });
    this.services = new GuestServices({
      pluginId,
      version: metadata.version,
      dependencies,
      remote,
      send: (message) => this.#send(message),
      newSlot: () => ++this.#lastSlot,
      releaser: (slot) => this.#releaser(slot),
      failed,
    });
  }

  /** @inheritDoc */
  get pluginId(): string {
    return this.#options.metadata.id;
  }

  /** @inheritDoc */
  get version(): string {
    return this.#options.metadata.version;
  }

  /** @inheritDoc */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** @inheritDoc */
  subscribe(
    type: string,
    listener: Listener,
    { once = false, priority = 0, signal }: ListenOptions = {},
  ): Subscription {
    const slot = ++this.#lastSlot;
    const release = this.#releaser(slot);
    const heard: Listener = (event, info) => {
      release();
      return listener(event, info);
    };
    const wanted = asText(type, "event type");
    this.#send({ kind: "subscribe", slot, type: wanted, priority });
    this.#listeners.set(slot, once ? heard : listener);
    if (signal?.aborted) release();
    else signal?.addEventListener("abort", release, { signal: this.signal });
    // The bus's own number is not known here; the slot is as unique to this plugin.
    return {
      id: slot,
      type,
      dispose: release,
      [Symbol.dispose]: release,
    };
  }

  /** @inheritDoc */
  publish(event: EventInput): void {
    this.#send({ kind: "publish", event: encodeFor("an event", event) });
  }

  /** @inheritDoc */
  use<R extends Disposable | AsyncDisposable>(resource: R): R {
    this.onDispose(async () => {
      if (Symbol.asyncDispose in resource) {
        await resource[Symbol.asyncDispose]();
      } else resource[Symbol.dispose]();
    });
    return resource;
  }

  /** @inheritDoc */
  onDispose(callback: () => void | Promise<void>): void {
    const slot = ++this.#lastSlot;
    this.#send({ kind: "own", slot });
    this.#cleanUps.set(slot, callback);
  }

  /**
   * Finds the listener in a slot.
   *
   * @param slot The slot.
   * @returns The listener, unless it has been disposed.
   */
  listenerIn(slot: number): Listener | undefined {
    return this.#listeners.get(slot);
  }

  /**
   * Runs the clean-up in a slot, once.
   *
   * @param slot The slot.
   */
  async cleanUp(slot: number): Promise<void> {
    const callback = this.#cleanUps.get(slot);
    this.#cleanUps.delete(slot);
    await callback?.();
  }

  /** Aborts the signal. */
  abort(): void {
    this.#abort.abort();
  }

  /** Makes every later call throw. */
  dispose(): void {
    this.#isDisposed = true;
    this.#listeners.clear();
    this.services.dispose();
  }

  #registrar(point: PointName): Registrar {
    return {
      register: (definition) => {
        const encode = this.#options.encoders[point];
        if (encode === undefined) {
          throw unavailableInSandbox(`${point}.register`);
        }
        const { data, bytes } = encode(definition, this.#options.remote);
        const slot = ++this.#lastSlot;
        this.#send({ kind: "register", slot, point, data }, bytes);
        return { [Symbol.dispose]: this.#releaser(slot) };
      },
      find: (name) => {
        if (this.#isDisposed) throw contextDisposed(this.pluginId);
        const find = this.#options.finders[point];
        if (find === undefined) throw unavailableInSandbox(`${point}.find`);
        return find(asText(name, "name"));
      },
    };
  }

  #releaser(slot: number): () => void {
    let isReleased = false;
    return () => {
      if (isReleased || this.#isDisposed) return;
      isReleased = true;
      this.#listeners.delete(slot);
      this.#send({ kind: "release", slot });
    };
  }

  #write(level: LogLevel, message: string, fields: JsonObject = {}): void {
    const problem = plainDataProblem(fields);
    this.#send({
      kind: "log",
      level,
      message: String(message),
      fields: problem === undefined ? fields : { omitted: problem.found },
    });
  }

  #send(message: Unaddressed<PluginMessage>, bytes?: Uint8Array): void {
    const { plugin, send } = this.#options;
    if (this.#isDisposed) throw contextDisposed(this.pluginId);
    const problem = plainDataProblem(message);
    if (problem !== undefined) throw messageInvalid(message.kind, problem);
    send({ ...message, plugin }, bytes);
  }
}

function asText(value: string, what: string): string {
  if (typeof value === "string") return value;
  throw messageInvalid(what, oddShape(`a ${typeof value}`));
}
