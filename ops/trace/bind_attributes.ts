import type { Json } from "../../core/base/mod.ts";
import { traceInvalid } from "../errors.ts";
import type { Attributes } from "../graph/node.ts";
import {
  encodeNumber,
  type Trace,
  type TraceInput,
  type TraceValue,
} from "./trace.ts";

/**
 * Puts values in the place of the attributes that a trace leaves open.
 *
 * @param trace The trace.
 * @param attributes The values.
 * @returns The trace, which leaves nothing open.
 * @throws {TensorError} `TRACE_INVALID` if it leaves an attribute open that has no value here.
 */
export function bindAttributes(
  { values, outputs }: Trace,
  attributes: Attributes,
): Trace {
  function valueOf(name: string, place: number): Json {
    if (Object.hasOwn(attributes, name)) return attributes[name]!;
    throw traceInvalid([{
      code: "TRACE_ATTRIBUTE",
      path: `values.${place}`,
      message: `Found attribute ${JSON.stringify(name)}, which has no value`,
    }]);
  }
  function bindInput(input: TraceInput, place: number): TraceInput {
    if (typeof input === "number" || !("attribute" in input)) return input;
    return { number: encodeNumber(Number(valueOf(input.attribute, place))) };
  }
  function bindValue(value: TraceValue, place: number): TraceValue {
    if (value.kind !== "call") return value;
    const { bound = {}, ...call } = value;
    const settings: Record<string, Json> = { ...call.attributes };
    for (const [name, from] of Object.entries(bound)) {
      settings[name] = valueOf(from, place);
    }
    return {
      ...call,
      inputs: call.inputs.map((input) => bindInput(input, place)),
      attributes: settings,
    };
  }
  return { values: values.map(bindValue), outputs };
}

/**
 * Lists the attributes that a trace leaves open.
 *
 * @param trace The trace.
 * @returns Their names, and whether each stands for a number or for a setting.
 */
export function openAttributes(
  { values }: Trace,
): { readonly name: string; readonly as: "number" | "setting" }[] {
  return values.flatMap((value) =>
    value.kind !== "call" ? [] : [
      ...value.inputs.flatMap((input) =>
        typeof input === "object" && "attribute" in input
          ? [{ name: input.attribute, as: "number" as const }]
          : []
      ),
      ...Object.values(value.bound ?? {})
        .map((name) => ({ name, as: "setting" as const })),
    ]
  );
}
