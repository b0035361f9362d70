/** A value that belongs to one generation of somebody. */
export interface Layer {
  /** Whom it belongs to, if that is known. */
  readonly owner: string | undefined;
  /** Which generation of the owner made it, counted from 1. */
  readonly generation: number;
}

/**
 * Values by name, where a newer generation of an owner may lay a value over one of an older
 * generation. What is covered is hidden, not lost: it is there again once the cover is taken off.
 *
 * @typeParam Value What is kept.
 *
 * @example A value that is covered and comes back
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { LayeredMap } from "@spiraltorch/spiraltorch/base";
 *
 * const map = new LayeredMap<{ owner: string; generation: number }>();
 * const older = { owner: "acme", generation: 1 };
 * const newer = { owner: "acme", generation: 2 };
 * map.put("swish", older);
 * assertEquals(map.accepts("swish", newer), true);
 * map.put("swish", newer);
 * assertEquals(map.get("swish"), newer);
 * map.remove("swish", newer);
 * assertEquals(map.get("swish"), older);
 * ```
 */
export class LayeredMap<Value extends Layer> {
  readonly #layers = new Map<string, readonly [Value, ...Value[]]>();

  /** How many names there are. */
  get size(): number {
    return this.#layers.size;
  }

  /**
   * Finds the value that can be seen.
   *
   * @param name Its name.
   * @returns The uppermost value of that name, or `undefined`.
   */
  get(name: string): Value | undefined {
    return this.#layers.get(name)?.[0];
  }

  /**
   * Lists the names, in the order in which they were first used.
   *
   * @returns The names.
   */
  keys(): Iterable<string> {
    return this.#layers.keys();
  }

  /**
   * Lists the values that can be seen, in the order of their names.
   *
   * @returns The values.
   */
  values(): Value[] {
    return [...this.#layers.values()].map(([top]) => top);
  }

  /**
   * Tells whether a value may be put under a name: the name is free, or what is there belongs to an
   * older generation of the same owner.
   *
   * @param name The name.
   * @param layer Whose the value is.
   * @returns Whether it may.
   */
  accepts(name: string, { owner, generation }: Layer): boolean {
    const top = this.get(name);
    if (top === undefined) return true;
    return owner !== undefined && top.owner === owner &&
      top.generation < generation;
  }

  /**
   * Puts a value over whatever has its name.
   *
   * @param name The name.
   * @param value The value.
   */
  put(name: string, value: Value): void {
    this.#layers.set(name, [value, ...this.#layers.get(name) ?? []]);
  }

  /**
   * Takes one value out, wherever it lies.
   *
   * @param name Its name.
   * @param value The value itself.
   * @returns Whether it was there and could be seen.
   */
  remove(name: string, value: Value): boolean {
    const layers = this.#layers.get(name) ?? [];
    const [top, ...rest] = layers.filter((layer) => layer !== value);
    if (top === undefined) this.#layers.delete(name);
    else this.#layers.set(name, [top, ...rest]);
    return layers[0] === value;
  }
}
