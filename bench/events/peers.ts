/**
 * The event emitters that the bus is measured beside. Imported by computed specifiers: nothing but
 * this bench downloads them.
 *
 * @module
 */

/** One emitter, and how it is spoken to. */
export interface EventPeer {
  /** Name of its package. */
  readonly name: string;
  /**
   * Makes an emitter.
   *
   * @param listeners Who listens to `acme.step`.
   * @returns Emits one event.
   */
  emitter(listeners: readonly EventListener[]): (event: unknown) => void;
}

/** What is called with each event. */
export type EventListener = (event: unknown) => void;

const PACKAGES = {
  mitt: "3.0.1",
  eventemitter3: "5.0.1",
  nanoevents: "9.1.0",
  tseep: "1.3.1",
} as const;

/** The type of all events. */
export const TYPE = "acme.step";

interface Emitter {
  on(type: string, listener: EventListener): unknown;
  emit(type: string, event: unknown): unknown;
}

function listening<E extends Emitter>(
  emitter: E,
  listeners: readonly EventListener[],
): E {
  for (const listener of listeners) emitter.on(TYPE, listener);
  return emitter;
}

/** Names a package as an import does. */
function specifier(name: keyof typeof PACKAGES): string {
  return `npm:${name}@${PACKAGES[name]}`;
}

/**
 * Loads the emitters. Each is called from a function of its own, so that none spoils what V8 learns
 * about another.
 *
 * @returns All of them.
 */
export async function loadEventPeers(): Promise<readonly EventPeer[]> {
  const { default: mitt } = await import(specifier("mitt"));
  const { default: EventEmitter3 } = await import(specifier("eventemitter3"));
  const { createNanoEvents } = await import(specifier("nanoevents"));
  const { EventEmitter: Tseep } = await import(specifier("tseep"));
  return [
    {
      name: "mitt",
      emitter(listeners) {
        const made: Emitter = listening(mitt(), listeners);
        return (event) => void made.emit(TYPE, event);
      },
    },
    {
      name: "eventemitter3",
      emitter(listeners) {
        const made: Emitter = listening(new EventEmitter3(), listeners);
        return (event) => void made.emit(TYPE, event);
      },
    },
    {
      name: "nanoevents",
      emitter(listeners) {
        const made: Emitter = listening(createNanoEvents(), listeners);
        return (event) => void made.emit(TYPE, event);
      },
    },
    {
      name: "tseep",
      emitter(listeners) {
        const made: Emitter = listening(new Tseep(), listeners);
        return (event) => void made.emit(TYPE, event);
      },
    },
  ];
}
