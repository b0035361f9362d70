// Whatever plain JavaScript passes to what the tour exports of tensors, operators and graphs, and to the
// methods of tensors: it is taken, or refused with a code. What the shelves export besides is trusted.

import { assert, assertEquals } from "@std/assert";
import { isCoded } from "../core/base/mod.ts";
import * as nn from "../nn/mod.ts";
import * as ops from "../ops/mod.ts";
import * as tour from "../mod.ts";

const X = ops.tensor([[1, 2], [3, 4]]);

const VALUES: readonly unknown[] = [
  undefined,
  null,
  true,
  -1,
  NaN,
  0.5,
  "x",
  Symbol("x"),
  10n,
  {},
  [],
  [null],
  () => null,
  X,
];

interface Target {
  readonly name: string;
  call(inputs: readonly unknown[]): unknown;
}

/** Functions and classes of a module, but no errors. */
function targetsOf(space: string, module: object): Target[] {
  return Object.entries(module).flatMap(([key, value]): Target[] => {
    if (typeof value !== "function") return [];
    const name = `${space}${key}`;
    if (!/^class/.test(Function.prototype.toString.call(value))) {
      return [{ name, call: (inputs) => Reflect.apply(value, X, inputs) }];
    }
    if (value.prototype instanceof Error) return [];
    return [{ name, call: (inputs) => Reflect.construct(value, inputs) }];
  });
}

/** Names that the tour has from a shelf. */
function onTour(shelf: object, pick: (name: string) => boolean = () => true) {
  const names = new Map<string, unknown>(Object.entries(tour));
  return Object.fromEntries(
    Object.entries(shelf).filter(([name, value]) =>
      names.get(name) === value && pick(name)
    ),
  );
}

function methodsOfTensors(): Record<string, unknown> {
  const all = Object.getOwnPropertyDescriptors(ops.Tensor.prototype);
  return Object.fromEntries(
    Object.entries(all)
      // X is still needed.
      .filter(([name]) => !["constructor", "dispose"].includes(name))
      .map(([name, { value }]) => [name, value]),
  );
}

function* argumentLists(): Generator<readonly unknown[]> {
  yield [];
  for (const first of VALUES) {
    yield [first];
    yield [X, X, first];
    for (const second of VALUES) {
      yield [first, second];
      yield [X, first, second];
    }
  }
}

async function problemOf(
  { name, call }: Target,
  inputs: readonly unknown[],
): Promise<string | undefined> {
  try {
    const result = await call(inputs);
    if (!(result instanceof ops.Tensor)) {
      (result as Partial<Disposable> | null)?.[Symbol.dispose]?.();
    }
    return undefined;
  } catch (error) {
    if (isCoded(error)) return undefined;
    const shown = inputs.map((input) =>
      input === X
        ? "a tensor"
        : typeof input === "object"
        ? JSON.stringify(input)
        : String(input)
    );
    return `${name}(${shown.join(", ")}): ${error}`;
  }
}

Deno.test("whatever is passed to tensors, operators and graphs is taken, or refused with a code", async () => {
  const graphs = ["encodeGraph", "parseGraph"];
  const targets = [
    ...targetsOf("", onTour(ops)),
    ...targetsOf("", onTour(nn, (name) => graphs.includes(name))),
    ...targetsOf("linalg.", ops.linalg),
    ...targetsOf("fft.", ops.fft),
    ...targetsOf("Tensor.", methodsOfTensors()),
  ];
  assert(targets.length > 250, `${targets.length}`);
  const problems: string[] = [];
  for (const target of targets) {
    for (const inputs of argumentLists()) {
      const problem = await problemOf(target, inputs);
      if (problem !== undefined) problems.push(problem);
    }
  }
  assertEquals(problems, []);
});
