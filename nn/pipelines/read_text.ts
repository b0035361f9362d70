import { parse, YamlSyntaxError } from "@std/yaml";
import { type Issue, printable } from "../../core/base/mod.ts";

/** Longest text of a description: some thousand modules. */
const CHARACTERS_MAX = 256 * 1024;

/** The value that a text stands for, or why it stands for none. */
export type ReadText =
  | { readonly value: unknown; readonly issue: undefined }
  | { readonly value: undefined; readonly issue: Issue };

/**
 * Reads YAML, and so JSON: core schema, one document, no custom tags, no key twice.
 *
 * @param text The text.
 * @returns The value, in which aliases are shared objects; or what is wrong, with line and column.
 */
export function readText(text: string): ReadText {
  if (text.length > CHARACTERS_MAX) {
    const message =
      `Found ${text.length} characters, wanted at most ${CHARACTERS_MAX}`;
    return {
      value: undefined,
      issue: { code: "TOO_LARGE", path: "", message },
    };
  }
  try {
    return { value: parse(text, { schema: "core" }), issue: undefined };
  } catch (error) {
    return { value: undefined, issue: toIssue(error) };
  }
}

function toIssue(error: unknown): Issue {
  if (error instanceof YamlSyntaxError) {
    const { line, column } = error;
    return { code: "YAML", path: "", message: problemOf(error), line, column };
  }
  if (error instanceof RangeError) {
    const message = "Found lists or objects nested too deep to be read";
    return { code: "TOO_DEEP", path: "", message };
  }
  return { code: "YAML", path: "", message: printable(String(error), 200) };
}

/** The message without the place and the lines of text that follow it. */
function problemOf({ message }: Error): string {
  const [problem] = message.split(/ at line \d/, 1);
  return printable(problem ?? message, 200);
}
