import type { ModuleDefinition } from "../discovery/definition.ts";
import type { Schedule } from "./schedule.ts";

/**
 * A learning rate that stays as it is.
 *
 * @returns The schedule.
 */
export function constant(): Schedule {
  return () => 1;
}

/** `constant`: {@linkcode constant} by name. */
export const constantDefinition: ModuleDefinition = {
  type: "constant",
  displayName: "constant",
  description: "The learning rate as it is.",
  category: "Schedule",
  create: () => constant(),
};
