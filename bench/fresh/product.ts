/**
 * The product that a fresh process computes, and how it ends: the same for every library.
 *
 * @module
 */

/** Rows and columns of both matrices. */
export const SIZE = 64;

/** Elements of both matrices, none of them 0. */
export const ELEMENTS: Float32Array<ArrayBuffer> = Float32Array.from(
  { length: SIZE * SIZE },
  (_, i) => (i * 7919 % 4093 + 1) / 4096,
);

/**
 * Prints an element of the product and ends the process, since some libraries leave workers behind.
 *
 * @param value The element.
 */
export function finish(value: number): never {
  Deno.stdout.writeSync(new TextEncoder().encode(`${value}\n`));
  Deno.exit();
}
