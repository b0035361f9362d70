/**
 * The one ecosystem of programs that want no more than one: thin accessors, for callers. Nothing in
 * the library uses them.
 *
 * @module
 */
import type { PluginRegistry } from "../core/mod.ts";
import { invalidOption } from "../core/base/mod.ts";
import type { SequencerHub } from "../nn/mod.ts";
import type { OperatorRegistry } from "../ops/mod.ts";
import { completeEcosystem } from "./create_ecosystem.ts";
import type { Ecosystem, EcosystemOptions } from "./ecosystem.ts";
import { pluginSystemAlreadyInitialized } from "./errors.ts";
import { makeRegistries, type Registries } from "./registries.ts";

/** An ecosystem that is being made, or has been. */
interface Start {
  readonly options: EcosystemOptions;
  readonly ecosystem: Promise<Ecosystem>;
}

// Belongs to the whole process on purpose: what it is for is to be found without being handed on.
const DEFAULT: {
  registries: Registries | undefined;
  start: Start | undefined;
} = { registries: undefined, start: undefined };

/**
 * Makes the default ecosystem, once: whoever calls it again gets the same one. It takes over what
 * {@linkcode globalRegistry} and {@linkcode globalOperatorRegistry} hold. When it has been shut down,
 * the next call makes another one; when it could not be made, the next call tries again.
 *
 * @example One ecosystem for the whole program
 * ```ts
 * import { assertStrictEquals } from "@std/assert";
 * import {
 *   globalRegistry,
 *   initPluginSystem,
 *   resetPluginSystem,
 * } from "@spiraltorch/spiraltorch";
 *
 * const ecosystem = await initPluginSystem();
 * assertStrictEquals(ecosystem.plugins, globalRegistry());
 * assertStrictEquals(await initPluginSystem(), ecosystem);
 * await resetPluginSystem();
 * ```
 *
 * @param options How it is made; whoever leaves them out takes it as it is.
 * @returns The ecosystem.
 * @throws {RuntimeError} `PLUGIN_SYSTEM_ALREADY_INITIALIZED` if it was made with other options.
 * @throws {OptionError} `INVALID_OPTION` for `overrides` that come after the first use of the
 * registries.
 * @throws {BackendError} `BACKEND_UNKNOWN` or `BACKEND_UNAVAILABLE` if the backend cannot be had.
 */
export function initPluginSystem(
  options?: EcosystemOptions,
): Promise<Ecosystem> {
  forgetClosed();
  const { start } = DEFAULT;
  if (start === undefined) return begin(options ?? {});
  const other = differing(options ?? start.options, start.options);
  if (other.length === 0) return start.ecosystem;
  return Promise.reject(pluginSystemAlreadyInitialized(other));
}

/**
 * Finds the plugins of the default ecosystem. Never fails, and needs no backend: before
 * {@linkcode initPluginSystem} there is nothing but the registries.
 *
 * @returns The registry.
 */
export function globalRegistry(): PluginRegistry {
  return registriesNow({}).plugins;
}

/**
 * Finds the operators of the default ecosystem, as {@linkcode globalRegistry} its plugins.
 *
 * @returns The registry.
 */
export function globalOperatorRegistry(): OperatorRegistry {
  return registriesNow({}).operators;
}

/**
 * Finds the sequencers of the default ecosystem, as {@linkcode globalRegistry} its plugins.
 *
 * @returns The hub.
 */
export function globalSequencerHub(): SequencerHub {
  return registriesNow({}).zspace;
}

/**
 * Shuts the default ecosystem down and forgets it, so that the next use begins with an empty one: for
 * tests.
 */
export async function resetPluginSystem(): Promise<void> {
  const { registries, start } = DEFAULT;
  DEFAULT.registries = DEFAULT.start = undefined;
  const ecosystem = await start?.ecosystem.catch(() => undefined);
  await (ecosystem ?? registries)?.[Symbol.asyncDispose]();
}

/** Whoever has shut it down wants another one the next time. */
function forgetClosed(): void {
  if (!DEFAULT.registries?.plugins.isClosed) return;
  DEFAULT.registries = DEFAULT.start = undefined;
}

function registriesNow(options: EcosystemOptions): Registries {
  forgetClosed();
  return DEFAULT.registries ??= makeRegistries(options);
}

function begin(options: EcosystemOptions): Promise<Ecosystem> {
  if (options.overrides !== undefined && DEFAULT.registries !== undefined) {
    const wanted = "none once globalRegistry() has been used";
    const { overrides } = options;
    return Promise.reject(
      invalidOption("initPluginSystem overrides", overrides, wanted),
    );
  }
  const registries = registriesNow(options);
  const ecosystem = completeEcosystem(registries, options);
  const start = { options, ecosystem };
  DEFAULT.start = start;
  ecosystem.catch(() => {
    // The registries stay: what was added to them is there when it is tried again.
    if (DEFAULT.start === start) DEFAULT.start = undefined;
  });
  return ecosystem;
}

/** Names of the options that are not the same. */
function differing(a: EcosystemOptions, b: EcosystemOptions): string[] {
  const [left, right] = [
    new Map(Object.entries(a)),
    new Map(Object.entries(b)),
  ];
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((name) => left.get(name) !== right.get(name)).sort();
}
