import { invalidOption } from "./errors.ts";

/** A class, which may be abstract. */
export type AnyClass = abstract new (...inputs: never[]) => unknown;

/**
 * Requires an instance of a class.
 *
 * @param option Name of the argument or option, `Residual inner`.
 * @param value What was given.
 * @param classes The classes, one of which it must be an instance of.
 * @throws {OptionError} `INVALID_OPTION` if it is something else.
 */
export function assertInstance(
  option: string,
  value: unknown,
  ...classes: readonly AnyClass[]
): void {
  if (classes.some((each) => value instanceof each)) return;
  const names = classes.map(({ name }) => `${articleOf(name)} ${name}`);
  throw invalidOption(option, value, names.join(" or "));
}

function articleOf(name: string): string {
  return /^[AEIO]/.test(name) ? "an" : "a";
}
