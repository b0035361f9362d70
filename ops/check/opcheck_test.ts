import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { createBackend } from "../../kernels/mod.ts";
import type { Attributes } from "../graph/node.ts";
import type { OperatorDefinition } from "../define/definition.ts";
import { defineOperator } from "../define_operator.ts";
import type { Tensor } from "../tensor.ts";
import { opcheck } from "./opcheck.ts";
import { printOpcheck } from "./print_report.ts";
import type {
  OpcheckFailure,
  OpcheckProperty,
  OpcheckReport,
} from "./report.ts";

/** What is right until something in it is changed. */
const CUBE: OperatorDefinition = {
  name: "test:cube",
  inputs: ["x"],
  forward: ([x]) => x!.mul(x!).mul(x!),
  vjp: ({ inputs: [x], gradient }) => [gradient.mul(x!.mul(x!).mul(3))],
};

const SAMPLES = [{ inputs: [[2, 3]] }, { inputs: [[4]] }];

const ON_REFERENCE = { backends: [] };

/** The report on an operator that is right but for something. */
async function reportOn(
  change: Partial<OperatorDefinition>,
): Promise<OpcheckReport> {
  const operator = defineOperator({ ...CUBE, ...change });
  const attributes: Attributes = change.attributes ? { k: 1 } : {};
  return await opcheck(
    operator,
    SAMPLES.map((sample) => ({ ...sample, attributes })),
    { ...ON_REFERENCE, differentiable: "twice" },
  );
}

function failureOf(
  report: OpcheckReport,
  property: OpcheckProperty,
): OpcheckFailure {
  const failed = report.results.filter(({ status }) => status === "failed");
  assert(
    failed.some((result) => result.property === property),
    printOpcheck(report),
  );
  return failed.find((result) => result.property === property)!.failure!;
}

/** A square whose slope is slightly wrong. */
const wrongSquare = defineOperator({
  name: "test:wrong_square",
  inputs: ["x"],
  forward: ([x]) => x!.mul(x!),
  vjp: ({ inputs: [x], gradient }) => [gradient.mul(x!.mul(2.001))],
});

/** Numbers that are never the same twice. */
function counter(): () => number {
  let count = 0;
  return () => count++;
}

Deno.test("opcheck() finds nothing wrong with an operator that is right", async () => {
  const report = await opcheck(defineOperator(CUBE), SAMPLES, {
    differentiable: "twice",
  });
  assertEquals(report.ok, true, printOpcheck(report));
  assertEquals(report.results.filter(({ status }) => status !== "passed"), []);
});

Deno.test("opcheck() finds a wrong gradient, and the smallest call that shows it", async () => {
  const vjp: OperatorDefinition["vjp"] = ({ inputs: [x], gradient }) => [
    // Right but where x is above 1.
    gradient.mul(x!.mul(x!).mul(x!.greater(1).where(3.1, 3))),
  ];
  const { inputs, message, advice } = failureOf(
    await reportOn({ vjp }),
    "firstGradient",
  );
  assertMatch(
    message,
    /found slope .* at element \[\] of input 0, wanted .* by central differences/,
  );
  assertMatch(advice, /vjp/);
  assertEquals(inputs.length, 1);
  const { shape, elements } = inputs[0]!;
  assertEquals(shape, []);
  assertEquals(elements.length, 1);
  assert(Number(elements[0]) > 1);
});

Deno.test("wrong vjp caught by opcheck with the index named: the element and both numbers", async () => {
  // What comes after the first element depends on it; the vjp forgets that.
  const sums = defineOperator({
    name: "test:sums",
    inputs: ["x"],
    forward: ([x]) => x!.cumsum(-1),
    vjp: ({ gradient }) => [gradient],
  });
  const report = await opcheck(sums, [{ inputs: [[3, 4]] }]);
  const { inputs, message } = failureOf(report, "firstGradient");
  assertEquals(inputs[0]!.shape, [2]);
  const found = /^found slope (\S+) at element \[0\] of input 0, wanted (\S+) /
    .exec(message);
  assert(found, message);
  assert(Math.abs(Number(found[1]) - Number(found[2])) > 1e-6);
});

