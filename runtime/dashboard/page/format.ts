/**
 * Numbers as people read them.
 *
 * @module
 */

const WHOLE = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat("en", {
  notation: "compact",
  maximumSignificantDigits: 3,
});

/** Stands where there is no number. */
export const NO_NUMBER = "–";

/**
 * Writes any number in four digits.
 *
 * @param value The number, if there is one.
 * @returns The text.
 */
export function number(value: number | null | undefined): string {
  if (value === null || value === undefined) return NO_NUMBER;
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-3) return value.toExponential(2);
  if (size >= 1e4) return SHORT.format(value);
  return size >= 1000
    ? WHOLE.format(value)
    : String(Number(value.toPrecision(4)));
}

/**
 * Writes any number in three digits, however small: beside others of its kind.
 *
 * @param value The number.
 * @returns The text.
 */
export function short(value: number): string {
  return SHORT.format(value);
}

/**
 * Writes a whole number in full.
 *
 * @param value The number.
 * @returns The text.
 */
export function count(value: number): string {
  return WHOLE.format(value);
}

/**
 * Writes a share.
 *
 * @param value The share, if there is one.
 * @returns The text, in percent.
 */
export function percent(value: number | null | undefined): string {
  if (value === null || value === undefined) return NO_NUMBER;
  return `${(100 * value).toFixed(1)} %`;
}

/**
 * Writes a duration.
 *
 * @param ms Milliseconds.
 * @returns The text.
 */
export function duration(ms: number): string {
  if (ms < 1) return `${Math.round(1000 * ms)} µs`;
  if (ms < 1000) return `${Number(ms.toPrecision(3))} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/**
 * Writes a number of bytes.
 *
 * @param value How many.
 * @returns The text.
 */
export function bytes(value: number): string {
  let size = value;
  let unit = 0;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${Number(size.toPrecision(3))} ${UNITS[unit]}`;
}
