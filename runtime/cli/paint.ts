import type { CliIo } from "./cli_io.ts";

/** Colors, each of which leaves text as it is where there are none. */
export type Paint = Readonly<
  Record<"bold" | "dim" | "green" | "red" | "yellow", (text: string) => string>
>;

/** Codes of ECMA-48 that begin and end a style. */
const STYLES = {
  bold: [1, 22],
  dim: [2, 22],
  green: [32, 39],
  red: [31, 39],
  yellow: [33, 39],
} as const;

/** Options of {@linkcode makePaint}. */
export interface PaintOptions {
  /** Where the text goes. */
  readonly sink: CliIo["out"];
  /** Reads the environment. */
  readonly env: CliIo["env"];
  /** Whether colors were refused on the command line. */
  readonly isRefused: boolean;
}

/**
 * Makes colors for a place where text goes: only a terminal has any, and only where neither the command
 * line nor the variable `NO_COLOR` refuses them.
 *
 * **Source**: no-color.org.
 *
 * @param options Where the text goes, and what is wished.
 * @returns The colors.
 */
export function makePaint({ sink, env, isRefused }: PaintOptions): Paint {
  const isColored = sink.isTerminal && !isRefused && !env("NO_COLOR");
  function style(name: keyof typeof STYLES): (text: string) => string {
    const [begin, end] = STYLES[name];
    return (text) => isColored ? `\x1b[${begin}m${text}\x1b[${end}m` : text;
  }
  return {
    bold: style("bold"),
    dim: style("dim"),
    green: style("green"),
    red: style("red"),
    yellow: style("yellow"),
  };
}
