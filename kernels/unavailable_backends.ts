import { isCoded } from "../core/base/mod.ts";

// What belongs to the machine belongs to the whole process: why a backend could not be started here.
const UNAVAILABLE: { reasons: readonly (readonly [string, string])[] } = {
  reasons: [],
};

/**
 * Tells why a backend could not be started the last time that somebody tried.
 *
 * @param backend Its name.
 * @returns What is missing; `undefined` if it started, or nobody tried.
 */
export function whyUnavailable(backend: string): string | undefined {
  return new Map(UNAVAILABLE.reasons).get(backend);
}

/**
 * Starts a backend, and remembers what is missing if it cannot be.
 *
 * @typeParam Result What starting gives.
 * @param backend Its name.
 * @param start Starts it.
 * @returns What that gives.
 */
export async function rememberingWhy<Result>(
  backend: string,
  start: () => Promise<Result>,
): Promise<Result> {
  const reasons = new Map(UNAVAILABLE.reasons);
  try {
    const started = await start();
    reasons.delete(backend);
    return started;
  } catch (error) {
    if (isCoded(error) && error.code === "BACKEND_UNAVAILABLE") {
      reasons.set(backend, String(error.details.reason));
    }
    throw error;
  } finally {
    UNAVAILABLE.reasons = [...reasons];
  }
}
