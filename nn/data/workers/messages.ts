/**
 * What the two sides of a worker say to each other.
 *
 * @module
 */

/** What a worker is given. */
export interface Order {
  /** Which item it is, from 0. */
  readonly number: number;
  /** The item. */
  readonly item: unknown;
}

/** What a worker says: that it is there, or what has become of an item. */
export type Answer =
  | { readonly kind: "ready" }
  | { readonly kind: "done"; readonly number: number; readonly value: unknown }
  | {
    readonly kind: "failed";
    readonly number: number;
    readonly reason: string;
  };
