import { invalidOption, isPlainObject, optionsOf } from "../base/mod.ts";
import type { Isolation } from "../plugin/isolation.ts";
import type { PluginConfig } from "../plugin/plugin.ts";
import type { SandboxLimits } from "../sandbox/limits.ts";
import type { PluginPolicy } from "./policy/policy.ts";
import {
  checkRestart,
  type RestartPlan,
  type RestartPolicy,
} from "./restart/restart_options.ts";

/** How plugins are loaded. */
export interface LoadOptions {
  /**
   * How far they are kept from the host.
   *
   * @default {"process"}
   */
  readonly isolation?: Isolation;
  /** The digest that the modules of the only specifier must have, `sha256-…`. */
  readonly integrity?: string;
  /** What these plugins may have at most, beside the policy of the loader: both have to allow it. */
  readonly permissions?: PluginPolicy;
  /**
   * Whether what the modules are now takes the place of what the lockfile says of them, unless that
   * is frozen; or for which of the specifiers.
   *
   * @default {false}
   */
  readonly update?: boolean | readonly string[];
  /** How long each hook may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** Settings of the plugins, by plugin id. */
  readonly config?: Readonly<Record<string, PluginConfig>>;
  /**
   * Whether plugins come back whose sandbox has died: made of the same bytes, with the same settings and
   * grants, and with nothing of what they knew; those that depend on them come back with them. Handles
   * that anybody holds stay `absent`.
   *
   * @default {"never"}
   */
  readonly restart?: RestartPolicy;
}

/** Load options that have been checked. */
export interface CheckedLoadOptions {
  /** How far they are kept from the host. */
  readonly isolation: Isolation;
  /** The digest wanted. */
  readonly integrity: string | undefined;
  /** What these plugins may have at most. */
  readonly permissions: PluginPolicy | undefined;
  /** Whether what was locked is replaced, or for which of the specifiers. */
  readonly update: boolean | readonly string[];
  /** How long each hook may take, in milliseconds. */
  readonly timeoutMs: number | undefined;
  /** Settings of the plugins, by plugin id. */
  readonly config: Readonly<Record<string, PluginConfig>>;
  /** How plugins come back whose sandbox has died; they do not if there is none. */
  readonly restart: RestartPlan | undefined;
}

/** How much longer the registry waits for a hook than the sandbox, which ends what hangs. */
const REGISTRY_MARGIN_MS = 2_000;

const ISOLATIONS: readonly Isolation[] = ["inline", "worker", "process"];

const IS_DIGEST = /^sha256-[A-Za-z0-9+/]{43}=$/;

/**
 * Checks load options against each other.
 *
 * @param options The options.
 * @param specifierCount How many specifiers they are for.
 * @returns The options with their defaults.
 * @throws {OptionError} `INVALID_OPTION` if one has a value that it cannot have.
 */
export function checkLoadOptions(
  options: LoadOptions,
  specifierCount: number,
): CheckedLoadOptions {
  const { isolation = "process", integrity, timeoutMs, config = {}, ...rest } =
    optionsOf("load", options);
  const { permissions, update = false, restart: wanted = "never" } = rest;
  if (!isPlainObject(config)) {
    throw invalidOption("load config", config, "settings by plugin id");
  }
  if (!ISOLATIONS.includes(isolation)) {
    const wanted = '"inline", "worker" or "process"';
    throw invalidOption("isolation", isolation, wanted);
  }
  if (integrity !== undefined) {
    checkIntegrity(integrity, { isolation, specifierCount });
  }
  if (
    timeoutMs !== undefined && !(Number.isFinite(timeoutMs) && timeoutMs > 0)
  ) {
    throw invalidOption("timeoutMs", timeoutMs, "a finite number above 0");
  }
  const isList = Array.isArray(update) &&
    update.every((specifier) => typeof specifier === "string");
  if (typeof update !== "boolean" && !isList) {
    throw invalidOption("update", update, "true, false or specifiers");
  }
  const restart = checkRestart(wanted, { isolation });
  return {
    isolation,
    integrity,
    permissions,
    update,
    timeoutMs,
    config,
    restart,
  };
}

function checkIntegrity(
  integrity: string,
  { isolation, specifierCount }: {
    readonly isolation: Isolation;
    readonly specifierCount: number;
  },
): void {
  if (!IS_DIGEST.test(integrity)) {
    throw invalidOption(
      "integrity",
      integrity,
      '"sha256-" and 44 characters of base 64',
    );
  }
  if (specifierCount !== 1) {
    throw invalidOption("integrity", integrity, "used with one specifier");
  }
  if (isolation === "inline") {
    throw invalidOption(
      "integrity",
      integrity,
      'used with isolation "worker" or "process": inline modules are fetched by the platform, unhashed',
    );
  }
}

/**
 * Takes what a caller passed as specifiers.
 *
 * @param specifiers One of them, or a list.
 * @returns The list.
 * @throws {OptionError} `INVALID_OPTION` if one of them is no text.
 */
export function listOf(specifiers: unknown): readonly string[] {
  const list = Array.isArray(specifiers) ? [...specifiers] : [specifiers];
  if (list.every((specifier) => typeof specifier === "string")) return list;
  throw invalidOption("load specifiers", specifiers, "text or a list of texts");
}

/**
 * Tells how long the registry waits for a hook.
 *
 * @param options How a plugin is loaded.
 * @param limits How much time a sandboxed one has.
 * @returns The time, in milliseconds; the registry's own if `undefined`.
 */
export function registryHookMs(
  { isolation, timeoutMs }: CheckedLoadOptions,
  { hookMs }: Pick<SandboxLimits, "hookMs">,
): number | undefined {
  if (isolation === "inline") return timeoutMs;
  return (timeoutMs ?? hookMs) + REGISTRY_MARGIN_MS;
}
