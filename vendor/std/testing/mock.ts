/**
 * Stand-in for `jsr:@std/testing/mock` where JSR cannot be reached: spies and
 * stubs under its names and with its meaning, over the mock functions of
 * `node:test`. `spy.calls` is brought up to date when it is read, and the
 * sessions of the original (`mockSession`, `restore`) are absent.
 *
 * @module
 */
// deno-lint-ignore-file no-explicit-any
import { type Mock, mock, type MockFunctionCall } from "node:test";
import {
  assertEquals,
  AssertionError,
  assertIsError,
  assertRejects,
} from "@std/assert";

/** A mock was asked for something that cannot be done. */
export class MockError extends Error {
  /** Makes one from what cannot be done. */
  constructor(message: string) {
    super(message);
    this.name = "MockError";
  }
}

/** One recorded call. */
export interface SpyCall<
  Self = any,
  Args extends unknown[] = any[],
  Return = any,
> {
  /** What it was called with. */
  args: Args;
  /** What it returned, unless it threw. */
  returned?: Return;
  /** What it threw. */
  error?: Error;
  /** What it was called on. */
  self?: Self;
}

/** A function that records its calls. */
export interface Spy<
  Self = any,
  Args extends unknown[] = any[],
  Return = any,
> {
  (this: Self, ...args: Args): Return;
  /** The function it stands for. */
  original: (this: Self, ...args: Args) => Return;
  /** The calls so far, oldest first. */
  calls: SpyCall<Self, Args, Return>[];
  /** Whether the method it stands for is back in its place. */
  restored: boolean;
  /** Puts the method back. */
  restore(): void;
}

/** A method that records its calls. */
export interface MethodSpy<
  Self = any,
  Args extends unknown[] = any[],
  Return = any,
> extends Spy<Self, Args, Return>, Disposable {}

/** A class that records what it makes. */
export interface ConstructorSpy<
  Self = any,
  Args extends unknown[] = any[],
> {
  new (...args: Args): Self;
  /** The class it stands for. */
  original: new (...args: Args) => Self;
  /** The constructions so far, oldest first. */
  calls: SpyCall<Self, Args, Self>[];
  /** Always false: a class cannot be put back. */
  restored: boolean;
  /** Throws, because a class cannot be put back. */
  restore(): void;
}

/** A method that was replaced and records its calls. */
export interface Stub<
  Self = any,
  Args extends unknown[] = any[],
  Return = any,
> extends MethodSpy<Self, Args, Return> {
  /** What runs in the method's place. */
  fake: (this: Self, ...args: Args) => Return;
}

/** Anything that records calls. */
export type SpyLike<
  Self = any,
  Args extends unknown[] = any[],
  Return = any,
> = Spy<Self, Args, Return> | ConstructorSpy<Self, Args>;

/** The parameters of the method `Prop`. */
export type GetParametersFromProp<Self, Prop extends keyof Self> =
  Self[Prop] extends (...args: infer Args) => unknown ? Args : unknown[];

/** What the method `Prop` returns. */
export type GetReturnFromProp<Self, Prop extends keyof Self> =
  Self[Prop] extends (...args: any[]) => infer Return ? Return : unknown;

/** What a recorded call is expected to be. */
export interface ExpectedSpyCall<
  Self = any,
  Args extends unknown[] = any[],
  Return = any,
> {
  /** What it was called with. */
  args?: [...Args, ...unknown[]];
  /** What it was called on. */
  self?: Self;
  /** What it returned. */
  returned?: Return;
  /** What it threw. */
  error?: {
    /** Its class. */
    Class?: new (...args: any[]) => Error;
    /** A part of its message. */
    msgIncludes?: string;
  };
}

/** Makes a function that records its calls and returns nothing. */
export function spy<
  Self = any,
  Args extends unknown[] = any[],
  Return = undefined,
