import {
  type Clock,
  type Coded,
  isCoded,
  type Json,
  type JsonObject,
} from "../base/mod.ts";
import type { LogLevel, PluginContext } from "../plugin/context.ts";
import type { Plugin, PluginMetadata } from "../plugin/plugin.ts";
import type { Decoders, Remote } from "./decoder.ts";
import { pluginThrew, sandboxDied, unavailableInSandbox } from "./errors.ts";
import { encodeFor } from "./encode_for.ts";
import { EventBorder } from "./event_border.ts";
import { ProtocolViolation } from "./frame.ts";
import { GuestCalls } from "./guest_calls.ts";
import { GuestHooks } from "./guest_hooks.ts";
import type { SandboxLimits } from "./limits.ts";
import type {
  GuestPlugin,
  Handover,
  HookName,
  HostMessage,
  PluginMessage,
} from "./messages.ts";
import type { Reply, Session } from "./session.ts";
import { ServiceBorder } from "./service_border.ts";
import { changeShared, copySettings } from "./settings_border.ts";
import { Slots } from "./slots.ts";
import { toWireError } from "./wire_error.ts";
import { decodeValue } from "./wire_value.ts";

/** What a port is made for. */
export interface PortOptions {
  /** Where the plugin stands in the guest's module. */
  readonly index: number;
  /** Who the guest says it is. */
  readonly guest: GuestPlugin;
  /** Its metadata, parsed. */
  readonly metadata: PluginMetadata;
  /** Where its module came from. */
  readonly url: string;
  /** How to reach it. */
  readonly session: Session;
  /** How its contributions are read. */
  readonly decoders: Decoders;
  /** How long it may take. */
  readonly limits: SandboxLimits;
  /** Where time comes from. */
  readonly clock: Clock;
  /** What to call once the plugin is gone. */
  readonly onGone: () => Promise<void>;
}

/**
 * The host's end of one sandboxed plugin: an ordinary plugin whose hooks are requests to a guest,
 * and the one place where what the guest says becomes calls of the real context.
 *
 * Messages are carried out in the order they were sent, so whatever a hook did has been done by the
 * time it answers; the first of them that fails is what the hook is said to have failed with.
 */
