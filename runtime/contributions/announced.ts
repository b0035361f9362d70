import type { Contribution, PluginEventBus } from "../../core/mod.ts";

/** Something that has been registered, and what is told of it. */
export interface AnnouncedParts {
  /** What it is, as its events say: `Module` for `ModuleRegistered` and `ModuleUnregistered`. */
  readonly what: "Backend" | "Module" | "Operator";
  /** Its name. */
  readonly name: string;
  /** Takes it out; what that gives is waited for. */
  readonly registration: { [Symbol.dispose](): void | PromiseLike<void> };
  /** Tells whether something of that name is there. */
  readonly isThere: () => boolean;
  /** What its events carry. */
  readonly data: unknown;
}

/**
 * Makes an entry of a slot that tells a bus when it comes and when it goes.
 *
 * @param events The bus.
 * @param parts What has been registered.
 * @returns The entry.
 */
export function announced(
  events: PluginEventBus,
  { what, name, registration, isThere, data }: AnnouncedParts,
): Contribution {
  let isAnnounced = false;
  function tell(eventType: string): void {
    events.publishLazy(
      eventType,
      () => ({ kind: "Custom", eventType, data }),
    );
  }
  return {
    name,
    announce() {
      isAnnounced = true;
      tell(`${what}Registered`);
    },
    [Symbol.dispose]() {
      const removed = registration[Symbol.dispose]();
      // Nobody is told of the end of what was never announced, or goes on in a new generation.
      if (isAnnounced && !isThere()) tell(`${what}Unregistered`);
      return removed;
    },
  };
}
