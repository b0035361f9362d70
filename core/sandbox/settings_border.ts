import type { Subscription } from "../events/event.ts";
import type { ConfigReader, PluginContext } from "../plugin/context.ts";
import { SHARED_TOPIC } from "../plugin/config_store.ts";
import type { HostMessage, PluginMessage } from "./messages.ts";
import type { Session } from "./session.ts";

/** What the settings of others need to cross. */
export interface SettingsBorderOptions {
  /** The plugin's door to the host. */
  readonly context: PluginContext;
  /** Where the plugin stands in the guest's module. */
  readonly plugin: number;
  /** Ids of the plugins whose settings it may read: those it declares as dependencies. */
  readonly dependencies: readonly string[];
  /** Tells the guest something. */
  readonly send: (message: HostMessage) => void;
  /** Tells the guest how something is, when its turn comes. */
  readonly session: Pick<Session, "sendState">;
}

/**
 * Keeps a sandboxed plugin's copies of settings true that are not its own: those that all plugins
 * share, and those of the plugins it depends on. It gets them before its `onLoad` runs.
 *
 * @param options What they need to cross.
 * @returns What keeps them true; the plugin's scope owns it.
 */
export function copySettings(
  { context, plugin, dependencies, session }: Omit<
    SettingsBorderOptions,
    "send"
  >,
): Subscription[] {
  const { config, signal } = context;
  function copy(of: string, reader: ConfigReader): Subscription {
    const base = { kind: "settings", plugin, of, refused: null } as const;
    const share = () =>
      session.sendState(
        `settings of ${of} for ${plugin}`,
        () => signal.aborted ? undefined : { ...base, entries: reader.list() },
      );
    share();
    return reader.watchAll(share);
  }
  return [
    copy(SHARED_TOPIC, config.shared),
    ...dependencies.map((id) => copy(id, config.of(id))),
  ];
}

/** A change of a shared setting. */
type SharedChange = Extract<
  PluginMessage,
  { readonly kind: "setShared" | "unsetShared" }
>;

/**
 * Changes a shared setting for a sandboxed plugin. If that is refused, the guest, which has it changed
 * already, is told how it stands.
 *
 * @param options The plugin's door to the host, and how the guest is told.
 * @param message The change.
 * @throws What the context throws.
 */
export function changeShared(
  { context: { config: { shared } }, send }: Pick<
    SettingsBorderOptions,
    "context" | "send"
  >,
  message: SharedChange,
): void {
  const { plugin, key } = message;
  try {
    if (message.kind === "setShared") shared.set(key, message.value);
    else shared.unset(key);
  } catch (error) {
    const entries = shared.list();
    const base = { kind: "settings", plugin, of: SHARED_TOPIC } as const;
    send({ ...base, entries, refused: key });
    throw error;
  }
}
