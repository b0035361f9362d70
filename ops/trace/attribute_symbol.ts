import { type Json, printable } from "../../core/base/mod.ts";
import { ATTRIBUTE_SYMBOL_TAG } from "../check_attributes.ts";
import { attributeComputedWith } from "../define/errors.ts";
import {
  type AttributeKind,
  type Attributes,
  placeholder,
  UNKNOWN_TYPE,
} from "../graph/node.ts";
import { Tensor } from "../tensor.ts";

/**
 * An attribute whose value is not known yet, while a function is traced. It may be an operand, where it
 * stands for a number, or be passed on as a setting of another operator. It is a tensor without
 * elements, so that methods of tensors take it.
 */
export class AttributeSymbol extends Tensor {
  /** Name of the attribute. */
  readonly attribute: string;
  /** What its value will be. */
  readonly kind: AttributeKind;

  /**
   * Constructs a new instance.
   *
   * @param attribute Name of the attribute.
   * @param kind What its value will be.
   */
  constructor(attribute: string, kind: AttributeKind) {
    super(placeholder(attribute, UNKNOWN_TYPE));
    this.attribute = attribute;
    this.kind = kind;
  }

  /** What tells it from plain data. */
  override get [Symbol.toStringTag](): string {
    return ATTRIBUTE_SYMBOL_TAG;
  }

  /** What plain JavaScript does with a number cannot be recorded. */
  [Symbol.toPrimitive](): never {
    throw attributeComputedWith(printable(this.attribute, 80));
  }
}

/**
 * Hands a symbol out as the value that a function expects to find among its attributes.
 *
 * @param symbol The symbol.
 * @returns The same object.
 */
export function asAttribute(symbol: AttributeSymbol): Json {
  // A function that is traced gets symbols in the place of values: that is what tracing is.
  const value: unknown = symbol;
  return value as Json;
}

/**
 * Splits the settings of a call into those that are values and those that are symbols.
 *
 * @param attributes The settings, as they were recorded.
 * @returns The values, and for each symbol the attribute that it stands for.
 */
export function splitAttributes(
  attributes: Attributes,
): {
  readonly values: Attributes;
  readonly bound: Readonly<Record<string, string>>;
} {
  const values: Record<string, Json> = {};
  const bound: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    const found: unknown = value;
    if (found instanceof AttributeSymbol) bound[name] = found.attribute;
    else values[name] = value;
  }
  return { values, bound };
}
