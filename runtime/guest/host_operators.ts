/**
 * Operators that the host has and a sandbox does not: built-in ones are known on both sides, those of
 * other plugins by name only. A call of one is recorded, and looked up where the trace is put to use.
 *
 * @module
 */
import { BUILTIN_OPERATORS } from "../../ops/builtin/all.ts";
import {
  type Attributes,
  type CompositeOperator,
  constant,
  type Operator,
  UNKNOWN_TYPE,
} from "../../ops/graph/node.ts";
import { shapeUnknown } from "../../ops/errors.ts";
import { Tensor, type TensorLike, toOperand } from "../../ops/tensor.ts";

/** An operator by name, callable with tensors; its attributes follow the inputs. */
export type NamedOperator = (
  ...inputs: readonly (TensorLike | Attributes)[]
) => Tensor;

/** Stands for an operator of the host, of which only the name is known here. */
class HostOperator implements CompositeOperator {
  readonly kind = "composite";
  readonly name: string;
  readonly version = "0.0.0";
  readonly description = "An operator of the host.";
  readonly schema = { inputs: [], attributes: {} };

  constructor(name: string) {
    this.name = name;
  }

  infer(): never {
    throw shapeUnknown("shape");
  }

  decompose(): never {
    throw shapeUnknown("shape");
  }
}

/**
 * Finds an operator of the host by name. Whether it exists shows when the trace reaches the host.
 *
 * @param name Its name.
 * @returns What records a call of it.
 */
export function hostOperator(name: string): NamedOperator {
  const builtin = BUILTIN_OPERATORS.get(name);
  const operator: Operator = builtin ?? new HostOperator(name);
  return (...values) => {
    const last = values.at(-1);
    const hasAttributes = typeof last === "object" && !(last instanceof Tensor);
    const inputs = hasAttributes ? values.slice(0, -1) : values;
    return new Tensor({
      kind: "apply",
      operator,
      inputs: inputs.map((value) => {
        const input = toOperand(name, value);
        return typeof input === "number"
          ? constant(input, UNKNOWN_TYPE)
          : input;
      }),
      attributes: hasAttributes ? last as Attributes : {},
      type: UNKNOWN_TYPE,
    });
  };
}

/**
 * Tells whether the host can look an operator up by the name in a trace.
 *
 * @param operator The operator.
 * @returns Whether it is built in or stands for one of the host's.
 */
export function isKnownToHost(operator: Operator): boolean {
  return BUILTIN_OPERATORS.get(operator.name) === operator ||
    operator instanceof HostOperator;
}
