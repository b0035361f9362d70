/**
 * One problem in something that a person wrote or another process sent: metadata, a config, a
 * graph. Issues are collected and reported together, so that one correction round is enough.
 */
export interface Issue {
  /** Stable name of the kind of problem, `UNKNOWN_KEY`. */
  readonly code: string;
  /** Where it is, `modules[2].linear.inFeatures`; empty for the whole. */
  readonly path: string;
  /** What was found and what was wanted. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  /** Line in the source text, from 1, where that is known. */
  readonly line?: number;
  /** Column in the source text, from 1, where that is known. */
  readonly column?: number;
}

/**
 * Puts issues into words, one to a line.
 *
 * @param issues The issues.
 * @returns Lines such as `modules[0].linear.out: Unknown key "out" (did you mean "outFeatures"?)`.
 */
export function formatIssues(issues: readonly Issue[]): string {
  return issues.map(({ path, message, hint, line, column }) => {
    const place = line === undefined ? "" : `${line}:${column ?? 1} `;
    return `${place}${path}${path ? ": " : ""}${message}${
      hint ? ` (${hint})` : ""
    }`;
  }).join("\n");
}
