import { BACKEND_TEMPLATE } from "./backend_template.ts";
import { DATA_TEMPLATE } from "./data_template.ts";
import { LAYER_TEMPLATE } from "./layer_template.ts";
import { OPERATOR_TEMPLATE } from "./operator_template.ts";
import { TELEMETRY_TEMPLATE } from "./telemetry_template.ts";
import type { PluginTemplate } from "./template.ts";
import type { TemplateName } from "./template_names.ts";

/** Plugins to begin with. */
export const TEMPLATES: Readonly<Record<TemplateName, PluginTemplate>> = {
  operator: OPERATOR_TEMPLATE,
  layer: LAYER_TEMPLATE,
  telemetry: TELEMETRY_TEMPLATE,
  data: DATA_TEMPLATE,
  backend: BACKEND_TEMPLATE,
};
