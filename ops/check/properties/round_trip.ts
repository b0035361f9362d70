import { equalShapes } from "../../../core/base/mod.ts";
import { BUILTIN_OPERATORS } from "../../builtin/all.ts";
import {
  type Node,
  type Operator,
  placeholder,
  UNKNOWN_TYPE,
} from "../../graph/node.ts";
import { encodeTrace } from "../../trace/encode_trace.ts";
import { instantiateTrace } from "../../trace/instantiate_trace.ts";
import { parseTrace } from "../../trace/parse_trace.ts";
import { compareElements, computeOn, record, toNodes } from "../compute.ts";
import type { DrawnSample } from "../draw_sample.ts";
import type { Property } from "../property.ts";

/**
 * Written as text and read again, a call is the same call: by its name, written out in terms of the
 * built-in operators, and recorded before dtypes and shapes are known.
 */
export const roundTripProperty: Property = {
  name: "roundTrip",
  cases: ["samples"],
  async check(call, { operator, reference }) {
    const want = record(operator, call);
    const ways: [string, Node][] = [
      ["by name", throughText(call, operator, isSame(operator))],
    ];
    if (operator.kind === "composite") {
      ways.push(["written out", throughText(call, operator, isBuiltin)]);
    }
    for (const [way, found] of ways) {
      const { dtype, shape } = found.type;
      if (dtype !== want.type.dtype || !equalShapes(shape, want.type.shape)) {
        return {
          problem:
            `${way}: found ${dtype}[${shape}], wanted ${want.type.dtype}[${want.type.shape}]`,
          advice: ADVICE,
        };
      }
      const [again, before] = await computeOn(reference, [found, want]);
      const { index } = compareElements(again!, before!, 0);
      if (index === -1) continue;
      return {
        problem: `${way}: found ${again![index]} at ${index}, wanted ${
          before![index]
        }`,
        advice: ADVICE,
      };
    }
    return {};
  },
};

const ADVICE =
  "let attributes be plain data that says all there is to the call, and the function ask for no shapes while it is traced";

/** The call, recorded as data, written, read and put to use with the same inputs. */
function throughText(
  call: DrawnSample,
  operator: Operator,
  isKnown: (operator: Operator) => boolean,
): Node {
  // Where there are no inputs, there is nothing whose type could be unknown.
  const inputs = call.inputs.map((_, i) => placeholder(`${i}`, UNKNOWN_TYPE));
  const outputs = [record(operator, call, inputs)];
  const ends = {
    inputs: inputs.map((node, i) => [`${i}`, node] as const),
    outputs,
  };
  const text = JSON.stringify(encodeTrace(ends, { isKnown }));
  const trace = parseTrace(JSON.parse(text));
  const [node] = instantiateTrace(
    trace,
    toNodes(call.inputs),
    (name) => name === operator.name ? operator : BUILTIN_OPERATORS.get(name),
  );
  return node!;
}

function isBuiltin(operator: Operator): boolean {
  return BUILTIN_OPERATORS.get(operator.name) === operator;
}

function isSame(wanted: Operator): (operator: Operator) => boolean {
  return (operator) => operator === wanted || isBuiltin(operator);
}
