/** Names of the plugins to begin with. */
export const TEMPLATE_NAMES = [
  "operator",
  "layer",
  "telemetry",
  "data",
  "backend",
] as const;

/** A name of one. */
export type TemplateName = typeof TEMPLATE_NAMES[number];
