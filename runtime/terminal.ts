import type { TextSink } from "../nn/mod.ts";

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
      return isTerminal ? Deno.consoleSize().columns : 80;
    },
    write(text) {
      const bytes = encoder.encode(text);
      for (let at = 0; at < bytes.length;) {
        at += Deno.stdout.writeSync(bytes.subarray(at));
      }
    },
  };
}
