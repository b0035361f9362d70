/**
 * Services of one sandboxed plugin, at the host: those it offers stand here as objects whose methods
 * are calls into its process; those it uses are called here, on its behalf. What it names by a slot is
 * bound when it asks for it, and never leads to another provider unasked.
 *
 * @module
 */
import { type Clock, isCoded, type Json } from "../base/mod.ts";
import type { PluginError } from "../errors.ts";
import { withDeadline } from "../events/with_deadline.ts";
import type { PluginContext, ServiceOptions } from "../plugin/context.ts";
import { serviceMissing, serviceRevoked } from "../plugin/errors.ts";
import type { Subscription } from "../events/event.ts";
import type { Remote } from "./decoder.ts";
import { encodeFor } from "./encode_for.ts";
import {
  sandboxCallTimeout,
  serviceBusy,
  serviceMethodUnknown,
} from "./errors.ts";
import { ProtocolViolation } from "./frame.ts";
import type { SandboxLimits } from "./limits.ts";
import type { HostMessage, PluginMessage, WireOffer } from "./messages.ts";
import { findMethod, isCallable, methodsOf } from "./service_methods.ts";
import type { Session } from "./session.ts";
import { toWireError } from "./wire_error.ts";
import { decodeValue } from "./wire_value.ts";

/** How many services one plugin may hold; an honest one gives up those that it holds no longer. */
const BINDINGS_MAX = 10_000;

/** A message of one kind. */
type Message<Kind extends PluginMessage["kind"]> = Extract<
  PluginMessage,
  { readonly kind: Kind }
>;

/** What stands for a service that the plugin uses. */
interface Binding {
  readonly name: string;
  /** Finds the object; throws when it has gone. */
  readonly current: () => object;
}

/** What the services of a plugin need. */
export interface ServiceBorderOptions {
  /** The plugin's door to the host. */
  readonly context: PluginContext;
  /** Where the plugin stands in the guest's module. */
  readonly plugin: number;
  /** Calls functions of the guest. */
  readonly remote: Remote;
  /** Tells the guest something. */
  readonly send: (message: HostMessage) => void;
  /** Tells the guest how something is, when its turn comes. */
  readonly session: Pick<Session, "sendState">;
  /** How long a call may take, and how many there may be at a time. */
  readonly limits: Pick<SandboxLimits, "callMs" | "callsMax">;
  /** Where time comes from. */
  readonly clock: Clock;
  /** Whether the plugin is gone. */
  readonly isGone: () => boolean;
}

/** The services of one sandboxed plugin. */
export class ServiceBorder {
  readonly #options: ServiceBorderOptions;
  readonly #bindings = new Map<number, Binding>();
  #calls = 0;

  /**
   * Constructs a new instance, without services.
   *
   * @param options What it needs.
   */
  constructor(options: ServiceBorderOptions) {
    this.#options = options;
  }

  /**
   * Keeps the plugin's list of services true, from now on. It gets the first before its `onLoad` runs.
   *
   * @returns What keeps it true; the plugin's scope owns it.
   */
  shareList(): Subscription {
    const { context: { services, signal }, plugin, session } = this.#options;
    const offerOf = (name: string): WireOffer[] => {
      const offer = services.find(name);
      if (offer === undefined) return [];
      const { version = null, service } = offer;
      return [[name, version, methodsOf(service)]];
    };
    const share = () =>
      session.sendState(`services of ${plugin}`, () => {
        // What goes with the plugin itself is no news to it.
        if (signal.aborted) return undefined;
        const offers = services.list().flatMap(offerOf);
        return { kind: "services", plugin, offers };
      });
    share();
    return services.watchAll(share);
  }

  /**
   * Offers a service of the plugin to others.
   *
   * @param message What it is.
   * @returns The registration.
   */
  provide(
    { name, version, replace, methods, handle }: Message<"provide">,
  ): Disposable {
    const { context: { pluginId, services } } = this.#options;
    const call = (method: string | null, args: readonly unknown[]) =>
      this.#callGuest(`${pluginId}/${name}`, handle, { method, args });
    const service = methods === null
      ? (...args: readonly unknown[]) => call(null, args)
      : Object.fromEntries(
        methods.filter(isCallable).map((method) => [
          method,
          (...args: readonly unknown[]) => call(method, args),
        ]),
      );
    return services.provide(name, Object.freeze(service), {
      replace,
      ...version === null ? {} : { version },
    });
  }

