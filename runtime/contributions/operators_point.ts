import type { ContributionPoint, PluginEventBus } from "../../core/mod.ts";
import {
  type Attributes,
  type CallableOperator,
  defineOperator,
  type OperatorDefinition,
  type OperatorRegistry,
  Tensor,
  type TensorLike,
} from "../../ops/mod.ts";
import type { FoundOperator } from "../plugin/define_plugin.ts";
import { announced } from "./announced.ts";

/** Where the operators of plugins go, and who hears of it. */
export interface OperatorsPointOptions {
  /** The registry that they are added to. */
  readonly operators: OperatorRegistry;
  /** The bus that hears `OperatorRegistered` and `OperatorUnregistered`. */
  readonly events: PluginEventBus;
}

/**
 * Binds the plugin system's slot for operators to a registry.
 *
 * @param options The registry and the bus.
 * @returns The slot.
 */
export function operatorsPoint(
  { operators, events }: OperatorsPointOptions,
): ContributionPoint {
  return {
    name: "operators",
    label: "operator",
    find: (name) => operatorByName(name, operators),
    register(definition, owner, { generation }) {
      const operator = toOperator(definition);
      const registration = operators.register(operator, {
        owner,
        generation,
      });
      const { name, version } = operator;
      return announced(events, {
        what: "Operator",
        name,
        registration,
        isThere: () => operators.has(`${name}@${version}`),
        data: { name, version, owner },
      });
    },
  };
}

/** Calls an operator by name, whenever it is called: it may come and go with its plugin. */
function operatorByName(
  name: string,
  operators: OperatorRegistry,
): FoundOperator {
  return (...values) => {
    const last = values.at(-1);
    const hasAttributes = typeof last === "object" && !(last instanceof Tensor);
    const inputs = hasAttributes ? values.slice(0, -1) : values;
    const [result] = operators.execute(
      name,
      inputs as readonly TensorLike[], // checked by the operator
      hasAttributes ? last as Attributes : {},
    );
    return result!;
  };
}

/** An operator as it is, or made from its definition. */
function toOperator(definition: object): CallableOperator {
  const isOperator = typeof definition === "function" &&
    "definition" in definition;
  return isOperator
    ? definition as CallableOperator
    : defineOperator(definition as OperatorDefinition); // checked there
}
