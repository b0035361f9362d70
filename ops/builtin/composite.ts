/**
 * Short ways to write down composites. What a row leaves out follows from its body: the output's type
 * is that of what the body describes.
 *
 * @module
 */
import {
  broadcastShapes,
  type DType,
  promoteDTypes,
  type Shape,
  toFloatDType,
} from "../../core/base/mod.ts";
import { inferCall } from "../define/infer_call.ts";
import {
  type AttributeKind,
  type Attributes,
  type CompositeOperator,
  type Node,
  placeholder,
  type TensorType,
} from "../graph/node.ts";
import { quietly } from "../observe_calls.ts";
import { cast } from "./cast.ts";

/** A composite, without what follows from its body. */
export interface CompositeRow {
  /** One sentence about what it computes. */
  readonly description: string;
  /**
   * Names of the inputs.
   *
   * @default {["x"]}
   */
  readonly inputs?: readonly string[];
  /**
   * What each attribute must be.
   *
   * @default {{}}
   */
  readonly attributes?: Readonly<Record<string, AttributeKind>>;
  /**
   * Values of attributes that a call may leave out.
   *
   * @default {{}}
   */
  readonly defaults?: Attributes;
  /**
   * Throws a coded error if the settings of a call cannot be, where their kinds do not say so already.
   *
   * @param attributes Settings of the call.
   */
  check?(attributes: Attributes): void;
  /**
   * Writes the result in terms of simpler operators.
   *
   * @param inputs The inputs, in order.
   * @param attributes Settings of the call.
   */
  body(inputs: readonly Node[], attributes: Attributes): Node;
}

/**
 * Makes composites of a table.
 *
 * @typeParam Name Names of the operators.
 * @param rows One row an operator.
 * @returns The operators by name.
 */
export function compositeOperators<Name extends string>(
  rows: Readonly<Record<Name, CompositeRow>>,
): Readonly<Record<Name, CompositeOperator>> {
  return mapRows(rows, (name, row) => {
    const names = row.inputs ?? ["x"];
    return compositeOperator(name, row, (types, attributes) => {
      row.check?.(attributes);
      const inputs = types.map((type, i) => placeholder(names[i]!, type));
      return inferCall(
        { name, inputs: names },
        types,
        () => quietly(() => row.body(inputs, attributes)).type,
      );
    });
  });
}

/**
 * Makes composites of a table whose output element depends on the inputs' elements at the same place.
 * Inputs broadcast and hold fractions, computed in `float32`; the output is of the dtype they meet in.
 *
 * @typeParam Name Names of the operators.
 * @param rows One row an operator; its body is given `float32`.
 * @returns The operators by name.
 */
export function elementwiseOperators<Name extends string>(
  rows: Readonly<Record<Name, CompositeRow>>,
): Readonly<Record<Name, CompositeOperator>> {
  return mapRows(rows, (name, row) => {
    function body(inputs: readonly Node[], attributes: Attributes): Node {
      const values = inputs.map((input) => cast(input, "float32"));
      const dtype = commonDType(inputs.map(({ type }) => type));
      return cast(row.body(values, attributes), dtype);
    }
    return compositeOperator(name, { ...row, body }, (types, attributes) => {
      row.check?.(attributes);
      const shapes = types.map(({ shape }) => shape);
      return {
        dtype: commonDType(types),
        shape: shapes.reduce((a: Shape, b: Shape) =>
          broadcastShapes(name, a, b)
        ),
      };
    });
  });
}

function commonDType(types: readonly TensorType[]): DType {
  return toFloatDType(types.map(({ dtype }) => dtype).reduce(promoteDTypes));
}

function compositeOperator(
  name: string,
  { description, inputs = ["x"], attributes = {}, defaults = {}, body }:
    CompositeRow,
  infer: CompositeOperator["infer"],
): CompositeOperator {
  return {
    kind: "composite",
    name,
    version: "1.0.0",
    description,
    schema: { inputs, attributes },
    defaults,
    infer,
    decompose: body,
  };
}

function mapRows<Name extends string>(
  rows: Readonly<Record<Name, CompositeRow>>,
  make: (name: Name, row: CompositeRow) => CompositeOperator,
): Readonly<Record<Name, CompositeOperator>> {
  const names = Object.keys(rows) as Name[];
  return Object.fromEntries(
    names.map((name) => [name, make(name, rows[name])]),
  ) as Record<Name, CompositeOperator>; // one entry for each row
}
