import { equalShapes } from "../core/base/mod.ts";
import { operatorInvalid } from "./errors.ts";
import {
  type Attributes,
  type CompositeOperator,
  type Node,
  type TensorType,
  UNKNOWN_TYPE,
} from "./graph/node.ts";
import { quietly } from "./observe_calls.ts";

/** One call of a composite. */
export interface CompositeCall {
  /** Its inputs. */
  readonly inputs: readonly Node[];
  /** Its settings. */
  readonly attributes: Attributes;
  /** Its type, as the operator inferred it. */
  readonly type: TensorType;
}

/**
 * Writes a call of a composite in terms of simpler operators.
 *
 * @param operator The composite.
 * @param call The call.
 * @returns What computes the same.
 * @throws {TensorError} `OPERATOR_INVALID` if it does not have the type that the operator inferred.
 */
export function decompose(
  operator: CompositeOperator,
  { inputs, attributes, type }: CompositeCall,
): Node {
  const body = quietly(() => operator.decompose(inputs, attributes));
  if (type === UNKNOWN_TYPE || body.type === UNKNOWN_TYPE) return body;
  const isPromised = body.type.dtype === type.dtype &&
    equalShapes(body.type.shape, type.shape);
  if (isPromised) return body;
  throw operatorInvalid(operator.name, [{
    code: "INFERENCE",
    path: "infer",
    message:
      `Found ${type.dtype}[${type.shape}], but what it computes is ${body.type.dtype}[${body.type.shape}]`,
  }]);
}
