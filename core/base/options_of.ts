import { invalidOption } from "./errors.ts";

/**
 * Takes what a caller passed as options. Plain JavaScript may pass anything there, and a value by
 * position, `x.sum(0, true)`, would go unnoticed. What they lack, or hold wrongly, is told where each is
 * checked.
 *
 * @typeParam Options What they are.
 * @param operation Name of the operation, or whose options they are, for the message.
 * @param options The options; none if left out.
 * @returns The same options.
 * @throws {OptionError} `INVALID_OPTION` if they are no object with names.
 */
export function optionsOf<Options extends object>(
  operation: string,
  options: Options | undefined,
): Options {
  const found: unknown = options === undefined ? {} : options;
  if (typeof found === "object" && found !== null && !Array.isArray(found)) {
    return found as Options; // as the checks of each of them will show
  }
  throw invalidOption(`options of ${operation}`, found, "an object");
}
