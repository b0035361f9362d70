import type { Issue, Json } from "../base/mod.ts";

/** How many settings one plugin may have set. */
const KEYS_MAX = 1_000;
/** How long the name of one may be, in UTF-16 code units. */
const KEY_LENGTH_MAX = 256;
/** How long all of them may be together, as JSON, in UTF-16 code units. */
export const LENGTH_MAX: number = 2 ** 20;

/** How much of the host's memory one plugin keeps in settings. */
export class SettingsBudget {
  readonly #lengths = new Map<string, number>();
  #length = 0;

  /**
   * Takes account of a setting, unless that is more than a plugin may have.
   *
   * @param key Its name.
   * @param value Its value.
   * @returns What is too much, or `undefined`.
   */
  take(key: string, value: Json): Issue | undefined {
    if (key.length > KEY_LENGTH_MAX) {
      return issue(
        "KEY_TOO_LONG",
        `a name of ${key.length} characters`,
        KEY_LENGTH_MAX,
      );
    }
    const former = this.#lengths.get(key);
    if (former === undefined && this.#lengths.size >= KEYS_MAX) {
      return issue("QUOTA_EXCEEDED", "one more setting", KEYS_MAX);
    }
    const length = key.length + JSON.stringify(value).length;
    const total = this.#length - (former ?? 0) + length;
    if (total > LENGTH_MAX) {
      return issue("QUOTA_EXCEEDED", `${total} characters`, LENGTH_MAX);
    }
    this.#lengths.set(key, length);
    this.#length = total;
    return undefined;
  }

  /**
   * Takes account of a setting that is there no more.
   *
   * @param key Its name.
   */
  give(key: string): void {
    this.#length -= this.#lengths.get(key) ?? 0;
    this.#lengths.delete(key);
  }
}

function issue(code: string, found: string, max: number): Issue {
  return { code, path: "", message: `found ${found}, wanted at most ${max}` };
}
