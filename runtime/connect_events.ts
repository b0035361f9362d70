import type { EventInput, LogRecord, PluginEventBus } from "../core/mod.ts";
import { observeDefaultBackend } from "../kernels/mod.ts";
import {
  type Built,
  createModuleRegistry,
  type ModuleDiscoveryRegistry,
} from "../nn/mod.ts";
import {
  type BackendFallback,
  observeCalls,
  observeFallbacks,
  OperatorRegistry,
  type OperatorRegistryOptions,
} from "../ops/mod.ts";

/** The registries of an ecosystem. */
export interface ConnectedRegistries {
  /** Operators, whose changes by the host are announced. */
  readonly operators: OperatorRegistry;
  /** Modules, whose changes by the host are announced. */
  readonly modules: ModuleDiscoveryRegistry;
}

/** What events are connected with. */
export interface ConnectOptions {
  /** Owns what is connected. */
  readonly stack: AsyncDisposableStack;
  /** Where is noted what could not be announced. */
  readonly log: ((record: LogRecord) => void) | undefined;
  /** Told of everything that a module type has made. */
  readonly onCreate?: (built: Built) => void;
  /** How the registry of operators is made. */
  readonly operators: Omit<OperatorRegistryOptions, "onChange">;
}

/**
 * Connects what happens in the layers below to the event bus. They know nothing of it: they have
 * observers, which are there while somebody listens.
 *
 * What plugins add is announced by the slots they add it to, once their load holds; what the host
 * adds, here and at once.
 *
 * @param events The bus.
 * @param options Who owns what is connected.
 * @returns The registries, connected.
 */
export function connectEvents(
  events: PluginEventBus,
  { stack, log, onCreate, operators }: ConnectOptions,
): ConnectedRegistries {
  function announce(event: EventInput): void {
    try {
      events.publish(event);
    } catch (error) {
      // Too deep in listeners that publish each other: no reason for the tensor to fail.
      const fields = { kind: event.kind, reason: String(error) };
      const message = "An event was not published";
      log?.({ level: "warn", source: "host", message, fields });
    }
  }
  function custom(eventType: string, data: unknown): void {
    if (!events.hasListeners(eventType)) return;
    announce({ kind: "Custom", eventType, data });
  }
  connectCalls(events, { stack, announce });
  stack.use(
    observeDefaultBackend((backend, previous) =>
      announce({ kind: "BackendChanged", backend, previous })
    ),
  );
  connectFallbacks({
    stack,
    log,
    announce: (data) => custom("BackendFallback", data),
  });
  return {
    operators: new OperatorRegistry({
      ...operators,
      onChange({ kind, name, version, owner }) {
        if (owner !== undefined) return;
        const data = { name, version, owner: "host" };
        custom(`Operator${NOUNS[kind]}`, data);
      },
    }),
    modules: createModuleRegistry({
      ...onCreate && { onCreate },
      onChange({ kind, metadata: { moduleType, category, owner } }) {
        if (owner !== "host") return;
        custom(`Module${NOUNS[kind]}`, { moduleType, category, owner });
      },
    }),
  };
}

const NOUNS = { registered: "Registered", unregistered: "Unregistered" };

/** Notes and announces what falls back: the same operator on the same backend for the same reason once. */
function connectFallbacks({ stack, log, announce }: {
  readonly stack: AsyncDisposableStack;
  readonly log: ConnectOptions["log"];
  readonly announce: (fallback: BackendFallback) => void;
}): void {
  const known = new Set<string>();
  stack.use(observeFallbacks((fallback) => {
    const { operator, backend, reason, detail, chosen } = fallback;
    const key = JSON.stringify([operator, backend, reason]);
    if (known.has(key)) return;
    known.add(key);
    const fields = { operator, backend, reason, detail, chosen };
    const message = "Something else than what was wanted computes an operator";
    log?.({ level: "warn", source: "host", message, fields });
    announce(fallback);
  }));
}

/** Observes calls of operators while somebody listens. */
function connectCalls(
  events: PluginEventBus,
  { stack, announce }: {
    readonly stack: AsyncDisposableStack;
    readonly announce: (event: EventInput) => void;
  },
): void {
  let observation: Disposable | undefined;
  function stop(): void {
    observation?.[Symbol.dispose]();
    observation = undefined;
  }
  stack.defer(stop);
  stack.use(events.watchListeners("TensorOp", (isHeard) => {
    stop();
    if (!isHeard) return;
    observation = observeCalls(({ name, inputShapes, outputShapes }) =>
      announce({
        kind: "TensorOp",
        opName: name,
        inputShape: inputShapes[0] ?? [],
        outputShape: outputShapes[0] ?? [],
        inputShapes,
        outputShapes,
      })
    );
  }));
}
