/**
 * How one generation of a plugin takes the place of another. The new one is loaded beside the old
 * one, which is paused but never unloaded until nothing can fail any more: whatever fails before
 * leaves the old one as it was.
 *
 * @module
 */
import type { PluginFailure } from "../../errors.ts";
import { HeldEvents } from "../event_inlet.ts";
import { inTime, stopPlugin, subscribeHook, undo } from "../lifecycle.ts";
import type { PluginHost } from "../plugin_host.ts";
import type { PluginRecord } from "../plugin_record.ts";
import { pluginUnhealthy } from "./errors.ts";

/** What is being done to a plugin that is being replaced. */
export type ReloadPhase =
  | "pause"
  | "saveState"
  | "onLoad"
  | "restoreState"
  | "healthCheck"
  | "onEvent";

/** One plugin between two of its generations. */
export class ReloadStep {
  /** The generation that is there. */
  readonly old: PluginRecord;
  /** The generation that is to take its place. */
  readonly next: PluginRecord;
  readonly #host: PluginHost;
  readonly #held = new HeldEvents();
  #phase: ReloadPhase = "pause";
  #stateTransferred = false;

  /**
   * Constructs a new instance. From now on the events of both generations are held.
   *
   * @param host What all plugins share.
   * @param old The generation that is there.
   * @param next The generation that is to take its place.
   */
  constructor(host: PluginHost, old: PluginRecord, next: PluginRecord) {
    this.#host = host;
    this.old = old;
    this.next = next;
    old.state = "reloading";
    old.next = next;
    old.inlet.hold(this.#held);
    next.inlet.hold(this.#held);
  }

  /** What is being done, or was when it failed. */
  get phase(): ReloadPhase {
    return this.#phase;
  }

  /** Whether the new generation has been given what the old one has saved. */
  get stateTransferred(): boolean {
    return this.#stateTransferred;
  }

  /**
   * Loads the new generation beside the old one and hands over the state.
   *
   * @throws Whatever fails. The new generation has to be abandoned then.
   */
  async prepare(): Promise<void> {
    const { old, next } = this;
    await old.scope.settled();
    const state = await this.#savedState();
    const { plugin, context } = next;
    await this.#run("onLoad", () => plugin.onLoad?.(context));
    if (plugin.restoreState !== undefined && state !== undefined) {
      const from = old.metadata.version;
      await this.#run(
        "restoreState",
        () => plugin.restoreState?.(state.value, context, from),
      );
      this.#stateTransferred = true;
    }
    const health = await this.#run(
      "healthCheck",
      () => plugin.healthCheck?.(context),
    );
    if (health === false) throw pluginUnhealthy(next.metadata.id);
    this.#phase = "onEvent";
    next.hookSubscriptions = subscribeHook(next);
  }

  /**
   * Undoes what the new generation has done, and lets the old one go on.
   *
   * @returns What failed on the way.
   */
  async abandon(): Promise<PluginFailure[]> {
    this.next.scope.abort();
    const failures = await undo(this.next, this.#host);
    this.next.state = "absent";
    this.old.state = "active";
    this.old.next = undefined;
    this.old.inlet.resume();
    this.#tellDropped();
    return failures;
  }

  /**
   * Ends the old generation. Nothing that fails keeps it.
   *
   * @returns What failed.
   */
  async endOld(): Promise<readonly PluginFailure[]> {
    const { failures } = await stopPlugin(this.old, this.#host);
    return failures;
  }

  /** Lets the new generation have its events, and tells of what it has added. */
  begin(): void {
    this.next.inlet.takeOver();
    this.next.announcements.flush();
    this.#tellDropped();
  }

  /** What the old generation has saved, if it saves anything. */
  async #savedState(): Promise<{ readonly value: unknown } | undefined> {
    const { plugin, context } = this.old;
    if (plugin.saveState === undefined) return undefined;
    this.#phase = "saveState";
    const run = () => plugin.saveState?.(context);
    const phase = "saveState";
    const state = await inTime(this.old, this.#host, { phase, run });
    return { value: structuredClone(state) };
  }

  /** Runs a hook of the new generation. */
  async #run<T>(phase: ReloadPhase, run: () => T): Promise<Awaited<T>> {
    this.#phase = phase;
    return await inTime(this.next, this.#host, { phase, run });
  }

  #tellDropped(): void {
    const { dropped } = this.#held;
    if (dropped === 0) return;
    const source = this.next.metadata.id;
    const message = `Dropped ${dropped} events that came during the reload`;
    this.#host.log({ level: "warn", source, message, fields: { dropped } });
  }
}
