import type { Json } from "../base/mod.ts";
import type { PluginError, PluginFailure } from "../errors.ts";
import { describeFailure } from "../events/describe_failure.ts";
import { loadOrder } from "../resolve/load_order.ts";
import { admit, type Premises, type ReadEntry } from "./admission.ts";
import { foresee, type Foreseen } from "./foresee.ts";
import { admitReload } from "./reload/admit_reload.ts";
import { orderOf } from "./dependency_views.ts";
import type { HookTrail } from "./hook_trail.ts";
import { startPlugin, stopPlugin } from "./lifecycle.ts";
import type { PluginHost } from "./plugin_host.ts";
import { createRecord, type PluginRecord } from "./plugin_record.ts";
import type { ReloadReport } from "./registry_options.ts";
import { ReloadStep } from "./reload/reload_step.ts";
import { reloadFailed } from "./reload/errors.ts";

/** What came of unloading plugins. */
export interface UnloadResult {
  /** Ids of the plugins that are gone, in order. */
  readonly unloaded: readonly string[];
  /** What went wrong. */
  readonly failures: readonly PluginFailure[];
  /** What was thrown by hooks. */
  readonly causes: readonly unknown[];
}

/**
 * The plugins there are, and the steps that change that. Before any plugin code runs, the states
 * are as they will be seen: whoever calls back finds them consistent.
 */
export class PluginTable {
  readonly #host: PluginHost;
  readonly #engineVersion: string;
  /** Ranges that replace those that plugins ask for, by id. */
  readonly overrides: Readonly<Record<string, string>>;
  readonly #records = new Map<string, PluginRecord>();
  readonly #hostConfigs = new Map<string, ReadonlyMap<string, Json>>();
  readonly #running = new Set<Promise<unknown>>();
  #isInitialized = false;

  /**
   * Constructs a new instance, without plugins.
   *
   * @param host What all plugins share.
   * @param premises The library's version, and the ranges that replace those of plugins.
   */
  constructor(
    host: PluginHost,
    { engineVersion, overrides }: Pick<Premises, "engineVersion" | "overrides">,
  ) {
    this.#host = host;
    this.#engineVersion = engineVersion;
    this.overrides = overrides;
  }

  /** Every plugin there is, whatever its state, by id. */
  get records(): ReadonlyMap<string, PluginRecord> {
    return this.#records;
  }

  /** Which of their hooks some work waits for. */
  get hooks(): HookTrail {
    return this.#host.hooks;
  }

