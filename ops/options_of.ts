import { invalidOption } from "../core/base/mod.ts";

/**
 * Takes what a caller passed as options. Plain JavaScript may pass anything there, and a value by
 * position, `x.sum(0, true)`, would go unnoticed.
 *
 * @typeParam Options What they are.
 * @param operation Name of the operation, for the message.
 * @param options The options; none if left out.
 * @returns The same options.
 * @throws {OptionError} `INVALID_OPTION` if they are no object with names.
 */
export function optionsOf<Options extends object>(
  operation: string,
  options: Partial<Options> | undefined,
): Partial<Options> {
  if (options === undefined) return {};
  const found: unknown = options;
  if (typeof found === "object" && found !== null && !Array.isArray(found)) {
    return options;
  }
  throw invalidOption(`options of ${operation}`, found, "an object");
}
