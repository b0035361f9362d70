// Calls as plain JavaScript may write them, with anything as any argument.

import { isCoded } from "../core/base/mod.ts";
import { Tensor, tensor } from "../ops/mod.ts";

/** A tensor, which many functions take. */
export const X: Tensor = tensor([[1, 2], [3, 4]]);

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

/** Something that can be called. */
export interface Target {
  /** What it is called in messages. */
  readonly name: string;
  /** Calls it. */
  call(inputs: readonly unknown[]): unknown;
}

/** Whether a value is a class. */
export function isClass(value: unknown): boolean {
  return typeof value === "function" &&
    /^class/.test(Function.prototype.toString.call(value));
}

/** Functions and classes of a module, but no errors. */
export function targetsOf(space: string, module: object): Target[] {
  return Object.entries(module).flatMap(([key, value]): Target[] => {
    if (typeof value !== "function") return [];
    const name = `${space}${key}`;
    if (!isClass(value)) {
      return [{ name, call: (inputs) => Reflect.apply(value, X, inputs) }];
    }
    if (value.prototype instanceof Error) return [];
    return [{ name, call: (inputs) => Reflect.construct(value, inputs) }];
  });
}

/** Each value by itself. */
export const SINGLE: readonly (readonly unknown[])[] = VALUES.map((
  value,
) => [value]);

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

/** Calls a target with everything, and says which calls fail without a code. */
export async function problemsOf(
  target: Target,
  lists: Iterable<readonly unknown[]> = argumentLists(),
): Promise<string[]> {
  const problems: string[] = [];
  for (const inputs of lists) {
    const problem = await problemOf(target, inputs);
    if (problem !== undefined) problems.push(problem);
  }
  return problems;
}

async function problemOf(
  { name, call }: Target,
  inputs: readonly unknown[],
): Promise<string | undefined> {
  try {
    const result = await begun(await call(inputs));
    if (!(result instanceof Tensor)) {
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

/** What is given one after another is asked for the first; what is wrong is told then. */
async function begun(result: unknown): Promise<unknown> {
  const iterator = result as Partial<AsyncIterator<unknown>> | undefined;
  if (typeof iterator?.next === "function") {
    await iterator.next();
    await iterator.return?.();
  }
  return result;
}
