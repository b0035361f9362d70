import type { AskConsent, ConsentQuestion } from "../core/mod.ts";

/** The two halves of a terminal. */
export interface QuestionTerminal {
  /** Whether both are a terminal. */
  readonly isTerminal: boolean;
  /** Writes text. */
  readonly write: (text: string) => void;
  /** Reads one line, without its end; `null` if there is none. */
  readonly readLine: () => Promise<string | null>;
  /** Reads a clock, in milliseconds; whatever is read is an answer if left out. */
  readonly nowMs?: () => number;
}

/** What is there sooner was typed before the question was: nobody reads and answers it in that time. */
const READING_MS = 150;

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
  nowMs: () => performance.now(),
};

/**
 * Makes what asks a person on a terminal. Where there is none, the answer is no, and so is every
 * answer but `y` and `yes`. What was typed before the question is no answer to it.
 *
 * @param terminal The terminal; this process's own if left out.
 * @returns What asks.
 */
export function terminalConsent(
  terminal: QuestionTerminal = PROCESS_TERMINAL,
): AskConsent {
  return async (question) => {
    if (!terminal.isTerminal) return false;
    for (let text = toText(question);; text = AGAIN) {
      terminal.write(text);
      const askedMs = terminal.nowMs?.() ?? -Infinity;
      const answer = await terminal.readLine();
      if (answer === null) return false;
      const readMs = terminal.nowMs?.() ?? Infinity;
      if (readMs - askedMs >= READING_MS) return /^y(es)?$/i.test(answer);
    }
  };
}

const AGAIN = "That was typed before the question. Allow all of it? [y/N] ";

function toText({ url, pluginIds, wishes }: ConsentQuestion): string {
  // Ids may hold quotes: where one ends must be seen.
  const who = pluginIds.map((id) => JSON.stringify(id)).join(", ");
  return [
    `Plugin ${who} from ${url} asks to`,
    ...wishes.map((wish) => `  - ${wish}`),
    "Allow all of it, from now on? [y/N] ",
  ].join("\n");
}
