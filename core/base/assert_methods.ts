import { invalidOption } from "./errors.ts";

/**
 * Requires an object that does what an interface says, whatever its class.
 *
 * @param option Name of the argument or option, `Trainer optimizer`.
 * @param value What was given.
 * @param methods Names of the methods that it must have.
 * @throws {OptionError} `INVALID_OPTION` if it is no object or lacks one of them.
 */
export function assertMethods(
  option: string,
  value: unknown,
  ...methods: readonly PropertyKey[]
): void {
  const found = Object(value);
  if (methods.every((name) => typeof found[name] === "function")) return;
  const names = methods.map((name) =>
    typeof name === "symbol" ? `[${name.description}]` : String(name)
  );
  throw invalidOption(option, value, `an object with ${names.join(", ")}`);
}
