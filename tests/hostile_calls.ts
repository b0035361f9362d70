// Calls as plain JavaScript may write them, with anything as any argument.

import { isCoded, isPlainObject } from "../core/base/mod.ts";
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

/** What targets are called with. */
export type Calls = readonly (readonly unknown[])[];

/** Each value by itself. */
export const SINGLES: Calls = VALUES.map((value) => [value]);

/** Nothing; each value as the first argument, as the second, and behind two tensors. */
export const PAIRS: Calls = [
  [],
  ...SINGLES,
  ...VALUES.flatMap((first) => VALUES.map((second) => [first, second])),
  ...VALUES.map((third) => [X, X, third]),
];

/** The same, and any two values behind a tensor. */
export const TRIPLES: Calls = [
  ...PAIRS,
  ...VALUES.flatMap((second) => VALUES.map((third) => [X, second, third])),
];

/** Makes calls of targets, and says which fail without a code. */
export async function problemsOf(
  targets: readonly Target[],
  calls: Calls,
): Promise<string[]> {
  const problems: string[] = [];
  for (const target of targets) {
    for (const inputs of calls) {
      const problem = await problemOf(target, inputs);
      if (problem !== undefined) problems.push(problem);
    }
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
      const made = result as Partial<Disposable & AsyncDisposable> | null;
      made?.[Symbol.dispose]?.();
      await made?.[Symbol.asyncDispose]?.();
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

/** The methods of a prototype, each called on an object of its own. */
export function methodsOf(
  name: string,
  type: object,
  { make, except }: {
    readonly make: () => object;
    readonly except: readonly PropertyKey[];
  },
): Target[] {
  return Reflect.ownKeys(type).flatMap((key): Target[] => {
    const { value } = Object.getOwnPropertyDescriptor(type, key)!;
    if (typeof value !== "function" || except.includes(key)) return [];
    const owner = make();
    const call: Target["call"] = (inputs) =>
      Reflect.apply(value, owner, inputs);
    return [{ name: `${name}.${String(key)}`, call }];
  });
}

/** Something made with an option, as a function of that option. */
export interface OptionTarget extends Target {
  /** What the option may be. */
  readonly example: unknown;
}

/** What is made of arguments as a function of one of the options among them, for each of these. */
export function optionTargets(
  name: string,
  inputs: readonly unknown[],
  make: (inputs: readonly unknown[]) => unknown,
): OptionTarget[] {
  return inputs.flatMap((input, place) =>
    Object.entries(isPlainObject(input) ? input : {}).map(([key, example]) => ({
      name: `${name} ${key}`,
      example,
      call: ([value]: readonly unknown[]) =>
        make(inputs.with(place, { ...Object(input), [key]: value })),
    }))
  );
}
