import { assertInvariant, type Clock, SYSTEM_CLOCK } from "../base/mod.ts";
import type { PluginError } from "../errors.ts";
import type { Plugin } from "../plugin/plugin.ts";
import { parseMetadata } from "../plugin/metadata.ts";
import { BOOTSTRAP_PROGRAM, entrySpecifier } from "./bootstrap.ts";
import { ConsoleLines } from "./console_lines.ts";
import { startDeadline } from "./deadline.ts";
import type { Decoders } from "./decoder.ts";
import type { Enclosure, Tier } from "./enclosure.ts";
import {
  messageInvalid,
  noPluginExport,
  pluginImportFailed,
  sandboxDied,
  sandboxStartFailed,
} from "./errors.ts";
import { type Frame, ProtocolViolation } from "./frame.ts";
import { type GuestGraph, type GuestSdk, shareGraph } from "./guest_graph.ts";
import type { SandboxAccess } from "./launcher.ts";
import {
  type OptionalLimit,
  type SandboxLimits,
  sandboxLimits,
} from "./limits.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { MessageRate } from "./message_rate.ts";
import type { GuestPlugin, PluginMessage } from "./messages.ts";
import { packSources } from "./pack_sources.ts";
import { type MalformedMessage, parseGuestMessage } from "./parse_message.ts";
import { PluginPort, type PortOptions } from "./plugin_port.ts";
import { processTier } from "./process_tier.ts";
import type { Sandbox, SandboxReport } from "./sandbox.ts";
import { Session } from "./session.ts";
import { Strikes } from "./strikes.ts";

/** What a sandbox is started with. */
export interface SandboxOptions {
  /** The plugin's modules. */
  readonly graph: GuestGraph;
  /** The modules of plugins that share its sandbox; none if left out. */
  readonly companions?: readonly GuestGraph[];
  /** The library's modules. */
  readonly sdk: GuestSdk;
  /** How contributions are read; points without a decoder cannot be added to. */
  readonly decoders?: Decoders;
  /** How much time and memory the plugin may take, where that is not the default. */
  readonly limits?: Partial<SandboxLimits>;
  /** Where time comes from. */
  readonly clock?: Clock;
  /** What the plugin is kept in; a process if left out. */
  readonly tier?: Tier;
  /** What it may touch outside of its sandbox; nothing if left out. */
  readonly access?: SandboxAccess;
}

