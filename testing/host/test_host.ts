import { assertMethods } from "../../core/base/mod.ts";
import type {
  EventInfo,
  EventInput,
  LoadOptions,
  LogRecord,
  Plugin,
  PluginEvent,
  PluginHandle,
  RegisterOptions,
} from "../../core/mod.ts";
import {
  createEcosystem,
  type Ecosystem,
  type EcosystemOptions,
} from "../../runtime/mod.ts";
import { optionsOf } from "../../ops/mod.ts";

/** An event that was published on a host. */
export interface HeardEvent {
  /** The event. */
  readonly event: PluginEvent;
  /** Its delivery: who published it, and when. */
  readonly info: EventInfo;
}

/** Options of {@linkcode createTestHost}: an ecosystem's, but for its log. */
export type TestHostOptions = Omit<EcosystemOptions, "log">;

/**
 * A host for the tests of a plugin: a whole ecosystem in memory, which keeps what its plugins do.
 * Disposing it unloads them.
 */
export class TestHost implements AsyncDisposable {
  /** The ecosystem. */
  readonly ecosystem: Ecosystem;
  readonly #heard: HeardEvent[] = [];
  readonly #logs: LogRecord[];
  #users = 0;

  /**
   * Constructs a new instance; {@linkcode createTestHost} does.
   *
   * @param ecosystem The ecosystem, which goes with the host.
   * @param logs Where it writes its log.
   * @throws {OptionError} `INVALID_OPTION` if it is no ecosystem.
   */
  constructor(ecosystem: Ecosystem, logs: LogRecord[]) {
    const { events } = optionsOf<Ecosystem>("TestHost", ecosystem);
    assertMethods("TestHost events", events, "subscribe");
    this.ecosystem = ecosystem;
    this.#logs = logs;
    events.subscribe("*", (event, info) => {
      this.#heard.push({ event, info });
    });
  }

  /** What was published so far, in order: by plugins, and by the host about them. */
  get heard(): readonly HeardEvent[] {
    return [...this.#heard];
  }

  /** The lines of the log so far. */
  get logs(): readonly LogRecord[] {
    return [...this.#logs];
  }

  /** What went wrong so far: hooks and listeners that failed, and plugins whose end was not clean. */
  get failures(): readonly string[] {
    return this.#heard.flatMap(({ event }) => {
      if (event.kind === "PluginError") {
        return [`${event.pluginId}: ${event.phase}: ${event.message}`];
      }
      const isUnclean = event.kind === "PluginUnloaded" &&
        event.error !== undefined;
      return isUnclean ? [`${event.pluginId}: end: ${event.error}`] : [];
    });
  }

  /**
   * Loads a plugin of the test's own, in this process.
   *
   * @param plugin The plugin.
   * @param options Its settings and time limit.
   * @returns Its handle; `contributions()` lists what it brought.
   * @throws {PluginError} As {@linkcode PluginRegistry.register}.
   */
  load(plugin: Plugin, options?: RegisterOptions): Promise<PluginHandle> {
    return this.ecosystem.plugins.register(plugin, options);
  }

  /**
   * Loads a plugin as its users do: in a sandbox, unless it is said otherwise.
   *
   * @param specifier Where its module is, `import.meta.resolve("./mod.ts")`.
   * @param options How it is loaded.
   * @returns Its handle.
   * @throws {PluginError} As {@linkcode DynamicPluginLoader.load}.
   */
  async loadFrom(
    specifier: string,
    options?: LoadOptions,
  ): Promise<PluginHandle> {
    const [handle] = await this.ecosystem.loader.load(specifier, options);
    return handle!;
  }

  /**
   * Publishes an event, and waits until all that listen are done with it, those in sandboxes too.
   *
   * @param event The event.
   */
  async publish(event: EventInput): Promise<void> {
    await this.ecosystem.events.publishAsync(event);
  }

  /**
   * Gets a service as another plugin would.
   *
   * @typeParam Service What it can do.
   * @param name Its full name, `acme.clock/time`.
   * @returns The service.
   * @throws {PluginError} `PLUGIN_LOAD_FAILED`, with `SERVICE_MISSING` as its cause, if there is none.
   */
  async service<Service extends object>(name: string): Promise<Service> {
    let found: Service | undefined;
    const id = `test.user_${++this.#users}`;
    await this.load({
      metadata: { id, version: "1.0.0" },
      onLoad: ({ services }) => void (found = services.require<Service>(name)),
    });
    return found!;
  }

  /** Unloads all plugins, newest first. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.ecosystem[Symbol.asyncDispose]();
  }
}

/**
 * Makes a host for the tests of a plugin.
 *
 * @example What a plugin does, from its load to its end
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createTestHost } from "@spiraltorch/spiraltorch/testing";
 *
 * await using host = await createTestHost();
 * const handle = await host.load({
 *   metadata: { id: "acme.greeter", version: "1.0.0" },
 *   eventTypes: ["acme:hello"],
 *   onLoad: (context) => void context.log.info("ready"),
 *   onEvent: (_, context) =>
 *     context.publish({ kind: "Custom", eventType: "acme:answer", data: 7 }),
 * });
 * await host.publish({ kind: "Custom", eventType: "acme:hello", data: null });
 *
 * assertEquals(host.logs.map(({ message }) => message), ["ready"]);
 * const [answer] = host.heard.filter(({ info }) => info.type === "acme:answer");
 * assertEquals(answer!.info.source, "acme.greeter");
 * await host.ecosystem.plugins.unregister(handle.id);
 * assertEquals(handle.contributions(), []);
 * assertEquals(host.failures, []);
 * ```
 *
 * @param options What computes, and where plugins may come from.
 * @returns The host, for the caller to dispose.
 * @throws {BackendError} `BACKEND_UNKNOWN` or `BACKEND_UNAVAILABLE` if the backend cannot be had.
 */
export async function createTestHost(
  options?: TestHostOptions,
): Promise<TestHost> {
  const own = optionsOf<TestHostOptions>("createTestHost", options);
  const logs: LogRecord[] = [];
  const log = (record: LogRecord) => void logs.push(record);
  return new TestHost(await createEcosystem({ ...own, log }), logs);
}
