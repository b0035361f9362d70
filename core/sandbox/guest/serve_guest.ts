import type { Json } from "../../base/mod.ts";
import type { EventInfo, PluginEvent } from "../../events/event.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import { encodeFor } from "../encode_for.ts";
import { messageInvalid, unavailableInSandbox } from "../errors.ts";
import type { GuestMessage, GuestPlugin, HostMessage } from "../messages.ts";
import { plainDataProblem } from "../plain_data.ts";
import { toWireError } from "../wire_error.ts";
import { decodeValue } from "../wire_value.ts";
import type { GuestChannel } from "./channel.ts";
import type {
  Encoders,
  Finders,
  RemoteFunction,
  RemoteResult,
} from "./encoder.ts";
import { GuestContext } from "./guest_context.ts";
import { readPluginExport } from "./plugin_export.ts";

/** What a guest is made of. */
export interface GuestOptions {
  /** How contributions are written; points without an encoder cannot be added to. */
  readonly encoders?: Encoders;
  /** What stands for contributions of others; points without a finder cannot be looked into. */
  readonly finders?: Finders;
}

/**
 * Serves a host from inside a sandbox: evaluates the plugin's module when told to, runs its hooks,
 * and turns what they do into messages. To be called by the main module of the library's sources.
 *
 * @param channel The pipe to the host.
 * @param options What the guest is made of.
 */
export function serveGuest(
  channel: GuestChannel,
  options: GuestOptions = {},
): void {
  const guest = new Guest(channel, options);
  channel.onMessage((message, bytes) => guest.take(message, bytes));
}

/** What is asked of the guest, and is to be answered. */
type HostRequest = Extract<
  HostMessage,
  { readonly kind: "hook" | "event" | "cleanUp" | "ping" | "call" }
>;

/** What the guest is told about others. */
type HostNews = Extract<
  HostMessage,
  {
    readonly kind:
      | "answered"
      | "refused"
      | "serviceChanged"
      | "services"
      | "settings";
  }
>;

class Guest {
  readonly #channel: GuestChannel;
  readonly #options: GuestOptions;
  readonly #contexts = new Map<number, GuestContext>();
  readonly #functions: RemoteFunction[] = [];
  #plugins: readonly Plugin[] = [];
  /** What was said before there was somebody to tell. */
  readonly #news: HostNews[] = [];

  constructor(channel: GuestChannel, options: GuestOptions) {
    this.#channel = channel;
    this.#options = options;
  }

  take(message: HostMessage, bytes: Uint8Array<ArrayBuffer>): void {
    switch (message.kind) {
      case "import":
        this.#import(message.url);
        return;
      case "answered":
      case "refused":
      case "serviceChanged":
      case "services":
      case "settings":
        return this.#inform(message);
      case "abort":
        return this.#contexts.get(message.plugin)?.abort();
      case "end":
        return this.#contexts.get(message.plugin)?.dispose();
      case "hook":
      case "event":
      case "cleanUp":
      case "ping":
      case "call":
        this.#answer(message, bytes);
        return;
      default:
        return message satisfies never;
    }
  }