>(): Spy<Self, Args, Return>;
/** Makes a function that records its calls and does what `func` does. */
export function spy<Self, Args extends unknown[], Return>(
  func: (this: Self, ...args: Args) => Return,
): Spy<Self, Args, Return>;
/** Makes a class that records what it makes. */
export function spy<Self, Args extends unknown[]>(
  constructor: new (...args: Args) => Self,
): ConstructorSpy<Self, Args>;
/** Records the calls of a method until it is restored. */
export function spy<Self, Prop extends keyof Self>(
  self: Self,
  property: Prop,
): MethodSpy<
  Self,
  GetParametersFromProp<Self, Prop>,
  GetReturnFromProp<Self, Prop>
>;
export function spy(target: any = () => {}, property?: PropertyKey): any {
  if (property !== undefined) {
    return methodSpy("spy", target, { property, fake: target[property] });
  }
  return describe(mock.fn(target), {
    original: { enumerable: true, value: target },
    restored: { enumerable: true, value: false },
    restore: {
      enumerable: true,
      value(): never {
        throw new MockError("Cannot restore: function cannot be restored");
      },
    },
  });
}

/** Replaces a method by `func`, or by nothing, until it is restored. */
export function stub<Self, Prop extends keyof Self>(
  self: Self,
  property: Prop,
  func?: (
    this: Self,
    ...args: GetParametersFromProp<Self, Prop>
  ) => GetReturnFromProp<Self, Prop>,
): Stub<
  Self,
  GetParametersFromProp<Self, Prop>,
  GetReturnFromProp<Self, Prop>
>;
export function stub(
  self: any,
  property: PropertyKey,
  fake: (...args: any[]) => unknown = () => {},
): any {
  const made = methodSpy("stub", self, { property, fake });
  return Object.defineProperty(made, "fake", { enumerable: true, value: fake });
}

/** What `methodSpy` puts where. */
interface Replacement {
  property: PropertyKey;
  fake: (...args: any[]) => unknown;
}

function methodSpy(
  action: string,
  self: any,
  { property, fake }: Replacement,
): Spy {
  const original = self[property];
  if (typeof original !== "function") {
    throw new MockError(`Cannot ${action}: property is not an instance method`);
  }
  if (isSpy(original)) {
    throw new MockError(`Cannot ${action}: already spying on instance method`);
  }
  const own = Object.getOwnPropertyDescriptor(self, property);
  if (own?.configurable === false) {
    throw new MockError(`Cannot ${action}: non-configurable instance method`);
  }
  const made = mock.fn(fake);
  let restored = false;
  function restore(): void {
    if (restored) {
      throw new MockError("Cannot restore: instance method already restored");
    }
    if (own) Object.defineProperty(self, property, own);
    else delete self[property];
    restored = true;
  }
  Object.defineProperty(self, property, {
    configurable: true,
    enumerable: own?.enumerable ?? false,
    writable: own?.writable ?? false,
    value: made,
  });
  return describe(made, {
    original: { enumerable: true, value: original },
    restored: { enumerable: true, get: () => restored },
    restore: { enumerable: true, value: restore },
    [Symbol.dispose]: { value: restore },
  });
}

/** Gives a mock function the properties of a spy. */
function describe(made: Mock<any>, properties: PropertyDescriptorMap): any {
  const calls: SpyCall[] = [];
  function read(): SpyCall[] {
    for (const call of made.mock.calls.slice(calls.length)) {
      calls.push(spyCall(call));
    }
    return calls;
  }
  return Object.defineProperties(made, {
    ...properties,
    calls: { enumerable: true, get: read },
  });
}

function spyCall(call: MockFunctionCall<any>): SpyCall {
  const { arguments: args, error, result, this: self } = call;
  const outcome = error === undefined
    ? { returned: result }
    : { error: error as Error };
  // A class is constructed, not called on what it makes.
  const isMethod = self !== undefined && self !== null &&
    call.target === undefined;
  return isMethod ? { args, ...outcome, self } : { args, ...outcome };
}

