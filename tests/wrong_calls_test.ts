// Every built-in operator, called by name with something wrong: each call is refused with a code, and in
// words that name the operator and what is wrong with it.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Coded, DTYPES, isCoded } from "../core/base/mod.ts";
import {
  type Attributes,
  BUILTIN_OPERATORS,
  type Operator,
  OperatorRegistry,
  type Tensor,
  tensor,
  type TensorLike,
} from "../ops/mod.ts";
import { BUILTIN_FACTS, drawSample } from "../ops/check/mod.ts";
import type { AttributeKind } from "../ops/graph/node.ts";

/** A call that is right, before something in it is made wrong. */
interface Call {
  readonly operator: Operator;
  readonly inputs: readonly Tensor[];
  readonly attributes: Attributes;
}

/** A call that is wrong. */
interface WrongCall {
  readonly what: string;
  readonly inputs: readonly unknown[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly codes: readonly string[];
  /** What the message must name besides the operator. */
  readonly names: readonly string[];
}

const registry = new OperatorRegistry();

/** What is of no kind, and for each kind what looks like it. */
const NO_ATTRIBUTES: readonly unknown[] = [
  undefined,
  NaN,
  Infinity,
  {},
  "odd",
  Symbol("odd"),
  10n,
];
const BESIDE: Readonly<Record<AttributeKind, readonly unknown[]>> = {
  axes: [0.5, [0.5], [NaN], true],
  boolean: [0, 1, null],
  dtype: ["float64", null, 32],
  element: [null, true],
  integer: [0.5, 2 ** 53, null, [1], true],
  integers: [1, [0.5], [NaN], null, true],
  number: [null, true, [1]],
  numberOrNull: [true, [1]],
  string: [null, true, 1, ["x"]],
};

const NO_INPUTS: readonly unknown[] = [
  undefined,
  null,
  "x",
  {},
  [1, 2],
  true,
  10n,
  Symbol("x"),
  new Float32Array(2),
];

function rightCall(operator: Operator): Call {
  const { samples, dtypes, domain } = BUILTIN_FACTS.get(operator.name)!;
  const { inputs, attributes } = drawSample(samples[0]!, {
    ...dtypes && { dtypes },
    ...domain && { domain },
  });
  return {
    operator,
    inputs: inputs.map(({ elements, shape, dtype }) =>
      tensor(elements, { shape, dtype })
    ),
    attributes,
  };
}

function* wrongArity({ operator, inputs, attributes }: Call) {
  const { schema: { inputs: names, isVariadic } } = operator;
  const wrong = { attributes, codes: ["OPERATOR_ARITY"] };
  if (inputs.length > 0) {
    yield {
      ...wrong,
      what: "too few inputs",
      inputs: inputs.slice(0, names.length - 1),
      names: [...names, String(names.length - 1)],
    };
  }
  if (isVariadic) return;
  const more = [...inputs, tensor([1])];
  const what = "too many inputs";
  yield { ...wrong, what, inputs: more, names: [String(more.length)] };
}

function* wrongInputs({ inputs, attributes }: Call) {
  for (const i of inputs.keys()) {
    for (const value of NO_INPUTS) {
      yield {
        what: `${String(value)} as input ${i}`,
        inputs: inputs.with(i, value as Tensor),
        attributes,
        codes: ["INVALID_OPTION"],
        names: [],
      };
    }
  }
}

function* wrongAttributes({ operator, inputs, attributes }: Call) {
  const wrong = { inputs, codes: ["ATTRIBUTE_INVALID"] };
  for (const [name, kind] of Object.entries(operator.schema.attributes)) {
    const isText = kind === "string";
    for (const value of [...NO_ATTRIBUTES, ...BESIDE[kind]]) {
      if (isText && value === "odd") continue;
      yield {
        ...wrong,
        what: `${name} = ${showValue(value)}`,
        attributes: { ...attributes, [name]: value },
        names: [`"${name}"`, "wanted"],
      };
    }
    if (Object.hasOwn(operator.defaults ?? {}, name)) continue;
    const { [name]: _, ...others } = attributes;
    yield {
      ...wrong,
      what: `no ${name}`,
      attributes: others,
      names: [`"${name}"`, "wanted"],
    };
  }
  yield {
    ...wrong,
    what: "an attribute that there is not",
    attributes: { ...attributes, nope: 1 },
    names: ['"nope"', "known are"],
  };
}

/** Shapes and dtypes of which no call takes every one: those refused have a code. */
function* otherTypes({ inputs, attributes }: Call) {
  const codes = [
    "ATTRIBUTE_INVALID",
    "AXIS_RANGE",
    "DTYPE_MISMATCH",
    "SHAPE_INVALID",
    "SHAPE_MISMATCH",
  ];
  for (const i of inputs.keys()) {
    const { shape, dtype } = inputs[i]!;
    for (const other of DTYPES) {
      const input = tensor(new Uint8Array(inputs[i]!.size), {
        shape,
        dtype: other,
      });
      const what = `dtype ${other} of input ${i}`;
      yield {
        what,
        inputs: inputs.with(i, input),
        attributes,
        codes,
        names: [],
      };
    }
    for (const other of [[], [7], [2, 0], [3, 7, 2], [1, 1, 5, 1, 3]]) {
      const size = other.reduce((product, n) => product * n, 1);
      const input = tensor(new Uint8Array(size), { shape: other, dtype });
      const what = `shape [${other}] of input ${i}`;
      yield {
        what,
        inputs: inputs.with(i, input),
        attributes,
        codes,
        names: [],
      };
    }
  }
}

function showValue(value: unknown): string {
  return typeof value === "symbol" || typeof value === "bigint"
    ? String(value)
    : JSON.stringify(value) ?? String(value);
}

function call(name: string, { inputs, attributes }: WrongCall): unknown {
  return registry.execute(
    name,
    inputs as TensorLike[],
    attributes as Attributes,
  );
}

function assertNamed(
  error: Error & Coded,
  name: string,
  { what, codes, names }: WrongCall,
): void {
  assert(
    codes.includes(error.code),
    `${what}: ${error.code}, ${error.message}`,
  );
  for (const part of [name, ...names]) {
    assert(error.message.includes(part), `${what}: ${error.message}`);
  }
}

Deno.test.each([...BUILTIN_OPERATORS.values()])(
  "$name called wrongly names itself, the argument, what was found and wanted",
  (operator) => {
    const { name } = operator;
    const right = rightCall(operator);
    registry.execute(name, right.inputs, right.attributes);
    for (
      const wrong of [
        ...wrongArity(right),
        ...wrongInputs(right),
        ...wrongAttributes(right),
      ] satisfies WrongCall[]
    ) {
      const error = assertThrows(() => call(name, wrong), Error);
      assert(isCoded(error), `${wrong.what}: ${error.stack}`);
      assertNamed(error, name, wrong);
    }
  },
);

Deno.test("a call of a built-in operator on other shapes and dtypes is taken, or refused with a code", () => {
  let refused = 0;
  for (const [name, operator] of BUILTIN_OPERATORS) {
    for (const other of otherTypes(rightCall(operator))) {
      try {
        call(name, other);
      } catch (error) {
        assert(
          error instanceof Error && isCoded(error),
          `${name}, ${other.what}: ${error}`,
        );
        assertNamed(error, name, other);
        refused++;
      }
    }
  }
  assert(refused > 500, `${refused}`);
});

Deno.test("a built-in name cannot be taken, and unknown names and backends are told", () => {
  for (const [name, operator] of BUILTIN_OPERATORS) {
    const taken = assertThrows(() => registry.register(operator), Error, name);
    assert(isCoded(taken) && taken.code === "OPERATOR_EXISTS");
    const unknown = assertThrows(
      () => registry.execute(`${name}X`, []),
      Error,
      `${name}X`,
    );
    assert(isCoded(unknown) && unknown.code === "OPERATOR_NOT_FOUND");
    const { inputs, attributes } = rightCall(operator);
    const backend = assertThrows(
      () =>
        registry.explainDispatch(name, inputs, { attributes, backend: "x" }),
      Error,
      '"x"',
    );
    assert(isCoded(backend) && backend.code === "BACKEND_UNKNOWN");
  }
  assertEquals(registry.listOperators().length, BUILTIN_OPERATORS.size);
});