  /** Hands on what the host says about others. */
  #inform(message: HostNews): void {
    const { plugin } = message;
    // Settings come before the hook that opens the context.
    const context = this.#contexts.get(plugin);
    if (context === undefined) {
      this.#news.push(message);
      return;
    }
    switch (message.kind) {
      case "answered":
        return context.services.answer(message.id, message.value);
      case "refused":
        return context.services.refuse(message.id, message.error);
      case "serviceChanged":
        return context.services.changed(message.slot, message.isThere);
      case "services":
        return context.services.update(message.offers);
      case "settings": {
        const { of, entries, refused } = message;
        return context.config.update(of, entries, refused);
      }
      default:
        return message satisfies never;
    }
  }

  async #import(url: string): Promise<void> {
    try {
      const read = await readPluginExport(await import(url));
      if (read.kind === "other") {
        return this.#send({ kind: "noPlugin", found: read.found });
      }
      const plugins = read.plugins.map(describePlugin);
      // Modules that share this sandbox are imported one after the other.
      this.#plugins = [...this.#plugins, ...read.plugins];
      this.#send({ kind: "ready", plugins });
    } catch (error) {
      this.#send({ kind: "importFailed", error: toWireError(error) });
    }
  }

  async #answer(
    request: HostRequest,
    received: Uint8Array<ArrayBuffer>,
  ): Promise<void> {
    const { id } = request;
    try {
      const { value, bytes } = await this.#carryOut(request, received);
      const problem = plainDataProblem(value);
      if (problem !== undefined) throw messageInvalid("a result", problem);
      this.#send({ kind: "done", id, value }, bytes);
    } catch (error) {
      this.#send({ kind: "failed", id, error: toWireError(error) });
    }
  }

  async #carryOut(
    request: HostRequest,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<RemoteResult> {
    switch (request.kind) {
      case "hook":
        return { value: await this.#runHook(request) };
      case "event":
        await this.#deliver(request);
        return NOTHING;
      case "cleanUp":
        await this.#contexts.get(request.plugin)?.cleanUp(request.slot);
        return NOTHING;
      case "ping":
        return NOTHING;
      case "call": {
        const fn = this.#functions[request.handle];
        if (fn === undefined) {
          throw unavailableInSandbox(`handle ${request.handle}`);
        }
        return await fn(request.args, bytes);
      }
      default:
        return request satisfies never;
    }
  }

  async #runHook(
    { plugin: index, hook, config, handover }: Extract<
      HostRequest,
      { kind: "hook" }
    >,
  ): Promise<Json> {
    const plugin = this.#plugins[index]!;
    const known = this.#contexts.get(index);
    const context = known ?? this.#openContext(index, plugin, config);
    switch (hook) {
      case "onLoad":
      case "onUnload":
        await plugin[hook]?.(context);
        return null;
      case "saveState":
        return encodeFor("a state", await plugin.saveState?.(context));
      case "restoreState": {
        const { state, from } = handover!;
        await plugin.restoreState?.(decodeValue(state), context, from);
        return null;
      }
      case "healthCheck":
        return await plugin.healthCheck?.(context) !== false;
      default:
        return hook satisfies never;
    }
  }

  #openContext(
    index: number,
    { metadata, configSchema }: Plugin,
    config: readonly (readonly [key: string, value: Json])[],
  ): GuestContext {
    const context = new GuestContext({
      plugin: index,
      metadata,
      config,
      schema: configSchema,
      encoders: this.#options.encoders ?? {},
      finders: this.#options.finders ?? {},
      remote: { expose: (fn) => this.#functions.push(fn) - 1 },
      send: (message, bytes) => this.#send(message, bytes),
    });
    this.#contexts.set(index, context);
    const news = this.#news.splice(0);
    news.forEach((message) => this.#inform(message));
    return context;
  }

  async #deliver(
    request: Extract<HostRequest, { kind: "event" }>,
  ): Promise<void> {
    const context = this.#contexts.get(request.plugin);
    if (context === undefined) return;
    // The host made both, so they are what it says they are.
    const event = decodeValue(request.event) as PluginEvent;
    if (request.slot === null) {
      return await this.#plugins[request.plugin]?.onEvent?.(event, context);
    }
    const info = decodeValue(request.info) as EventInfo;
    await context.listenerIn(request.slot)?.(event, info);
  }

  #send(message: GuestMessage, bytes?: Uint8Array): void {
    this.#channel.send(message, bytes);
  }
}

const NOTHING: RemoteResult = { value: null };

/** Who a plugin is, as plain data. */
function describePlugin(plugin: Plugin): GuestPlugin {
  // Read once, so that a getter cannot answer differently later.
  const metadata: Json = JSON.parse(JSON.stringify(plugin.metadata));
  const problem = plainDataProblem(metadata);
  if (problem !== undefined) throw messageInvalid("metadata", problem);
  return {
    metadata,
    hasOnUnload: plugin.onUnload !== undefined,
    hasOnEvent: plugin.onEvent !== undefined,
    hasSaveState: plugin.saveState !== undefined,
    hasRestoreState: plugin.restoreState !== undefined,
    hasHealthCheck: plugin.healthCheck !== undefined,
    eventTypes: plugin.eventTypes?.map(String) ?? null,
  };
}
