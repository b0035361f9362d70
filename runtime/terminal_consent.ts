import type { AskConsent, ConsentQuestion } from "../core/mod.ts";

/** The two halves of a terminal. */
export interface QuestionTerminal {
  /** Whether both are a terminal. */
  readonly isTerminal: boolean;
  /** Writes text. */
  readonly write: (text: string) => void;
  /** Reads one line, without its end; `null` if there is none. */
  readonly readLine: () => Promise<string | null>;
}

/** How much of a line is read. */
const LINE_BYTES_MAX = 256;

/** This process's own terminal. */
export const PROCESS_TERMINAL: QuestionTerminal = {
  get isTerminal() {
    return Deno.stdin.isTerminal() && Deno.stderr.isTerminal();
  },
  write(text) {
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  },
  async readLine() {
    const line = new Uint8Array(LINE_BYTES_MAX);
    const length = await Deno.stdin.read(line);
    if (length === null) return null;
    return new TextDecoder().decode(line.subarray(0, length)).trim();
  },
};

/**
 * Makes what asks a person on a terminal. Where there is none, the answer is no, and so is every
 * answer but `y` and `yes`.
 *
 * @param terminal The terminal; this process's own if left out.
 * @returns What asks.
 */
export function terminalConsent(
  terminal: QuestionTerminal = PROCESS_TERMINAL,
): AskConsent {
  return async (question) => {
    if (!terminal.isTerminal) return false;
    terminal.write(toText(question));
    const answer = await terminal.readLine();
    return /^y(es)?$/i.test(answer ?? "");
  };
}

function toText({ url, pluginIds, wishes }: ConsentQuestion): string {
  const who = pluginIds.map((id) => `"${id}"`).join(", ");
  return [
    `Plugin ${who} from ${url} asks to`,
    ...wishes.map((wish) => `  - ${wish}`),
    "Allow all of it, from now on? [y/N] ",
  ].join("\n");
}