Deno.test("opcheck() finds a gradient that is right and whose own gradient is not", async () => {
  const vjp: OperatorDefinition["vjp"] = ({ inputs: [x], gradient }) => [
    gradient.mul(wrongSquare(x!).mul(3)),
  ];
  const report = await reportOn({ vjp });
  failureOf(report, "secondGradient");
  const first = report.results.find(({ property }) =>
    property === "firstGradient"
  )!;
  assertEquals(first.status, "passed");
});

Deno.test.each<
  {
    words: string;
    change: Partial<OperatorDefinition>;
    property: OpcheckProperty;
  }
>([
  {
    words: "a shape that is not what is computed",
    change: { infer: ([x]) => ({ dtype: x!.dtype, shape: [...x!.shape, 1] }) },
    property: "inference",
  },
  {
    words: "a dtype that is not what is computed",
    change: { infer: ([x]) => ({ dtype: "int32", shape: x!.shape }) },
    property: "inference",
  },
  {
    words: "a computation that is another one each time",
    change: {
      forward: ((next) => ([x]: readonly Tensor[]) => x!.mul(next()))(
        counter(),
      ),
    },
    property: "determinism",
  },
  {
    words: "a function that asks for shapes while it is traced",
    change: { forward: ([x]) => x!.reshape([x!.size]).reshape(x!.shape) },
    property: "roundTrip",
  },
  {
    words: "an error without a code",
    change: {
      infer([x]) {
        if (x!.dtype === "bool") throw new RangeError("no truth, please");
        return { dtype: x!.dtype, shape: x!.shape };
      },
      forward: ([x]) => x!.relu(),
    },
    property: "schema",
  },
])("opcheck() finds $words", async ({ change, property }) => {
  const { advice, message } = failureOf(
    await reportOn({ ...change }),
    property,
  );
  assertMatch(message, /found .*wanted /);
  assert(advice.length > 0);
});

Deno.test("opcheck() finds dtypes that are declared and not taken", async () => {
  const operator = defineOperator({ ...CUBE, forward: ([x]) => x!.relu() });
  const dtypes = ["bool", "float32"] as const;
  const report = await opcheck(operator, SAMPLES, { ...ON_REFERENCE, dtypes });
  const { message } = failureOf(report, "schema");
  assertEquals(message, 'found DTYPE_MISMATCH for "bool", wanted a result');
});

Deno.test.each(
  [
    { differentiable: "never", words: "found a gradient" },
    { differentiable: "once", words: "found a gradient" },
  ] as const,
)(
  "opcheck() finds slopes declared $differentiable that are there",
  async ({ differentiable, words }) => {
    const options = { ...ON_REFERENCE, differentiable };
    const report = await opcheck(defineOperator(CUBE), SAMPLES, options);
    const property = differentiable === "never"
      ? "firstGradient"
      : "secondGradient";
    assertMatch(failureOf(report, property).message, new RegExp(words));
  },
);

Deno.test("opcheck() finds a gradient that is not the transpose of the slope", async () => {
  const vjp: OperatorDefinition["vjp"] = ({ inputs: [x], gradient }) => [
    // Not linear in the gradient, yet right where that is 1.
    gradient.mul(gradient).mul(x!.mul(x!).mul(3)),
  ];
  const { message } = failureOf(await reportOn({ vjp }), "forwardMode");
  assertMatch(message, /found slope .* forwards, wanted .* as backwards/);
});

Deno.test("opcheck() finds examples that are not computed as one after the other", async () => {
  const next = counter();
  const forward: OperatorDefinition["forward"] = ([x]) => x!.mul(next());
  const { message } = failureOf(await reportOn({ forward }), "vmap");
  assertMatch(message, /for two examples at once along axes \[0\]/);
});

Deno.test("opcheck() finds a backend that computes something else", async () => {
  await using backend = createBackend("reference");
  const read = backend.read.bind(backend);
  backend.read = async (buffer) =>
    (await read(buffer)).map((x) => x > 1.5 ? x + 0.1 : x);
  const report = await opcheck(defineOperator(CUBE), SAMPLES, {
    backends: [backend],
  });
  const { message, inputs, advice } = failureOf(report, "backends");
  assertMatch(message, /^on reference: found .* as on the reference/);
  assertMatch(advice, /correct the kernel/);
  assertEquals(inputs[0]!.shape, []);
});