  /**
   * Binds a service that the plugin wants to its slot.
   *
   * @param message What it wants.
   * @throws {ProtocolViolation} If it holds more than any plugin needs.
   */
  use({ slot, name, version, use }: Message<"useService">): void {
    const { context: { services } } = this.#options;
    if (this.#bindings.size >= BINDINGS_MAX) {
      throw new ProtocolViolation("protocol", "Too many services in use");
    }
    const options: ServiceOptions = version === null ? {} : { version };
    if (use !== "get") services.require(name, undefined, options);
    const offer = services.find(name, options);
    const current = () => {
      if (offer === undefined) throw serviceMissing(name, []);
      const now = services.find(offer.name, options)?.service;
      const isGone = now === undefined ||
        use !== "keep" && now !== offer.service;
      if (isGone) throw serviceRevoked(offer.name);
      return now;
    };
    this.#bindings.set(slot, { name: offer?.name ?? name, current });
  }

  /**
   * Lets the plugin hear of changes of a service.
   *
   * @param message What it wants to hear of.
   * @returns The watch.
   */
  watch({ slot, name, plugin }: Message<"watchService">): Disposable {
    const { context: { services }, send } = this.#options;
    return services.watch(name, (service) => {
      const isThere = service !== undefined;
      send({ kind: "serviceChanged", plugin, slot, isThere });
    });
  }

  /**
   * Forgets what is bound to a slot.
   *
   * @param slot The slot.
   */
  release(slot: number): void {
    this.#bindings.delete(slot);
  }

  /**
   * Calls a service for the plugin, and tells it what came of that.
   *
   * @param message What to call.
   */
  async call(message: Message<"callService">): Promise<void> {
    const { plugin, send } = this.#options;
    const { id } = message;
    try {
      const value = await this.#callHost(message);
      send({ kind: "answered", plugin, id, value });
    } catch (error) {
      send({ kind: "refused", plugin, id, error: toWireError(error) });
    }
  }

  async #callHost(
    { slot, method, args }: Message<"callService">,
  ): Promise<Json> {
    const { context: { pluginId }, limits, clock } = this.#options;
    const { callMs, callsMax } = limits;
    if (this.#calls >= callsMax) throw serviceBusy(pluginId, callsMax);
    const binding = this.#bindings.get(slot);
    if (binding === undefined) throw serviceMissing(`slot ${slot}`, []);
    const service = binding.current();
    const fn: unknown = method === null ? service : findMethod(service, method);
    if (typeof fn !== "function") {
      throw serviceMethodUnknown(binding.name, method);
    }
    this.#calls++;
    try {
      const work = Promise.try(() =>
        Reflect.apply(fn, service, args.map(decodeValue))
      );
      const late = () => sandboxCallTimeout(pluginId, callMs);
      const deadline = { clock, timeoutMs: callMs, late };
      return encodeFor("a result", await withDeadline(work, deadline));
    } finally {
      this.#calls--;
    }
  }

  async #callGuest(
    service: string,
    handle: number,
    { method, args }: {
      readonly method: string | null;
      readonly args: readonly unknown[];
    },
  ): Promise<unknown> {
    const { remote, isGone } = this.#options;
    if (isGone()) throw serviceRevoked(service);
    const list = args.map((arg) => encodeFor("an argument", arg));
    try {
      const { value } = await remote.call(handle, { method, args: list });
      return decodeValue(value);
    } catch (error) {
      // Its end came between the call and the answer.
      if (isGone() && isDeath(error)) throw serviceRevoked(service);
      throw error;
    }
  }
}

function isDeath(error: unknown): error is PluginError {
  return isCoded(error) && error.code === "SANDBOX_DIED";
}
