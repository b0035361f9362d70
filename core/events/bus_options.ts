import type { Clock } from "../base/mod.ts";
import type { LogRecord } from "../plugin/context.ts";
import type { ListenOptions } from "./event.ts";

/** What an event bus is made with. */
export interface EventBusOptions {
  /** Where time comes from; the machine's clock if left out. */
  readonly clock?: Clock;
  /** Where failures go that no listener is told about. */
  readonly log?: (record: LogRecord) => void;
}

/** How a listener listens, and for whom. */
export interface SubscribeOptions extends ListenOptions {
  /** Id of the plugin the listener belongs to, for reports of its failures. */
  readonly owner?: string;
}

/** How an event is published and waited for. */
export interface PublishAsyncOptions {
  /** How long each listener may take, in milliseconds; 0, as if left out, sets no limit. */
  readonly timeoutMs?: number;
  /** Whether all listeners start at once, or each after the one before has ended. */
  readonly mode?: "parallel" | "series";
}
