/**
 * What is announced: the kinds of event and the shape of each.
 *
 * @module
 */

/** An event as it is delivered. `Custom` events are routed by their `eventType`. */
export type PluginEvent =
  /** The system has come up. */
  | { readonly kind: "SystemInit" }
  /** The system is about to go down. */
  | { readonly kind: "SystemShutdown" }
  /** A plugin has become active. */
  | { readonly kind: "PluginLoaded"; readonly pluginId: string }
  /** A plugin is gone. */
  | {
    readonly kind: "PluginUnloaded";
    readonly pluginId: string;
    /** Why its end was not clean. */
    readonly error?: string;
  }
  /** A plugin has been replaced by another version of itself. */
  | {
    readonly kind: "PluginReloaded";
    readonly pluginId: string;
    readonly from: string;
    readonly to: string;
  }
  /** A plugin's code failed. */
  | {
    readonly kind: "PluginError";
    readonly pluginId?: string;
    readonly phase: string;
    readonly code: string;
    readonly message: string;
  }
  /** A call of an operator was recorded. */
  | {
    readonly kind: "TensorOp";
    readonly opName: string;
    readonly inputShape: readonly number[];
    readonly outputShape: readonly number[];
    readonly inputShapes: readonly (readonly number[])[];
    readonly outputShapes: readonly (readonly number[])[];
  }
  /** A pass over the training data begins. */
  | { readonly kind: "EpochStart"; readonly epoch: number }
  /** A pass over the training data is over; `loss` is its plain mean. */
  | {
    readonly kind: "EpochEnd";
    readonly epoch: number;
    readonly loss: number;
  }
  /** Another backend computes from now on. */
  | {
    readonly kind: "BackendChanged";
    readonly backend: string;
    readonly previous: string | undefined;
  }
  /** Measurements. */
  | {
    readonly kind: "Telemetry";
    readonly data: Readonly<Record<string, number>>;
  }
  /** Anything else, by a name of the publisher's choice. */
  | {
    readonly kind: "Custom";
    readonly eventType: string;
    readonly data: unknown;
  };

/** What is handed to `publish`. */
export type EventInput = PluginEvent;

/** Name of a kind of event. */
export type EventKind = PluginEvent["kind"];

/** What a listener learns about a delivery. */
export interface EventInfo {
  /** What it was routed by: the kind, or a custom event's type. */
  readonly type: string;
  /** Number of the event on its bus; never decreases. */
  readonly seq: number;
  /** Who published it: a plugin's id or `host`. Stamped by the context, not by the publisher. */
  readonly source: string;
  /** When it was published, in milliseconds of the bus's clock; never decreases. */
  readonly timestampMs: number;
  /** How many events before this one a sandboxed plugin was too slow for, if there are any. */
  readonly dropped?: number;
}

/**
 * What is called with each event. A throw or rejection stops no other listener. One that has exactly
 * one parameter is not told about the delivery.
 */
export type Listener = (
  event: PluginEvent,
  info: EventInfo,
) => void | Promise<void>;

/** How a listener listens. */
export interface ListenOptions {
  /** Whether it hears one event only. */
  readonly once?: boolean;
  /**
   * Listeners with a higher number are called earlier, whatever they listen to.
   *
   * @default {0}
   */
  readonly priority?: number;
  /** Ends the subscription when it is aborted. */
  readonly signal?: AbortSignal;
}

/** A listener's place on a bus. Disposing it twice does nothing. */
export interface Subscription extends Disposable {
  /** Number of the subscription on its bus, from 1. */
  readonly id: number;
  /** What it listens to. */
  readonly type: string;
  /** Stops listening. */
  dispose(): void;
}
