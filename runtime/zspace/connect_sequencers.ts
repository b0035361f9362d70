import type { PluginEventBus, PluginRegistry } from "../../core/mod.ts";
import { SequencerHub } from "../../nn/mod.ts";
import { ZSPACE_CAPABILITY, ZSPACE_TRACE_EVENT } from "../plugin/mod.ts";

/**
 * Makes the hub of an ecosystem's sequencers, whose stages reach the event bus where somebody asked for
 * them and somebody listens.
 *
 * @param events The bus.
 * @param plugins The plugins, once they are there.
 * @returns The hub.
 */
export function connectSequencers(
  events: PluginEventBus,
  plugins: () => PluginRegistry | undefined,
): SequencerHub {
  const capability = { kind: "Custom", name: ZSPACE_CAPABILITY } as const;
  return new SequencerHub({
    isHeard: () => events.hasListeners(ZSPACE_TRACE_EVENT),
    publish: (source, data) =>
      events.publishFrom(source, {
        kind: "Custom",
        eventType: ZSPACE_TRACE_EVENT,
        data,
      }),
    // A plugin in a sandbox asks by being there: it cannot reach the hub.
    findRemoteAsker: () =>
      plugins()?.findByCapability(capability)
        .find(({ isolation }) => isolation !== "inline")?.id,
  });
}