/**
 * Starts a sandbox and evaluates a plugin's module in it. It runs exactly the sources of `graph`,
 * `companions` and `sdk`: whatever else they import is refused.
 *
 * @param options What to start it with.
 * @returns The sandbox, for the caller to dispose.
 * @throws {PluginError} `ISOLATION_UNAVAILABLE` if there can be no such sandbox here.
 * @throws {PluginError} `SANDBOX_START_FAILED` if it ended before the module was evaluated.
 * @throws {PluginError} `PLUGIN_IMPORT_FAILED` if the module threw.
 * @throws {PluginError} `NO_PLUGIN_EXPORT` if its default export is not a plugin.
 * @throws {PluginError} `PLUGIN_METADATA_INVALID` if a plugin's metadata breaks the rules.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const tier = options.tier ?? await processTier();
  await using stack = new AsyncDisposableStack(); // runs here unless moved out below
  const sandbox = stack.use(new GuestSandbox(options, tier));
  await sandbox.start();
  stack.move();
  return sandbox;
}

class GuestSandbox implements Sandbox {
  readonly #options: SandboxOptions;
  readonly #tier: Tier;
  readonly #limits: SandboxLimits;
  readonly #clock: Clock;
  readonly #enclosure: Enclosure;
  readonly #session: Session;
  readonly #owned = new AsyncDisposableStack();
  readonly #hello = Promise.withResolvers<void>();
  readonly #graphs: readonly GuestGraph[];
  readonly #ready: readonly PromiseWithResolvers<readonly GuestPlugin[]>[];
  /** Which of the graphs is being imported. */
  #at = 0;
  readonly #deathListeners: ((error: PluginError) => void)[] = [];
  readonly #console = new ConsoleLines();
  readonly #rate: MessageRate;
  readonly #strikes = new Strikes();
  #limitsNotInForce: readonly OptionalLimit[] = [];
  readonly #portsByModule: (readonly PluginPort[])[] = [];
  #ports: readonly PluginPort[] = [];
  #isAwaited = false;
  #death: PluginError | undefined;
  #disposal: Promise<void> | undefined;

  constructor(options: SandboxOptions, tier: Tier) {
    this.#options = options;
    this.#graphs = [options.graph, ...options.companions ?? []];
    this.#ready = this.#graphs.map(() => Promise.withResolvers());
    this.#tier = tier;
    this.#limits = sandboxLimits(options.limits);
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#rate = new MessageRate({
      perSecond: this.#limits.messagesPerSecondMax,
      burst: this.#limits.messagesBurstMax,
      clock: this.#clock,
    });
    const { entry: url } = options.graph;
    this.#enclosure = this.#owned.use(
      tier.open({
        name: url,
        program: BOOTSTRAP_PROGRAM,
        access: options.access,
        limits: this.#limits,
        clock: this.#clock,
        onFrame: (frame) => this.#take(frame),
      }),
    );
    this.#session = new Session(this.#enclosure, { url, clock: this.#clock });
    // Whether anybody waits for these depends on how far the start comes.
    this.#hello.promise.catch(() => {});
    for (const { promise } of this.#ready) promise.catch(() => {});
    this.#enclosure.ended.then((death) => {
      const failure = sandboxStartFailed(url, death);
      this.#hello.reject(failure);
      for (const { reject } of this.#ready) reject(failure);
      if (this.#isAwaited) return;
      this.#death = sandboxDied(url, death);
      for (const listener of this.#deathListeners) listener(this.#death);
    });
  }

  get plugins(): readonly Plugin[] {
    return this.#ports.map(({ plugin }) => plugin);
  }

  get pluginsByModule(): readonly (readonly Plugin[])[] {
    return this.#portsByModule.map((ports) =>
      ports.map(({ plugin }) => plugin)
    );
  }

  get pid(): number | undefined {
    return this.#enclosure.pid;
  }

  get report(): SandboxReport {
    return {
      isolation: this.#tier.isolation,
      limitsNotInForce: this.#limitsNotInForce,
      messagesDropped: this.#strikes.count,
    };
  }

  onDeath(listener: (error: PluginError) => void): void {
    if (this.#death === undefined) this.#deathListeners.push(listener);
    else listener(this.#death);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#isAwaited = true;
    // Whoever disposes it again waits for the same end.
    return this.#disposal ??= this.#owned.disposeAsync();
  }

  /** Brings it up: hands over the sources, sets the limits, has the plugin evaluated. */
  async start(): Promise<void> {
    const { graph, sdk } = this.#options;
    const shared = shareGraph(this.#graphs);
    assertInvariant(shared !== undefined, "One URL means one module");
    const { header, bytes } = packSources(shared, sdk);
    // None of it runs before it is told to; it reads and loads the library meanwhile.
    this.#enclosure.send(header, bytes);
    for (const index of this.#graphs.keys()) await this.#import(index);
    this.#owned.use(startHeartbeat({
      session: this.#session,
      clock: this.#clock,
      heartbeatMs: this.#limits.heartbeatMs,
      url: graph.entry,
    }));
  }

  /** Has the plugins of one module evaluated. Each has its own time for that. */
  async #import(at: number): Promise<void> {
    using _deadline = startDeadline(
      this.#clock,
      this.#limits.startupMs,
      () => this.#enclosure.kill("startup-timeout"),
    );
    if (at === 0) {
      await this.#hello.promise;
      this.#limitsNotInForce = await this.#enclosure.confine();
    }
    this.#at = at;
    this.#session.send({ kind: "import", url: entrySpecifier(at) });
    const guests = await this.#ready[at]!.promise;
    const { length } = this.#ports;
    const { entry: url } = this.#graphs[at]!;
    const ports = guests.map((guest, index) =>
      this.#openPort(guest, { index: length + index, url })
    );
    this.#portsByModule.push(ports);
    this.#ports = this.#portsByModule.flat();
  }

  #openPort(
    guest: GuestPlugin,
    { index, url }: Pick<PortOptions, "index" | "url">,
  ): PluginPort {
    return new PluginPort({
      index,
      guest,
      metadata: parseMetadata(guest.metadata),
      url,
      session: this.#session,
      decoders: this.#options.decoders ?? {},
      limits: this.#limits,
      clock: this.#clock,
      onGone: async () => {
        if (this.#ports.every(({ isGone }) => isGone)) {
          await this[Symbol.asyncDispose]();
        }
      },
    });
  }

  #take(frame: Frame): void {
    const { bytes } = frame;
    const message = parseGuestMessage(frame.header);
    const { entry: url } = this.#graphs[this.#at]!;
    const ready = this.#ready[this.#at]!;
    switch (message.kind) {
      case "hello":
        return this.#hello.resolve();
      case "ready":
        return ready.resolve(message.plugins);
      case "noPlugin":
        return ready.reject(noPluginExport(url, message.found));
      case "importFailed":
        return ready.reject(pluginImportFailed(url, message.error));
      case "console":
        this.#count();
        return this.#console.print(message, this.#ports);
      case "done":
        return this.#settle(message.id, { value: message.value, bytes });
      case "failed":
        return this.#settle(message.id, message.error);
      case "malformed":
        this.#count();
        return this.#refuse(message);
      default:
        this.#count();
        return this.#apply(message, bytes);
    }
  }

  #settle(id: number, answer: Parameters<Session["settle"]>[1]): void {
    if (this.#session.settle(id, answer)) this.#console.flush(this.#ports);
    else this.#strike("an answer that has come before");
  }

  #apply(message: PluginMessage, bytes: Uint8Array<ArrayBuffer>): void {
    const port = this.#ports[message.plugin];
    if (port !== undefined) return port.apply(message, bytes);
    const found = "a plugin that is not there";
    const problem = { rule: "message-key", found } as const;
    this.#refuse({ kind: "malformed", problem, answers: undefined });
  }

  /** Drops what is no message. Whoever waits for what it was to answer, or the plugin, is told. */
  #refuse({ problem, answers }: MalformedMessage): void {
    this.#strike(problem.found);
    const error = messageInvalid("a message", problem);
    if (answers !== undefined) this.#session.settle(answers, error);
    else this.#ports.find(({ isLive }) => isLive)?.fail(error);
  }

  /** Counts a message that is dropped. */
  #strike(found: string): void {
    this.#strikes.add(found);
    const port = this.#ports.find(({ isLive }) => isLive);
    port?.log("warn", `Dropped a message: found ${found}`);
  }

  /** Counts a message that nobody asked for; answers are bounded by their questions. */
  #count(): void {
    if (this.#rate.take()) return;
    throw new ProtocolViolation("message-rate", "Too many messages");
  }
}