function isSpy(value: unknown): boolean {
  return typeof value === "function" && "original" in value &&
    "calls" in value && "restore" in value;
}

/** Asserts how often a spy was called. */
export function assertSpyCalls<Self, Args extends unknown[], Return>(
  spy: SpyLike<Self, Args, Return>,
  expectedCalls: number,
): void {
  const count = spy.calls.length;
  const how = count < expectedCalls
    ? "Spy not called as much as expected"
    : "Spy called more than expected";
  explained(how, () => assertEquals(count, expectedCalls));
}

/** Asserts what one call of a spy was. */
export function assertSpyCall<Self, Args extends unknown[], Return>(
  spy: SpyLike<Self, Args, Return>,
  callIndex: number,
  expected: ExpectedSpyCall<Self, Args, Return> = {},
): void {
  const call = callAt(spy, callIndex);
  if (expected.args) {
    explained(
      "Spy not called with expected args",
      () => assertEquals(call.args, expected.args),
    );
  }
  if ("self" in expected) {
    const how = expected.self
      ? "Spy not called as method on expected self"
      : "Spy not expected to be called as method on object";
    explained(how, () => assertEquals(call.self, expected.self));
  }
  refuseBoth(expected);
  if ("returned" in expected) {
    if ("error" in call) {
      throw new AssertionError(
        "Spy call did not return expected value, an error was thrown.",
      );
    }
    explained(
      "Spy call did not return expected value",
      () => assertEquals(call.returned, expected.returned),
    );
  }
  if ("error" in expected) {
    if ("returned" in call) {
      throw new AssertionError(
        "Spy call did not throw an error, a value was returned.",
      );
    }
    assertIsError(
      call.error,
      expected.error?.Class,
      expected.error?.msgIncludes,
    );
  }
}

/** Asserts what one call of a spy was, and how its promise was settled. */
export async function assertSpyCallAsync<
  Self,
  Args extends unknown[],
  Return,
>(
  spy: SpyLike<Self, Args, Promise<Return>>,
  callIndex: number,
  expected: ExpectedSpyCall<Self, Args, Promise<Return> | Return> = {},
): Promise<void> {
  const { returned: _returned, error: _error, ...rest } = expected;
  assertSpyCall(spy as Spy<Self, Args>, callIndex, rest);
  refuseBoth(expected);
  const call = callAt(spy, callIndex);
  if ("error" in call) {
    throw new AssertionError(
      "Spy call did not return a promise, an error was thrown.",
    );
  }
  const promise = call.returned;
  if (!(promise instanceof Promise)) {
    throw new AssertionError(
      "Spy call did not return a promise, a value was returned.",
    );
  }
  if ("returned" in expected) {
    const wanted = await expected.returned;
    const resolved = await promise.catch(() => {
      throw new AssertionError("Spy call returned promise was rejected");
    });
    explained(
      "Spy call did not resolve to expected value",
      () => assertEquals(resolved, wanted),
    );
  }
  if ("error" in expected) {
    await assertRejects(
      () => promise,
      expected.error?.Class ?? Error,
      expected.error?.msgIncludes ?? "",
    );
  }
}

/** Asserts one argument of one call of a spy, and returns it. */
export function assertSpyCallArg<
  Self,
  Args extends unknown[],
  Return,
  ExpectedArg,
>(
  spy: SpyLike<Self, Args, Return>,
  callIndex: number,
  argIndex: number,
  expected: ExpectedArg,
): ExpectedArg {
  assertEquals<unknown>(callAt(spy, callIndex).args[argIndex], expected);
  return expected;
}

/** Asserts the arguments of one call of a spy, and returns them. */
export function assertSpyCallArgs<
  Self,
  Args extends unknown[],
  Return,
  ExpectedArgs extends unknown[],
