import { type LogRecord, PluginEventBus, PluginRegistry } from "../core/mod.ts";
import { BackendRegistry, defaultBackend } from "../kernels/mod.ts";
import {
  type ModuleDiscoveryRegistry,
  type SequencerHub,
  ZSpaceCoherenceSequencer,
} from "../nn/mod.ts";
import type { OperatorRegistry } from "../ops/mod.ts";
import { ChosenBackend } from "./chosen_backend.ts";
import { connectEvents } from "./connect_events.ts";
import { backendsPoint } from "./contributions/backends_point.ts";
import { modulesPoint } from "./contributions/modules_point.ts";
import { operatorsPoint } from "./contributions/operators_point.ts";
import type { EcosystemOptions } from "./ecosystem.ts";
import { connectSequencers } from "./zspace/connect_sequencers.ts";
import { VERSION } from "./version.ts";

/** What registries ask for whenever they need it, so that it may come later than they. */
export interface LateSettings {
  /** How the ecosystem is made. */
  options: EcosystemOptions;
}

/** The registries of an ecosystem, connected with each other. They need no backend yet. */
export interface Registries extends AsyncDisposable {
  /** What they ask for. */
  readonly settings: LateSettings;
  /** The plugins that are active. */
  readonly plugins: PluginRegistry;
  /** Carries what happens. */
  readonly events: PluginEventBus;
  /** Operators, built in and of plugins. */
  readonly operators: OperatorRegistry;
  /** Modules, losses and optimizers, built in and of plugins. */
  readonly modules: ModuleDiscoveryRegistry;
  /** Backends, built in and of plugins. */
  readonly backends: BackendRegistry;
  /** Which of them computes. */
  readonly chosen: ChosenBackend;
  /** Sequencers, and the plugins that watch them. */
  readonly zspace: SequencerHub;
}

/**
 * Makes the registries of an ecosystem. Touches nothing outside of them.
 *
 * @param options How the ecosystem is made.
 * @returns The registries, for the caller to dispose.
 */
export function makeRegistries(options: EcosystemOptions): Registries {
  const settings: LateSettings = { options };
  const stack = new AsyncDisposableStack();
  const log = (record: LogRecord) => settings.options.log?.(record);
  const events = new PluginEventBus({ log });
  const backends = new BackendRegistry({
    onRevoke: (backend) => chosen.forget(backend),
  });
  const chosen: ChosenBackend = stack.use(new ChosenBackend(backends));
  const zspace: SequencerHub = connectSequencers(events, () => plugins);
  const { operators, modules } = connectEvents(events, {
    stack,
    log,
    onCreate: (built) => {
      if (built instanceof ZSpaceCoherenceSequencer) zspace.track(built);
    },
    operators: {
      canOverride: (name, owner) =>
        settings.options.canOverride?.(name, owner) ?? false,
      backends: (wanted = "") => [
        ...new Set([
          chosen.current,
          defaultBackend(),
          ...backends.inUse(wanted),
        ]),
      ],
      backendNames: () => backends.listBackends(),
    },
  });
  const plugins: PluginRegistry = new PluginRegistry({
    events,
    engineVersion: VERSION,
    contributionPoints: [
      operatorsPoint({ operators, events }),
      modulesPoint({ modules, events }),
      backendsPoint({ backends, events }),
    ],
    services: { sequencers: zspace },
    ...options.overrides && { overrides: options.overrides },
    log,
  });
  stack.defer(async () => void await plugins.shutdown());
  const dispose = () => stack.disposeAsync();
  const parts = { settings, plugins, events, operators, modules, zspace };
  return { ...parts, backends, chosen, [Symbol.asyncDispose]: dispose };
}
