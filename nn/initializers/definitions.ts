/**
 * Initializers by name, for the `init` of layers in a description. What they make is a rule's name with its
 * numbers, as plain as the description.
 *
 * @module
 */
import type { JsonObject } from "../../core/base/mod.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import type { InitializerConfig, InitializerName } from "./initializer.ts";

const GAIN: JsonObject = {
  type: "object",
  properties: { gain: { type: "number", minimum: 0 } },
};
const VALUE: JsonObject = {
  type: "object",
  properties: { value: { type: "number", default: 0 } },
};
const NOTHING: JsonObject = { type: "object" };

const RULES: readonly (readonly [
  name: InitializerName,
  description: string,
  config: JsonObject,
])[] = [
  ["fill", "Weights that are all one number.", VALUE],
  [
    "kaiming_normal",
    "Normal weights for units that let half of what they see through, such as ReLU.",
    GAIN,
  ],
  [
    "kaiming_uniform",
    "Uniform weights for units that let half of what they see through, such as ReLU.",
    GAIN,
  ],
  ["ones", "Weights that are all 1.", NOTHING],
  ["orthogonal", "Weights whose rows or columns are at right angles.", GAIN],
  [
    "truncated_normal",
    "Normal weights, none farther than two deviations.",
    GAIN,
  ],
  ["xavier_normal", "Normal weights that keep sizes both ways.", GAIN],
  ["xavier_uniform", "Uniform weights that keep sizes both ways.", GAIN],
  ["zeros", "Weights that are all 0.", NOTHING],
];

/** Every {@linkcode InitializerName} as a type. */
export const INITIALIZER_DEFINITIONS: readonly ModuleDefinition<
  Omit<InitializerConfig, "name">
>[] = RULES.map(([name, description, config]) => ({
  type: name,
  description,
  category: "Initializer",
  config,
  create: (numbers): InitializerConfig => ({
    ...numbers,
    name,
  }),
}));
