import type { Json } from "../../core/base/mod.ts";
import { schemaProblem } from "../check_attributes.ts";
import type {
  AttributeKind,
  Attributes,
  OperatorBase,
  OperatorSchema,
} from "../graph/node.ts";
import type { AttributeSpec, OperatorDefinition } from "./definition.ts";

/**
 * Takes what a definition says of an attribute as a specification.
 *
 * @param given A kind alone, or a specification.
 * @returns The specification.
 */
export function specOf(given: AttributeKind | AttributeSpec): AttributeSpec {
  return typeof given === "string" ? { kind: given } : given;
}

/**
 * Lists the kinds of a definition's attributes, as a schema has them.
 *
 * @param attributes The attributes of a definition.
 * @returns The kinds by name.
 */
export function kindsOf(
  attributes: NonNullable<OperatorDefinition["attributes"]>,
): Readonly<Record<string, AttributeKind>> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, given]) => [
      name,
      specOf(given).kind,
    ]),
  );
}

/**
 * Lists the texts that attributes may be, as a schema has them.
 *
 * @param attributes The attributes of a definition.
 * @returns The texts by name; nothing if each may be any.
 */
export function choicesOf(
  attributes: NonNullable<OperatorDefinition["attributes"]>,
): Pick<OperatorSchema, "choices"> {
  const choices = Object.entries(attributes).flatMap(([name, given]) => {
    const { values } = specOf(given);
    return values ? [[name, [...values]] as const] : [];
  });
  return choices.length > 0 ? { choices: Object.fromEntries(choices) } : {};
}

/**
 * Lists the values that attributes have where a call leaves them out.
 *
 * @param attributes The attributes of a definition.
 * @returns The values by name; attributes that must be given are not among them.
 */
export function defaultsOf(
  attributes: NonNullable<OperatorDefinition["attributes"]>,
): Attributes {
  const defaults: Record<string, Json> = {};
  for (const [name, given] of Object.entries(attributes)) {
    const value = specOf(given).default;
    if (value !== undefined) defaults[name] = value;
  }
  return defaults;
}

/**
 * Lists what values of attributes are checked by besides their kinds.
 *
 * @param attributes The attributes of a definition.
 * @returns The checks by name; nothing if there are none.
 */
export function checksOf(
  attributes: NonNullable<OperatorDefinition["attributes"]>,
): Pick<OperatorBase, "checks"> {
  const checks = Object.entries(attributes).flatMap(([name, given]) => {
    const { schema } = specOf(given);
    if (!schema) return [];
    return [[name, (value: unknown) => schemaProblem(value, schema)] as const];
  });
  return checks.length > 0 ? { checks: Object.fromEntries(checks) } : {};
}
