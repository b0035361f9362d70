import { assertInstance, optionsOf } from "../../../core/base/mod.ts";
import { assertText } from "../../check/assert_text.ts";

/**
 * Finds the name of a file that is to be read from its bytes.
 *
 * @param operation What reads it, for the message.
 * @param bytes The file.
 * @param options What the caller passed: the file's name, for errors.
 * @returns The name.
 * @throws {OptionError} `INVALID_OPTION` if there are no bytes, or no name.
 */
export function fileName(
  operation: string,
  bytes: Uint8Array,
  options: { readonly name: string },
): string {
  const { name } = optionsOf(operation, options);
  assertInstance(`bytes of ${operation}`, bytes, Uint8Array);
  assertText(`name of ${operation}`, name);
  return name;
}