  /**
   * Lists the plugins in one state.
   *
   * @param states The states that count.
   * @returns The plugins, by id.
   */
  inState(...states: readonly string[]): Map<string, PluginRecord> {
    return new Map(
      [...this.#records].filter(([, { state }]) => states.includes(state)),
    );
  }

  /**
   * Checks plugins by what has been said of them. Changes nothing.
   *
   * @param foreseen What is known of them.
   * @throws What would keep them from being loaded.
   */
  foresee(foreseen: Foreseen): void {
    foresee(foreseen, this.#premises);
  }

  /**
   * Loads plugins in load order: all of them or none.
   *
   * @param entries The plugins, whose metadata has been read.
   * @returns The plugins, in load order.
   * @throws What keeps the set from being loaded.
   */
  async load(entries: readonly ReadEntry[]): Promise<PluginRecord[]> {
    const admissions = admit(entries, this.#premises);
    const loadSet = { isOpen: true };
    const records = admissions.map((admission) =>
      createRecord(this.#host, admission, { loadSet })
    );
    for (const record of records) this.#records.set(record.metadata.id, record);
    return await this.#run(this.#loadInOrder(records));
  }

  /**
   * Unloads plugins, going on past what fails. All of them are on their way out from now on.
   *
   * @param records The plugins, all active.
   * @returns What came of it.
   */
  async unload(records: readonly PluginRecord[]): Promise<UnloadResult> {
    const byId = new Map(records.map((record) => [record.metadata.id, record]));
    for (const record of records) record.state = "unloading";
    const order = loadOrder(orderOf(records)).reverse();
    return await this.#run(
      this.#unloadInOrder(order.map((id) => byId.get(id)!)),
    );
  }

  /**
   * Replaces plugins by new generations of themselves: all of them or none.
   *
   * @param entries The new generations, whose metadata has been read.
   * @returns What came of each, in load order.
   * @throws What keeps them from being replaced.
   */
  async reload(entries: readonly ReadEntry[]): Promise<ReloadReport[]> {
    const steps = admitReload(entries, this.#premises).map(
      ({ old, admission }) => {
        const loadSet = { isOpen: false };
        const generation = old.generation + 1;
        const origin = { loadSet, generation };
        const next = createRecord(this.#host, admission, origin);
        return new ReloadStep(this.#host, old, next);
      },
    );
    return await this.#run(this.#reloadInOrder(steps));
  }

  /** Notes that `SystemInit` is being published: whoever comes later is told alone. */
  markInitialized(): void {
    this.#isInitialized = true;
    for (const record of this.#records.values()) {
      record.hasSeenInit = wantsInit(record);
      if (record.next) record.next.hasSeenInit = wantsInit(record.next);
    }
  }

  /** Waits until no load and no unload is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) {
      await Promise.allSettled([...this.#running]);
    }
  }

  /** Notes work that is under way. */
  async #run<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work);
    try {
      return await work;
    } finally {
      this.#running.delete(work);
    }
  }

  async #loadInOrder(
    records: readonly PluginRecord[],
  ): Promise<PluginRecord[]> {
    const rest = [...records];
    const loaded: PluginRecord[] = [];
    try {
      for (let record = rest.shift(); record; record = rest.shift()) {
        await this.#loadOne(record, rest.length === 0);
        loaded.push(record);
      }
    } catch (error) {
      for (const record of rest) {
        this.#forget(record);
        await record.scope.end();
      }
      // A member may have been unloaded by somebody else in the meantime.
      await this.unload(loaded.filter(({ state }) => state === "active"));
      throw error;
    }
    for (const { metadata: { id }, hostConfig } of loaded) {
      this.#keepConfig(id, hostConfig);
    }
    return loaded;
  }

  async #loadOne(record: PluginRecord, isLast: boolean): Promise<void> {
    const { events } = this.#host;
    const pluginId = record.metadata.id;
    const failure = await startPlugin(record, this.#host);
    if (failure !== undefined) {
      this.#forget(record);
      const { phase, error: { code, message } } = failure;
      this.#tellError({ id: pluginId, phase, code, message });
      throw failure.error;
    }
    record.state = "active";
    if (isLast) record.loadSet.isOpen = false;
    record.announcements.flush();
    events.publish({ kind: "PluginLoaded", pluginId });
    this.#tellInit(record);
  }

  /** Tells a plugin of `SystemInit` that came too late to hear it with the others. */
  #tellInit(record: PluginRecord): void {
    if (!this.#isInitialized || record.hasSeenInit) return;
    record.hasSeenInit = wantsInit(record);
    const to = new Set(record.hookSubscriptions.map(({ id }) => id));
    this.#host.events.publishTo(to, { kind: "SystemInit" });
  }

  async #reloadInOrder(steps: readonly ReloadStep[]): Promise<ReloadReport[]> {
    for (const step of steps) {
      try {
        await step.prepare();
      } catch (cause) {
        throw await this.#abandon(step, steps, cause);
      }
    }
    for (const step of steps.toReversed()) {
      for (const failure of await step.endOld()) this.#tellError(failure);
    }
    // All at once, and only then plugin code.
    for (const { old, next } of steps) this.#replace(old, next);
    for (const step of steps) {
      step.begin();
      const { from, to } = reportOf(step);
      const pluginId = step.next.metadata.id;
      const kind = "PluginReloaded";
      this.#host.events.publish({ kind, pluginId, from, to });
      this.#tellInit(step.next);
    }
    return steps.map(reportOf);
  }

  /** Puts a generation into the place of the one before. */
  #replace(old: PluginRecord, next: PluginRecord): void {
    const { metadata: { id }, hostConfig } = next;
    old.state = "absent";
    old.next = undefined;
    next.hasSeenInit ||= old.hasSeenInit;
    next.state = "active";
    this.#records.set(id, next);
    this.#keepConfig(id, hostConfig);
  }

  /** Takes back everything that was done to replace plugins, because one of them has failed. */
  async #abandon(
    { phase, old }: ReloadStep,
    steps: readonly ReloadStep[],
    cause: unknown,
  ): Promise<PluginError> {
    const { id, version } = old.metadata;
    const rollbackErrors: PluginFailure[] = [];
    for (const step of steps.toReversed()) {
      rollbackErrors.push(...await step.abandon());
    }
    const reason = describeFailure(cause, "PLUGIN_HOOK_FAILED");
    const failure = { id, version, phase, reason, rollbackErrors };
    const error = reloadFailed(failure, cause);
    this.#tellError({ id, phase, code: error.code, message: error.message });
    return error;
  }

  /** Publishes that the code of a plugin has failed. */
  #tellError({ id: pluginId, ...failure }: PluginFailure): void {
    this.#host.events.publish({ kind: "PluginError", pluginId, ...failure });
  }

  get #premises(): Premises {
    return {
      records: this.#records,
      engineVersion: this.#engineVersion,
      overrides: this.overrides,
      hostConfigs: this.#hostConfigs,
    };
  }

  /** Keeps what the host has set for a plugin, for the next time. */
  #keepConfig(id: string, config: ReadonlyMap<string, Json>): void {
    if (config.size > 0) this.#hostConfigs.set(id, config);
    else this.#hostConfigs.delete(id);
  }

  async #unloadInOrder(
    records: readonly PluginRecord[],
  ): Promise<UnloadResult> {
    const { events } = this.#host;
    const unloaded: string[] = [];
    const failures: PluginFailure[] = [];
    const causes: unknown[] = [];
    for (const record of records) {
      const pluginId = record.metadata.id;
      const result = await stopPlugin(record, this.#host);
      this.#forget(record);
      unloaded.push(pluginId);
      failures.push(...result.failures);
      causes.push(...result.causes);
      const error = result.failures[0]?.message;
      const why = error === undefined ? {} : { error };
      events.publish({ kind: "PluginUnloaded", pluginId, ...why });
    }
    return { unloaded, failures, causes };
  }

  #forget(record: PluginRecord): void {
    record.state = "absent";
    this.#records.delete(record.metadata.id);
  }
}

/** Whether a plugin's `onEvent` hears `SystemInit`. */
function wantsInit({ hookSubscriptions }: PluginRecord): boolean {
  return hookSubscriptions.some(({ type }) =>
    type === "*" || type === "SystemInit"
  );
}

function reportOf({ old, next, stateTransferred }: ReloadStep): ReloadReport {
  const from = old.metadata.version;
  return { from, to: next.metadata.version, stateTransferred };
}
