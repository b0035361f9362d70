/** What the options of a command were set to. */
export class CommandOptions {
  readonly #values: Readonly<Record<string, unknown>>;

  /**
   * Constructs a new instance.
   *
   * @param values The values by names in camel case.
   */
  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  /**
   * Reads an option that is text.
   *
   * @param name Its name.
   * @returns The text; `undefined` if it was not given.
   */
  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === "string" ? value : undefined;
  }

  /**
   * Reads an option that is a whole number.
   *
   * @param name Its name.
   * @returns The number; `undefined` if it was not given.
   */
  count(name: string): number | undefined {
    const value = this.#values[name];
    return typeof value === "number" ? value : undefined;
  }

  /**
   * Reads an option that may be given more than once.
   *
   * @param name Its name.
   * @returns The texts, in order.
   */
  list(name: string): readonly string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value : [];
  }

  /**
   * Tells whether an option is on.
   *
   * @param name Its name.
   * @returns Whether it is.
   */
  isOn(name: string): boolean {
    return this.#values[name] === true;
  }
}