Deno.test("opcheck() finds a backend that reads past views", async () => {
  await using backend = createBackend("reference");
  const compile = backend.compile.bind(backend);
  backend.compile = (program) =>
    compile({
      ...program,
      steps: program.steps.map((step) => ({
        ...step,
        kernel: {
          ...step.kernel,
          operands: step.kernel.operands.map((operand) => ({
            ...operand,
            strides: operand.strides.map(Math.abs),
            offset: 0,
          })),
        } as typeof step.kernel, // the same kind, with other operands
      })),
    });
  const report = await opcheck(defineOperator(CUBE), SAMPLES, {
    backends: [backend],
  });
  assertMatch(failureOf(report, "layout").advice, /strides and offsets/);
});

Deno.test("opcheck() finds a backend that never gives the same twice", async () => {
  await using backend = createBackend("reference");
  const read = backend.read.bind(backend);
  const next = counter();
  backend.read = async (buffer) =>
    (await read(buffer)).map((x) => x + next() * 1e-9);
  const report = await opcheck(defineOperator(CUBE), SAMPLES, {
    backends: [backend],
  });
  assertMatch(failureOf(report, "determinism").message, /^on reference: found/);
});

Deno.test("opcheck() checks each of several outputs", async () => {
  function spread(slope: number): OperatorDefinition {
    return {
      inputs: ["x"],
      name: "test:spread",
      outputs: ["low", "high"],
      attributes: { by: { kind: "number", default: 1 } },
      forward: ([x], { by }) => [x!.sub(Number(by)), x!.mul(x!)],
      vjp: ({ inputs: [x], gradients: [low, high] }) => [
        low!.add(high!.mul(x!).mul(slope)),
      ],
    };
  }
  const right = await opcheck(defineOperator(spread(2)), SAMPLES, ON_REFERENCE);
  assertEquals(right.ok, true, printOpcheck(right));
  const wrong = await opcheck(defineOperator(spread(3)), SAMPLES, ON_REFERENCE);
  assertEquals(failureOf(wrong, "firstGradient").output, 1);
});

Deno.test("opcheck() draws samples from the schema where none are given", async () => {
  const operator = defineOperator({
    name: "test:scaled_sum",
    inputs: ["x", "y"],
    attributes: { axes: "axes", keepDims: "boolean" },
    forward: ([x, y], { axes, keepDims }) =>
      x!.mul(y!).sum(axes as number[] | undefined ?? undefined, {
        keepDims: keepDims === true,
      }),
  });
  const report = await opcheck(operator, undefined, {
    ...ON_REFERENCE,
    seed: 5,
  });
  assertEquals(report.ok, true, printOpcheck(report));
  assertEquals(report.seed, 5);
  assert(report.results.every(({ cases }) => cases >= 4));
});

Deno.test("opcheck() says what a machine does not have", async () => {
  const report = await opcheck(defineOperator(CUBE), SAMPLES, ON_REFERENCE);
  const { status, reason } = report.results.find(({ property }) =>
    property === "backends"
  )!;
  assertEquals({ status, reason }, {
    status: "skipped",
    reason: "no backend but the reference",
  });
});

Deno.test("opcheck() asks what it is told to, with the calls it is told to", async () => {
  const report = await opcheck(defineOperator(CUBE), SAMPLES, {
    ...ON_REFERENCE,
    properties: ["inference", "determinism"],
    cases: ["samples"],
  });
  assertEquals(
    report.results.map(({ property, cases }) => [property, cases]),
    [["inference", 2], ["determinism", 2]],
  );
});

Deno.test("opcheck() refuses what is no operator, and operators that take no call", async () => {
  const none = defineOperator({
    ...CUBE,
    infer() {
      throw new OptionError("INVALID_OPTION", "Cannot take anything", {});
    },
  });
  for (
    const [operator, samples] of [[CUBE, SAMPLES], [none, undefined], [
      none,
      [],
    ]] as const
  ) {
    const error = await assertRejects(
      () => opcheck(operator as typeof none, samples, ON_REFERENCE),
      OptionError,
    );
    assertEquals(error.code, "INVALID_OPTION");
  }
});
