import { type DType, DTYPES, type Json } from "../../../core/base/mod.ts";
import { isCoded } from "../../../core/base/mod.ts";
import { apply } from "../../apply.ts";
import type {
  AttributeKind,
  Attributes,
  Node,
  Operator,
} from "../../graph/node.ts";
import { placeholder } from "../../graph/node.ts";
import { quietly } from "../../observe_calls.ts";
import type { DrawnSample } from "../draw_sample.ts";
import type { Finding, Property } from "../property.ts";

/** For each kind of attribute, a value that is of another kind. */
const WRONG: Readonly<Record<AttributeKind, Json>> = {
  axes: "0",
  boolean: 1,
  dtype: "float99",
  element: "one",
  integer: 0.5,
  integers: [0.5],
  number: "1",
  numberOrNull: "null",
  string: 1,
};

/**
 * The schema is true: as many inputs, the attributes and the dtypes that it names are taken, and
 * nothing else is.
 */
export const schemaProperty: Property = {
  name: "schema",
  cases: ["samples"],
  check(call, { operator, dtypes }) {
    const finding = arityFinding(operator, call) ??
      attributesFinding(operator, call) ??
      dtypesFinding(operator, call, dtypes);
    return Promise.resolve(finding ?? {});
  },
};

function arityFinding(
  operator: Operator,
  { inputs, attributes }: DrawnSample,
): Finding | undefined {
  const { inputs: names, isVariadic } = operator.schema;
  const nodes = inputs.map((type, i) => placeholder(`${i}`, type));
  const counts = [
    ...names.length > 0 ? [names.length - 1] : [],
    ...isVariadic ? [] : [names.length + 1],
  ];
  for (const count of counts) {
    const some = Array.from({ length: count }, (_, i) => nodes[i] ?? EXTRA);
    const code = refusalOf(operator, some, attributes);
    if (code === "OPERATOR_ARITY") continue;
    return {
      problem: `found ${
        textOf(code)
      } for ${count} inputs, wanted OPERATOR_ARITY`,
      advice: "name every input in the schema, and take no others",
    };
  }
  return undefined;
}

const EXTRA = placeholder("extra", { dtype: "float32", shape: [] });

function attributesFinding(
  operator: Operator,
  { inputs, attributes }: DrawnSample,
): Finding | undefined {
  const nodes = inputs.map((type, i) => placeholder(`${i}`, type));
  const wrong: [string, Attributes][] = [
    ["an unknown attribute", { ...attributes, "no such attribute": 1 }],
  ];
  for (const [name, kind] of Object.entries(operator.schema.attributes)) {
    const { [name]: _, ...others } = attributes;
    wrong.push(
      [`no "${name}"`, others],
      [`a wrong "${name}"`, { ...attributes, [name]: WRONG[kind] }],
    );
  }
  for (const [words, changed] of wrong) {
    const code = refusalOf(operator, nodes, changed);
    if (code === "ATTRIBUTE_INVALID") continue;
    return {
      problem: `found ${textOf(code)} for ${words}, wanted ATTRIBUTE_INVALID`,
      advice: "declare what each attribute must be in the schema",
    };
  }
  return undefined;
}

function dtypesFinding(
  operator: Operator,
  { inputs, attributes }: DrawnSample,
  dtypes: readonly DType[] | undefined,
): Finding | undefined {
  if (inputs.every(({ isPinned }) => isPinned)) return undefined;
  for (const dtype of DTYPES) {
    const nodes = inputs.map((type, i) =>
      placeholder(`${i}`, type.isPinned ? type : { ...type, dtype })
    );
    const found = refusalOf(operator, nodes, attributes);
    const wanted = dtypes?.includes(dtype) ? undefined : "DTYPE_MISMATCH";
    // Where nothing was declared, any refusal is right that a caller can branch on.
    if (dtypes === undefined ? found !== "" : found === wanted) continue;
    return {
      problem: `found ${textOf(found)} for "${dtype}", wanted ${
        textOf(dtypes ? wanted : "DTYPE_MISMATCH")
      }`,
      advice:
        "let inference refuse, with a coded error, what cannot be computed, and declare what can as dtypes",
    };
  }
  return undefined;
}

function textOf(code: string | undefined): string {
  return code === "" ? "an error without a code" : code ?? "a result";
}

/** The code with which a call is refused; empty if it is refused otherwise, `undefined` if it is not. */
function refusalOf(
  operator: Operator,
  nodes: readonly Node[],
  attributes: Attributes,
): string | undefined {
  try {
    quietly(() => apply(operator, nodes, attributes));
    return undefined;
  } catch (error) {
    return isCoded(error) ? error.code : "";
  }
}
