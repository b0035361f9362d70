import { printable } from "../../base/mod.ts";
import type { Resource } from "./resource.ts";

/** What a person is asked: whether plugins may have what no policy allows or denies. */
export interface ConsentQuestion {
  /** Where the plugins come from. */
  readonly url: string;
  /** Their ids. */
  readonly pluginIds: readonly string[];
  /** What they ask for, in plain words, one thing a line. */
  readonly wishes: readonly string[];
}

/**
 * Asks a person.
 *
 * @param question What to ask; its texts are foreign, and cleaned.
 * @returns Whether the answer is yes.
 */
export type AskConsent = (question: ConsentQuestion) => Promise<boolean>;

/**
 * Makes a question of what plugins ask for.
 *
 * @param url Where they come from.
 * @param pluginIds Their ids.
 * @param resources What they ask for.
 * @returns The question, without characters that could imitate or reorder other text.
 */
export function consentQuestion(
  url: string,
  pluginIds: readonly string[],
  resources: readonly Resource[],
): ConsentQuestion {
  return {
    url: printable(url, 300),
    pluginIds: pluginIds.map((id) => printable(id, 128)),
    wishes: resources.map((resource) => printable(inWords(resource), 300)),
  };
}

function inWords({ kind, text }: Resource): string {
  switch (kind) {
    case "env":
      return `read the environment variable ${text}`;
    case "fetch":
      return `have this program fetch ${text} and all below it`;
    case "files":
      return `have this program read ${text} and all below it`;
    case "gpu":
      return "use the GPU";
    case "net":
      return `send to and receive from ${text}`;
    case "read":
      return `read ${text} and all below it`;
    case "send":
      return `have this program send data to ${text} and all below it`;
    case "write":
      return `change and delete ${text} and all below it`;
    default:
      return kind satisfies never;
  }
}
