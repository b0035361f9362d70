/**
 * Attributes of an operator whose function is recorded: those that have few values are recorded once
 * for each, numbers and axes stand as symbols. Whether a symbol serves every value is tried, not
 * trusted: a function that looks at the value in plain JavaScript is found out.
 *
 * @module
 */
import {
  compareText,
  DTYPES,
  isPlainObject,
  type Json,
} from "../../core/base/mod.ts";
import type {
  AttributeKind,
  Attributes,
  OperatorSchema,
} from "../../ops/graph/node.ts";
import {
  asAttribute,
  AttributeSymbol,
} from "../../ops/trace/attribute_symbol.ts";
import { bindAttributes } from "../../ops/trace/bind_attributes.ts";
import type { Trace } from "../../ops/trace/trace.ts";
import { attributesNotTraced } from "./errors.ts";

/** How many combinations of values are recorded at most. */
const VARIANTS_MAX = 64;

/** What is known of the attributes of an operator. */
export type AttributeKinds = Pick<OperatorSchema, "attributes" | "choices">;

/** Attributes as a function is given them while it is recorded. */
export interface TracedAttributes {
  /** Values, and symbols where those are not known. */
  readonly attributes: Attributes;
  /** The symbols. */
  readonly symbols: readonly AttributeSymbol[];
}

/** What is recorded for some values of attributes: whatever they are if none are named. */
export type Variant<Recorded> = {
  readonly when: Attributes;
  readonly recorded: Recorded;
};

/** How one kind of attribute is recorded. */
interface KindRule {
  /** Values that are recorded on their own. */
  readonly values: readonly Json[];
  /** Values that a symbol is tried with; none if there is no symbol of the kind. */
  readonly samples: readonly Json[];
}

const RULES: Readonly<Record<AttributeKind, KindRule | undefined>> = {
  axes: { values: [null], samples: [0, -1, [0], [1, 0]] },
  boolean: { values: [false, true], samples: [] },
  dtype: { values: DTYPES, samples: [] },
  element: { values: [], samples: [0.5, 0, "NaN"] },
  integer: { values: [], samples: [1, 0, -1, 2, 7] },
  integers: { values: [], samples: [[0], [1, 0], [2, 3]] },
  number: { values: [], samples: [0.5, 0, 1, -1, 2, 1e-3] },
  numberOrNull: { values: [null], samples: [0.5, 0, 1, -1] },
  string: undefined,
};

/**
 * Records a function for all values of its attributes.
 *
 * @param operator Name of the operator, for messages.
 * @param kinds The kinds of its attributes, and which texts they may be.
 * @param record Records the function with some attributes.
 * @returns What was recorded, with the values that it is for.
 * @throws {GuestError} `ATTRIBUTES_NOT_TRACED` if an attribute cannot be recorded, or the function looks
 * at its value in plain JavaScript.
 */
export function traceVariants<Recorded>(
  operator: string,
  { attributes: kinds, choices = {} }: AttributeKinds,
  { record, traces }: {
    readonly record: (given: TracedAttributes) => Recorded;
    /** The traces in what was recorded. */
    readonly traces: (recorded: Recorded) => readonly Trace[];
  },
): Variant<Recorded>[] {
  let known: Attributes[] = [{}];
  for (const [name, kind] of Object.entries(kinds)) {
    const rule = ruleOf(kind, choices[name]);
    if (!rule) {
      throw attributesNotTraced(
        operator,
        `found attribute "${name}" of kind "${kind}", wanted the values that it may have, { kind, values }`,
      );
    }
    const open = rule.samples.length > 0 ? [undefined] : [];
    known = known.flatMap((values) =>
      [...rule.values, ...open].map((value) =>
        value === undefined ? values : { ...values, [name]: value }
      )
    );
  }
  if (known.length > VARIANTS_MAX) {
    throw attributesNotTraced(
      operator,
      `found ${known.length} combinations of attributes, wanted at most ${VARIANTS_MAX}`,
    );
  }
  return known.map((when) => {
    const given = openAttributesOf(kinds, when);
    const recorded = record(given);
    for (const values of samplesOf(given)) {
      tryWith(values, { operator, record, traces, recorded });
    }
    return { when, recorded };
  });
}

/** How an attribute is recorded; texts can be if it is known which there are. */
function ruleOf(
  kind: AttributeKind,
  choices: readonly string[] | undefined,
): KindRule | undefined {
  return choices ? { values: choices, samples: [] } : RULES[kind];
}

function openAttributesOf(
  kinds: Readonly<Record<string, AttributeKind>>,
  when: Attributes,
): TracedAttributes {
  const symbols = Object.entries(kinds)
    .filter(([name]) => !Object.hasOwn(when, name))
    .map(([name, kind]) => new AttributeSymbol(name, kind));
  const attributes: Record<string, Json> = { ...when };
  for (const symbol of symbols) {
    attributes[symbol.attribute] = asAttribute(symbol);
  }
  return { attributes, symbols };
}

/** Values to try: each symbol's samples in turn, beside the first ones of the others. */
function* samplesOf(
  { attributes, symbols }: TracedAttributes,
): Generator<Attributes> {
  const first: Record<string, Json> = { ...attributes };
  for (const { attribute, kind } of symbols) {
    first[attribute] = RULES[kind]!.samples[0]!;
  }
  for (const { attribute, kind } of symbols) {
    for (const sample of RULES[kind]!.samples) {
      yield { ...first, [attribute]: sample };
    }
  }
}

/** Requires that a function recorded with values computes what its symbols stand for. */
function tryWith<Recorded>(
  values: Attributes,
  { operator, record, traces, recorded }: {
    readonly operator: string;
    readonly record: (given: TracedAttributes) => Recorded;
    readonly traces: (recorded: Recorded) => readonly Trace[];
    readonly recorded: Recorded;
  },
): void {
  let plain: Recorded;
  try {
    plain = record({ attributes: values, symbols: [] });
  } catch {
    // A value that the function refuses says nothing about the others.
    return;
  }
  const found = traces(recorded).map((trace) => bindAttributes(trace, values));
  if (isSame(traces(plain), found)) return;
  throw attributesNotTraced(
    operator,
    `what it computes with ${
      JSON.stringify(values)
    } depends on how its function looks at attributes in JavaScript, wanted methods of tensors only`,
  );
}

/** Tells whether two pieces of plain data are the same, whatever the order of their keys. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one, sortKeys) === JSON.stringify(other, sortKeys);
}

function sortKeys(_: string, value: unknown): unknown {
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).sort(([a], [b]) => compareText(a, b)),
  );
}
