import { printable } from "../base/mod.ts";

/** An error on its way out of a sandbox: words only, all of them foreign. */
export type WireError = {
  /** What the plugin calls it. */
  readonly name: string;
  /** What it says. */
  readonly message: string;
  /** The code it carries, if it has one. */
  readonly code?: string;
};

/** Longest text of an error that is let through, in UTF-16 code units. */
const TEXT_LENGTH_MAX = 1024;

/**
 * Puts whatever was thrown into words. Never throws itself.
 *
 * @param thrown The value that was caught.
 * @returns Its name, message and code, clipped; no stack and no cause.
 */
export function toWireError(thrown: unknown): WireError {
  try {
    if (!(thrown instanceof Error)) {
      return { name: "thrown value", message: foreignText(String(thrown)) };
    }
    const named = {
      name: foreignText(String(thrown.name)),
      message: foreignText(String(thrown.message)),
    };
    return "code" in thrown && typeof thrown.code === "string"
      ? { ...named, code: foreignText(thrown.code) }
      : named;
  } catch {
    return { name: "thrown value", message: "a value that cannot be shown" };
  }
}

/**
 * Cleans and clips an error that arrived.
 *
 * @param error The error as the guest sent it.
 * @returns The same, fit to be shown.
 */
export function cleanWireError({ name, message, code }: WireError): WireError {
  const named = { name: foreignText(name), message: foreignText(message) };
  return code === undefined ? named : { ...named, code: foreignText(code) };
}

function foreignText(text: string): string {
  return printable(text, TEXT_LENGTH_MAX);
}
