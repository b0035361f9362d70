import type { Schedule } from "./schedule.ts";

/**
 * A learning rate that stays as it is.
 *
 * @returns The schedule.
 */
export function constant(): Schedule {
  return () => 1;
}
