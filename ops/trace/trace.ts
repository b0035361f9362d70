/**
 * A graph as plain data: what a function of tensors does, recorded once for every dtype and shape
 * that its operators accept. It crosses borders between processes, and is put to use with real
 * inputs, where types are inferred anew.
 *
 * @module
 */
import type { DType, Shape } from "../../core/base/mod.ts";
import type { Attributes } from "../graph/node.ts";

/** A number in a trace. JSON has no `NaN`, no infinities and no -0: those are text. */
export type TraceNumber = number | "NaN" | "Infinity" | "-Infinity" | "-0";

/**
 * An input of a call: the place of an earlier value, or a number that adapts to those beside it, which
 * may be the value of an attribute that the trace leaves open.
 */
export type TraceInput =
  | number
  | { readonly number: TraceNumber }
  | { readonly attribute: string };

/** One value of a trace. */
export type TraceValue =
  /** Something that is supplied when the trace is put to use. */
  | { readonly kind: "input"; readonly name: string }
  /** The same number everywhere. */
  | {
    readonly kind: "constant";
    readonly value: TraceNumber;
    readonly dtype: DType;
    readonly shape: Shape;
  }
  /** Elements, row by row. */
  | {
    readonly kind: "data";
    readonly elements: readonly TraceNumber[];
    readonly dtype: DType;
    readonly shape: Shape;
  }
  /** The result of a call of an operator, by name. */
  | {
    readonly kind: "call";
    readonly operator: string;
    readonly inputs: readonly TraceInput[];
    readonly attributes: Attributes;
    /** Further attributes, each the value of one that the trace leaves open. */
    readonly bound?: Readonly<Record<string, string>>;
  };

/** A recorded function: values in order, each computed from earlier ones. Plain data. */
export type Trace = {
  /** The values; inputs come first. */
  readonly values: readonly TraceValue[];
  /** Places of the results. */
  readonly outputs: readonly number[];
};

/**
 * Writes a number so that JSON can carry it.
 *
 * @param value The number.
 * @returns The number, or its name.
 */
export function encodeNumber(value: number): TraceNumber {
  if (Object.is(value, -0)) return "-0";
  if (Number.isNaN(value)) return "NaN";
  if (value === Infinity) return "Infinity";
  return value === -Infinity ? "-Infinity" : value;
}
