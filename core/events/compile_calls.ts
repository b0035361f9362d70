/**
 * Code of its own for one list of listeners: a line for each call, so that V8 sees one listener a
 * line and can build it in, where a loop shows it all listeners of all lists at one place.
 *
 * The text depends on nothing but the number of listeners.
 *
 * Source: the emitter `tseep`, which does so on every subscription.
 *
 * @module
 */
import type { PluginEvent } from "./event.ts";
import type { ListenerSlot } from "./listener_table.ts";

/** Longer lists gain little: V8 builds in a bounded amount of code. */
const CALLS_MAX = 128;

/** What the calls cannot do themselves. */
export interface CallHooks {
  /** Takes care of what a listener returned. */
  readonly hearOut: (
    event: PluginEvent,
    slot: ListenerSlot,
    result: unknown,
  ) => void;
  /** Goes on after the listener that failed. */
  readonly goOn: (
    event: PluginEvent,
    slots: readonly ListenerSlot[],
    failure: { readonly at: number; readonly error: unknown },
  ) => void;
}

/**
 * Compiles the calls of a list of listeners, all of which take the event alone.
 *
 * @param slots The listeners.
 * @param hooks What the calls cannot do themselves.
 * @returns Calls all of them; `undefined` where this is no use or the process may make no code.
 */
export function compileCalls(
  slots: readonly ListenerSlot[],
  hooks: CallHooks,
): ((event: PluginEvent) => void) | undefined {
  if (slots.length > CALLS_MAX) return undefined;
  // They have to be followed, at a price that makes the rest small.
  if (slots.some(({ isAsync }) => isAsync)) return undefined;
  const numbers = [...slots.keys()];
  const places = numbers.map((n) =>
    `const slot${n} = slots[${n}];
    const call${n} = slot${n}.listener;`
  );
  const calls = numbers.map((n) =>
    `at = ${n};
      if (slot${n}.isActive && (result = call${n}(event)) !== undefined) {
        hearOut(event, slot${n}, result);
      }`
  );
  const text = `${places.join("\n")}
    return (event) => {
      let at = 0, result;
      try { ${calls.join("\n")} }
      catch (error) { goOn(event, slots, { at, error }); }
    };`;
  try {
    const make = new Function("slots", "hearOut", "goOn", text);
    return make(slots, hooks.hearOut, hooks.goOn);
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}
