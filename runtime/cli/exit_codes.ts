/** How the command ends, and what that means. */
export const EXIT_CODES = {
  /** It was done, and there is nothing to complain of. */
  fine: 0,
  /** It was done, and what it looked for is not as it should be. */
  finding: 1,
  /** It could not be done. */
  failure: 2,
  /** Ctrl-C ended it; what it had learned is kept where that was asked for. */
  interrupted: 130,
} as const;

/** How the command ends. */
export type ExitCode = typeof EXIT_CODES[keyof typeof EXIT_CODES];

/** What each exit code means, for people. */
export const EXIT_MEANINGS: Readonly<Record<ExitCode, string>> = {
  0: "done, and nothing to complain of",
  1: "done, and something found that is not as it should be",
  2: "could not be done; one line on standard error says why",
  130: "ended by Ctrl-C; the last checkpoint is kept",
};
