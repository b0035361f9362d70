/**
 * What a plugin is. The registry, the loader and the sandbox all speak of this one shape: a plugin
 * in a sandbox is an ordinary plugin whose hooks talk to another process.
 *
 * @module
 */
import type { Json } from "../base/mod.ts";
import type { PluginEvent } from "../events/event.ts";
import type { Isolation, PermissionRequest } from "./isolation.ts";
import type { PluginCapability } from "./capability.ts";
import type { ConfigSchema } from "./config_schema.ts";
import type { PluginContext } from "./context.ts";

/** Who a plugin is and what it needs. Read once, copied and frozen when it is registered. */
export interface PluginMetadata {
  /** Unique name, `acme.swish`. */
  readonly id: string;
  /** Semantic version. */
  readonly version: string;
  /** Name shown to people. */
  readonly name?: string;
  /** One sentence about what it does. */
  readonly description?: string;
  /** Who made it. */
  readonly author?: string;
  /** Plugins that must be active before it, with the semver ranges it works with. */
  readonly dependencies?: Readonly<Record<string, string>>;
  /**
   * Plugins that it can do without, with the ranges it works with: one that is there must be in its
   * range, and is loaded before it and unloaded after it.
   */
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  /** Plugins that it stands in for, with the versions that it counts as. */
  readonly provides?: Readonly<Record<string, string>>;
  /** Whether its author has withdrawn it, or why: it is picked only where it is locked. */
  readonly yanked?: boolean | string;
  /** What it offers. */
  readonly capabilities?: readonly (PluginCapability | string)[];
  /** What it asks to touch outside the sandbox. */
  readonly permissions?: PermissionRequest;
  /** Versions of the library it works with. */
  readonly engines?: {
    /** A semver range over the library's version. */
    readonly spiraltorch?: string;
  };
  /** Anything else, as text. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Metadata as the registry keeps it: checked, copied, frozen, capabilities as objects. */
export interface ParsedMetadata extends PluginMetadata {
  /** What it offers. */
  readonly capabilities?: readonly PluginCapability[];
}

/**
 * A plugin: who it is and what it does when it comes, goes and is told something.
 *
 * @typeParam Context What its hooks are handed.
 */
export interface Plugin<Context extends PluginContext = PluginContext> {
  /** Who it is. */
  readonly metadata: PluginMetadata;
  /** What its settings must be: a `zod` object schema, or anything that checks as one does. */
  readonly configSchema?: ConfigSchema;
  /** The event types that `onEvent` wants; all of them if left out. */
  readonly eventTypes?: readonly string[];
  /** Adds the plugin's contributions. If it throws, everything it added is undone. */
  onLoad?(context: Context): void | Promise<void>;
  /** Called before the plugin goes, while everything it added still works. */
  onUnload?(context: Context): void | Promise<void>;
  /** Called with each event, after it is loaded. */
  onEvent?(event: PluginEvent, context: Context): void | Promise<void>;
  /**
   * Called before another version takes its place: gives what that one goes on with. It is copied as
   * `structuredClone` copies.
   */
  saveState?(context: Context): unknown;
  /**
   * Called after `onLoad` with what the version before has saved, and with that version.
   */
  restoreState?(
    state: unknown,
    context: Context,
    fromVersion: string,
  ): void | Promise<void>;
  /** Called before it takes the place of another version: `false` keeps that one in place. */
  healthCheck?(context: Context): void | boolean | Promise<void | boolean>;
}

/** Where a plugin stands. */
export type PluginState =
  | "absent"
  | "loading"
  | "active"
  | "reloading"
  | "unloading";

/** A plugin as the host sees it. It never comes back to life once the plugin is gone. */
export interface PluginHandle {
  /** Its id. */
  readonly id: string;
  /** Its version. */
  readonly version: string;
  /** Its metadata, as it was when it was registered. */
  readonly metadata: ParsedMetadata;
  /** Where it stands now. */
  readonly state: PluginState;
  /** How far it is kept from the host. */
  readonly isolation: Isolation;
  /**
   * The plugin object itself.
   *
   * @returns The object.
   * @throws `PLUGIN_NOT_INLINE` if it lives in another process.
   */
  instance<T extends Plugin = Plugin>(): T;
  /**
   * What it owns now.
   *
   * @returns One line each, `operator acme:swish`, in the order they were added.
   */
  contributions(): readonly string[];
}

/** Settings the host gives to a plugin when it registers it. */
export type PluginConfig = Readonly<Record<string, Json>>;
