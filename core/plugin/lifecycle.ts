/**
 * How one plugin's code is started and stopped: its hooks, in time, and what is undone after them.
 * Which plugins there are is the registry's business.
 *
 * @module
 */
import { doWatched, invalidOption } from "../base/mod.ts";
import {
  type PluginError,
  type PluginFailure,
  pluginHookTimeout,
  pluginLoadFailed,
} from "../errors.ts";
import { describeFailure } from "../events/describe_failure.ts";
import type { Subscription } from "../events/event.ts";
import { withDeadline } from "../events/with_deadline.ts";
import type { PluginHost } from "./plugin_host.ts";
import type { PluginRecord } from "./plugin_record.ts";

/** Why a plugin did not start. */
export interface StartFailure {
  /** What was being done. */
  readonly phase: string;
  /** `PLUGIN_LOAD_FAILED`, with what failed as its cause. */
  readonly error: PluginError;
}

/**
 * Calls a plugin's `onLoad` and lets its `onEvent` listen. If that fails, everything the plugin has
 * done is undone, newest first.
 *
 * @param record The plugin.
 * @param host What all plugins share.
 * @returns Why it did not start, if it did not.
 */
export async function startPlugin(
  record: PluginRecord,
  host: PluginHost,
): Promise<StartFailure | undefined> {
  const { plugin, context, scope, metadata: { id } } = record;
  let phase = "onLoad";
  try {
    const run = () => plugin.onLoad?.(context);
    await inTime(record, host, { phase, run });
    phase = "onEvent";
    record.hookSubscriptions = subscribeHook(record);
    return undefined;
  } catch (cause) {
    scope.abort();
    const rollbackErrors = await undo(record, host);
    const reason = describeFailure(cause, "PLUGIN_HOOK_FAILED");
    const failure = { id, phase, reason, rollbackErrors };
    return { phase, error: pluginLoadFailed(failure, cause) };
  }
}

/** What came of stopping a plugin. */
export interface StopResult {
  /** What went wrong. */
  readonly failures: readonly PluginFailure[];
  /** What was thrown by hooks. */
  readonly causes: readonly unknown[];
}

/**
 * Calls a plugin's `onUnload` while everything still works, waits for its listeners, and undoes
 * what it has done, newest first. Nothing that fails on the way keeps the plugin.
 *
 * @param record The plugin.
 * @param host What all plugins share.
 * @returns What failed.
 */
export async function stopPlugin(
  record: PluginRecord,
  host: PluginHost,
): Promise<StopResult> {
  const { plugin, context, scope, metadata: { id } } = record;
  const failures: PluginFailure[] = [];
  const causes: unknown[] = [];
  async function attempt(phase: string, run: () => unknown): Promise<void> {
    try {
      await run();
    } catch (error) {
      causes.push(error);
      const failure = describeFailure(error, "PLUGIN_HOOK_FAILED");
      failures.push({ id, phase, ...failure });
    }
  }
  const onUnload = () => plugin.onUnload?.(context);
  const phase = "onUnload";
  await attempt(phase, () => inTime(record, host, { phase, run: onUnload }));
  scope.abort();
  await attempt("listeners", () => scope.settled());
  failures.push(...await undo(record, host));
  return { failures, causes };
}

/** One call of a plugin's code. */
export interface HookCall<T> {
  /** What it is called in messages, `onLoad`. */
  readonly phase: string;
  /** Calls it. */
  readonly run: () => T;
}

/**
 * Runs a hook, as long as it may take.
 *
 * @param record The plugin.
 * @param host What all plugins share.
 * @param hook The hook.
 * @returns What the hook gives.
 * @throws {PluginError} `PLUGIN_HOOK_TIMEOUT` if it takes longer.
 */
export async function inTime<T>(
  record: PluginRecord,
  host: PluginHost,
  hook: HookCall<T>,
): Promise<Awaited<T>> {
  const { metadata: { id }, timeoutMs } = record;
  const { clock } = host;
  const late = () => pluginHookTimeout(id, hook.phase, timeoutMs);
  const run = () => noted(record, host, hook);
  const describe = () => ({ plugin: id, hook: hook.phase });
  const work = doWatched("plugin.hook", describe, run);
  return await withDeadline(work, { clock, timeoutMs, late });
}

/**
 * Undoes what a plugin has done, newest first.
 *
 * @param record The plugin.
 * @param host What all plugins share.
 * @returns What failed.
 */
export async function undo(
  record: PluginRecord,
  host: PluginHost,
): Promise<PluginFailure[]> {
  const run = () => record.scope.end();
  const failures = await noted(record, host, { phase: "a clean-up", run });
  record.flushLog();
  return failures;
}

/** Runs code of a plugin, and lets it be known that it runs. */
function noted<T>(
  record: PluginRecord,
  { hooks }: PluginHost,
  { phase, run }: HookCall<T>,
): Promise<Awaited<T>> {
  const { id } = record.metadata;
  return hooks.runHook({ id, phase, state: () => record.state }, run);
}

/**
 * Lets `onEvent` hear the types that the plugin wants.
 *
 * @param record The plugin.
 * @returns The subscriptions, which the plugin owns.
 */
export function subscribeHook(
  { plugin, context, scope, inlet }: PluginRecord,
): Subscription[] {
  if (plugin.onEvent === undefined) return [];
  return wantedTypes(plugin.eventTypes).map((type) => {
    const subscription = inlet.subscribe(
      type,
      (event) => plugin.onEvent?.(event, context),
    );
    scope.own(() => subscription.dispose());
    return subscription;
  });
}

/** The types, each once; `*` makes all others needless. */
function wantedTypes(eventTypes: unknown): readonly string[] {
  if (eventTypes === undefined) return ["*"];
  if (!Array.isArray(eventTypes)) {
    throw invalidOption("eventTypes", eventTypes, "a list of event types");
  }
  return eventTypes.includes("*") ? ["*"] : [...new Set(eventTypes)];
}