export class PluginPort {
  /** The plugin, for a registry. */
  readonly plugin: Plugin;
  readonly #options: PortOptions;
  readonly #slots: Slots;
  readonly #calls: GuestCalls;
  readonly #hooks: GuestHooks;
  readonly #tell = (message: HostMessage): void =>
    this.#options.session.send(message);
  readonly #events: EventBorder;
  readonly #unloaded = new AbortController();
  readonly #remote: Remote = {
    call: (handle, args, bytes) => this.#calls.call(handle, args, bytes),
    signal: this.#unloaded.signal,
  };
  #context: PluginContext | undefined;
  #services: ServiceBorder | undefined;
  #isGone = false;

  /**
   * Constructs a new instance.
   *
   * @param options What it is made for.
   */
  constructor(options: PortOptions) {
    this.#options = options;
    const { index: plugin, metadata, guest, session, limits } = options;
    this.#slots = new Slots(limits.messageBytesMax);
    this.#calls = new GuestCalls({
      ...options,
      pluginId: metadata.id,
      isGone: () => this.#isGone,
    });
    this.#hooks = new GuestHooks({
      pluginId: metadata.id,
      session,
      hookMs: limits.hookMs,
    });
    this.#events = new EventBorder({
      plugin,
      ask: (message) => this.#hooks.ask("onEvent", message),
      isOver: () => this.#isGone || session.isOver,
      log: (level, line, fields) => this.log(level, line, fields),
    });
    const { eventTypes, hasOnEvent } = guest;
    this.plugin = {
      metadata,
      onLoad: (context) => this.#load(context),
      onUnload: () => this.#unload(),
      ...hasOnEvent ? { onEvent: (event) => this.#events.deliver(event) } : {},
      ...eventTypes === null ? {} : { eventTypes },
      ...guest.hasSaveState ? { saveState: () => this.#saveState() } : {},
      ...guest.hasRestoreState
        ? {
          restoreState: (state, _, from) => this.#restoreState(state, from),
        }
        : {},
      ...guest.hasHealthCheck ? { healthCheck: () => this.#isHealthy() } : {},
    };
  }

  /** Whether the plugin has been loaded and is not gone. */
  get isLive(): boolean {
    return this.#context !== undefined && !this.#isGone;
  }

  /** Whether the plugin has come and gone. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /**
   * Writes a line to the plugin's log, which cleans it. A plugin that is being unloaded has none any
   * more.
   *
   * @param level How serious it is.
   * @param line Foreign text.
   * @param fields Foreign values that go with it.
   */
  log(level: LogLevel, line: string, fields: JsonObject = {}): void {
    try {
      this.#context?.log[level](line, fields);
    } catch (error) {
      if (!isCoded(error)) throw error;
    }
  }

  /**
   * Carries out what the plugin did.
   *
   * @param message What it did.
   * @param bytes The bytes that went with it.
   * @throws {ProtocolViolation} If no honest guest could have sent this now.
   */
  apply(message: PluginMessage, bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#context === undefined) {
      throw new ProtocolViolation("protocol", "A message before onLoad");
    }
    // The last words of a plugin that is gone change nothing any more.
    if (this.#isGone) return;
    try {
      this.#carryOut(this.#context, message, bytes);
    } catch (error) {
      if (error instanceof ProtocolViolation) throw error;
      this.fail(error);
    }
  }

  #carryOut(
    context: PluginContext,
    message: PluginMessage,
    bytes: Uint8Array<ArrayBuffer>,
  ): void {
    switch (message.kind) {
      case "register": {
        const { point, slot, data } = message;
        const decode = this.#options.decoders[point];
        if (decode === undefined) throw unavailableInSandbox(point);
        const definition = decode(data, bytes, this.#remote);
        return this.#slots.keep(
          slot,
          () => context[point].register(definition),
          { bytes: bytes.length },
        );
      }
      case "subscribe": {
        const { slot, type, priority } = message;
        return this.#slots.keep(
          slot,
          () =>
            context.subscribe(
              type,
              (event, info) => this.#events.deliver(event, { slot, info }),
              { priority },
            ),
        );
      }
      case "own":
        return context.onDispose(() => this.#cleanUp(message.slot));
      case "release": {
        const { slot } = message;
        this.#slots.release(slot);
        this.#services!.release(slot);
        return;
      }
      case "publish":
        return this.#events.publish(context, message.event);
      case "setConfig":
        return context.config.set(message.key, message.value);
      case "unsetConfig":
        context.config.unset(message.key);
        return;
      case "setShared":
      case "unsetShared":
        return changeShared({ context, send: this.#tell }, message);
      case "provide":
        return this.#slots.keep(
          message.slot,
          () => this.#services!.provide(message),
        );
      case "useService":
        return this.#services!.use(message);
      case "callService":
        // It tells the guest itself what came of it.
        return this.#hooks.follow(() => void this.#services!.call(message));
      case "watchService":
        return this.#slots.keep(
          message.slot,
          () => this.#services!.watch(message),
        );
      case "log":
        return this.log(message.level, message.message, message.fields);
      default:
        return message satisfies never;
    }
  }

  /**
   * Remembers a failure for the hook that is running, or else writes it to the log.
   *
   * @param error What failed.
   */
  fail(error: unknown): void {
    const failure = error instanceof Error
      ? error
      : pluginThrew(this.#options.metadata.id, "a message", toWireError(error));
    if (this.#hooks.isRunning) return this.#hooks.fail(failure);
    const { code, details }: Coded = isCoded(failure)
      ? failure
      : { code: failure.name, details: {} };
    const { rule } = details;
    const fields: JsonObject = rule === undefined ? { code } : { code, rule };
    this.log("error", failure.message, fields);
  }

  async #load(context: PluginContext): Promise<void> {
    const { index, session, url } = this.#options;
    if (this.#context !== undefined) {
      throw sandboxDied(url, { reason: "unloaded" });
    }
    this.#context = context;
    // Owned first, so it is the last to be undone.
    context.onDispose(() => this.#end());
    context.signal.addEventListener("abort", () => {
      session.send({ kind: "abort", plugin: index });
    }, { once: true });
    this.#openBorders(context);
    await this.#hook("onLoad", { config: context.config.list() });
  }

  #openBorders(context: PluginContext): void {
    const { index: plugin, session, limits, metadata, clock } = this.#options;
    const border = { context, plugin, session };
    this.#services = new ServiceBorder({
      ...border,
      remote: this.#remote,
      send: this.#tell,
      limits,
      clock,
      isGone: () => this.#isGone || session.isOver,
    });
    this.#services.shareList();
    const { dependencies, optionalDependencies } = metadata;
    copySettings({
      ...border,
      dependencies: Object.keys({ ...dependencies, ...optionalDependencies }),
    });
  }

  async #saveState(): Promise<unknown> {
    const { value } = await this.#hook("saveState");
    return decodeValue(value);
  }

  async #restoreState(saved: unknown, from: string): Promise<void> {
    const state = encodeFor("a state", saved);
    await this.#hook("restoreState", { handover: { state, from } });
  }

  async #isHealthy(): Promise<boolean> {
    const { value } = await this.#hook("healthCheck");
    return value !== false;
  }

  async #unload(): Promise<void> {
    const { guest, session } = this.#options;
    // A dead session is asked all the same: its answer is how the process ended.
    if (guest.hasOnUnload || session.isOver) await this.#hook("onUnload");
  }

  async #hook(
    hook: HookName,
    { config = [], handover = null }: {
      readonly config?: readonly (readonly [string, Json])[];
      readonly handover?: Handover | null;
    } = {},
  ): Promise<Reply> {
    const { index: plugin } = this.#options;
    return await this.#hooks.askInside(hook, (id) => ({
      kind: "hook",
      id,
      plugin,
      hook,
      config,
      handover,
    }));
  }

  async #cleanUp(slot: number): Promise<void> {
    const { index: plugin, session } = this.#options;
    // What was to be cleaned up lived in the process.
    if (session.isOver) return;
    await this.#hooks.askInside("a clean-up", (id) => ({
      kind: "cleanUp",
      id,
      plugin,
      slot,
    }));
  }

  async #end(): Promise<void> {
    const { index: plugin, session, onGone } = this.#options;
    this.#isGone = true;
    this.#unloaded.abort(
      sandboxDied(this.#options.url, { reason: "unloaded" }),
    );
    this.#slots.clear();
    // Whoever unloads a plugin while a hook of it runs has given up on that hook.
    if (this.#hooks.isRunning) session.kill("hook-timeout");
    else session.send({ kind: "end", plugin });
    await onGone();
  }
}
