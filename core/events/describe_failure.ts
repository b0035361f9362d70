import { isCoded, printable } from "../base/mod.ts";

/** A failure as plain data. */
export interface FailureDescription {
  /** Its code, or the one to use where it has none. */
  readonly code: string;
  /** What it says. */
  readonly message: string;
}

/**
 * Puts what foreign code threw into words, whatever it is: nothing it does can throw again.
 *
 * @param thrown What was caught.
 * @param fallbackCode The code for what has none of its own.
 * @returns The description, without characters that could imitate other text.
 */
export function describeFailure(
  thrown: unknown,
  fallbackCode: string,
): FailureDescription {
  try {
    const code = isCoded(thrown) ? thrown.code : fallbackCode;
    const text = thrown instanceof Error
      ? String(thrown.message) || String(thrown.name)
      : String(thrown);
    return { code: printable(code, 128), message: printable(text) };
  } catch {
    // A getter or a toString of foreign making has thrown in turn.
    return { code: fallbackCode, message: `${typeof thrown} without words` };
  }
}