>(
  spy: SpyLike<Self, Args, Return>,
  callIndex: number,
  expected: ExpectedArgs,
): ExpectedArgs;
/** Asserts the arguments from `argsStart` on. */
export function assertSpyCallArgs<
  Self,
  Args extends unknown[],
  Return,
  ExpectedArgs extends unknown[],
>(
  spy: SpyLike<Self, Args, Return>,
  callIndex: number,
  argsStart: number,
  expected: ExpectedArgs,
): ExpectedArgs;
/** Asserts the arguments from `argsStart` to `argsEnd`. */
export function assertSpyCallArgs<
  Self,
  Args extends unknown[],
  Return,
  ExpectedArgs extends unknown[],
>(
  spy: SpyLike<Self, Args, Return>,
  callIndex: number,
  argsStart: number,
  argsEnd: number,
  expected: ExpectedArgs,
): ExpectedArgs;
export function assertSpyCallArgs(
  spy: SpyLike,
  callIndex: number,
  ...rest: (number | unknown[])[]
): unknown[] {
  const expected = rest.pop() as unknown[];
  const [start, end] = rest as number[];
  const args = callAt(spy, callIndex).args.slice(start, end);
  assertEquals<unknown[]>(args, expected);
  return args;
}

/** Makes a function that returns what it is called on. */
export function returnsThis<Self = any, Args extends unknown[] = any[]>(): (
  this: Self,
  ...args: Args
) => Self {
  return function (this: Self): Self {
    return this;
  };
}

/** Makes a function that returns its argument at `idx`. */
export function returnsArg<Arg, Self = any>(
  idx: number,
): (this: Self, ...args: Arg[]) => Arg | undefined {
  return (...args) => args[idx];
}

/** Makes a function that returns its arguments from `start` to `end`. */
export function returnsArgs<Args extends unknown[], Self = any>(
  start = 0,
  end?: number,
): (this: Self, ...args: Args) => Args {
  return (...args) => args.slice(start, end) as Args;
}

/** Makes a function that returns, or throws, the next of `values`. */
export function returnsNext<
  Return,
  Self = any,
  Args extends unknown[] = any[],
>(
  values: Iterable<Return | Error>,
): (this: Self, ...args: Args) => Return {
  const iterator = values[Symbol.iterator]();
  let calls = 0;
  return () => {
    const next = iterator.next();
    if (next.done) throw calledTooOften(calls);
    calls++;
    if (next.value instanceof Error) throw next.value;
    return next.value;
  };
}

/** Makes a function that resolves to, or rejects with, the next of `values`. */
export function resolvesNext<
  Return,
  Self = any,
  Args extends unknown[] = any[],
>(
  values:
    | Iterable<Return | Error | Promise<Return | Error>>
    | AsyncIterable<Return | Error | Promise<Return | Error>>,
): (this: Self, ...args: Args) => Promise<Return> {
  const iterator = (async function* () {
    yield* values;
  })();
  let calls = 0;
  return async () => {
    const next = await iterator.next();
    if (next.done) throw calledTooOften(calls);
    calls++;
    if (next.value instanceof Error) throw next.value;
    return next.value;
  };
}

function calledTooOften(calls: number): MockError {
  return new MockError(`Not expected to be called more than ${calls} time(s)`);
}

function callAt(spy: SpyLike, index: number): SpyCall {
  const call = spy.calls[index];
  if (!call) throw new AssertionError("Spy not called as much as expected");
  return call;
}

function refuseBoth(expected: ExpectedSpyCall): void {
  if ("returned" in expected && "error" in expected) {
    throw new TypeError(
      "Do not expect error and return, only one should be expected",
    );
  }
}

/** Runs `check`, and puts `how` before the difference if it fails. */
function explained(how: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    assertIsError(error);
    const difference = error.message.split("\n").slice(1).join("\n");
    throw new AssertionError(`${how}:\n${difference}`);
  }
}
