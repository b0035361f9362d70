import type { TextSink } from "../nn/mod.ts";

/** Width of what is no terminal, or of one that does not know. */
const COLUMNS = 80;

/**
 * Standard output as a place for a progress bar: redrawn in place on a terminal, plain lines elsewhere.
 *
 * @returns The sink.
 */
export function terminal(): TextSink {
  const encoder = new TextEncoder();
  const isTerminal = Deno.stdout.isTerminal();
  return {
    isTerminal,
    get columns() {
      // A terminal that does not know its own size says 0.
      return isTerminal && Deno.consoleSize().columns || COLUMNS;
    },
    write(text) {
      const bytes = encoder.encode(text);
      for (let at = 0; at < bytes.length;) {
        at += Deno.stdout.writeSync(bytes.subarray(at));
      }
    },
  };
}
