// What this project counts on in @std, so that the stand-ins in vendor/std and the packages that
// users get are held to the same: `deno task test:upstream` runs this against the latter.

import {
  assert,
  assertAlmostEquals,
  assertEquals,
  AssertionError,
  assertObjectMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { deadline, delay, pooledMap, retry, RetryError, tee } from "@std/async";
import { parse, parseRange, satisfies, tryParseRange } from "@std/semver";
import {
  assertSpyCall,
  assertSpyCallArg,
  assertSpyCallArgs,
  assertSpyCallAsync,
  assertSpyCalls,
  type MethodSpy,
  MockError,
  resolvesNext,
  returnsArg,
  returnsNext,
  type Spy,
  spy,
  stub,
} from "@std/testing/mock";
import { FakeTime, TimeError } from "@std/testing/time";
import { assertType, type IsExact, type IsNullable } from "@std/testing/types";
import { parse as parseYaml, stringify, YamlSyntaxError } from "@std/yaml";

Deno.test("assert: what fails is an AssertionError that says why", () => {
  const failed = assertThrows(
    () => assertEquals({ a: 1 }, { a: 2 }, "one"),
    AssertionError,
    "Values are not equal: one",
  );
  assertType<IsExact<typeof failed, AssertionError>>(true);
  assertThrows(() => assert(0), AssertionError);
  assertThrows(() => assertAlmostEquals(1, 1.1, 0.01), AssertionError);
  assertObjectMatch({ a: { b: 1, c: 2 } }, { a: { b: 1 } });
});

Deno.test("assertRejects() wants a rejection, not a throw", async () => {
  const reason = await assertRejects(
    () => Promise.reject(new RangeError("far too far")),
    RangeError,
    "too far",
  );
  assertEquals(reason.message, "far too far");
  await assertRejects(
    () =>
      assertRejects(() => {
        throw new RangeError("before the promise");
      }),
    AssertionError,
  );
});

Deno.test("satisfies() keeps prereleases out of plain ranges", () => {
  const range = parseRange("^1.2.0 || 3.x");
  const versions = ["1.1.9", "1.9.0", "2.0.0", "3.4.5", "1.3.0-beta.1"];
  const inside = versions.filter((version) => satisfies(parse(version), range));
  assertEquals(inside, ["1.9.0", "3.4.5"]);
  assertEquals(tryParseRange("not a range"), undefined);
});

Deno.test("parse() of yaml says where the document breaks", () => {
  const error = assertThrows(
    () => parseYaml("a: 1\nb: 2\na: 3"),
    YamlSyntaxError,
  );
  assertEquals(error.line, 3);
  assertEquals(parseYaml(stringify({ a: [1, "2", null] })), {
    a: [1, "2", null],
  });
});

Deno.test("async: deadline(), retry(), pooledMap() and tee()", async () => {
  using time = new FakeTime();
  const never = new Promise<never>(() => {});
  const late = assertRejects(() => deadline(never, 50), DOMException);
  await time.tickAsync(50);
  assertEquals((await late).name, "TimeoutError");

  const failing = spy(() => Promise.reject(new Error("no")));
  const tries = assertRejects(
    () => retry(failing, { maxAttempts: 2, minTimeout: 1, jitter: 0 }),
    RetryError,
  );
  await time.tickAsync(1);
  await tries;
  assertSpyCalls(failing, 2);

  const doubled = pooledMap(2, [1, 2, 3], (n) => Promise.resolve(2 * n));
  const [left, right] = tee(doubled);
  assertEquals(await Array.fromAsync(left), [2, 4, 6]);
  assertEquals(await Array.fromAsync(right), [2, 4, 6]);
});

Deno.test("delay() ends with the reason of its signal", async () => {
  using time = new FakeTime();
  const controller = new AbortController();
  const waiting = assertRejects(
    () => delay(1000, { signal: controller.signal }),
    RangeError,
  );
  controller.abort(new RangeError("enough"));
  await waiting;
  assertEquals(time.next(), false);
});

Deno.test("spy() records what was returned, thrown and constructed", () => {
  const add: Spy<void, [number], number> = spy((n: number) => {
    if (n < 0) throw new RangeError(`below 0: ${n}`);
    return n + 1;
  });
  add(1);
  assertThrows(() => add(-1), RangeError);
  assertSpyCalls(add, 2);
  assertSpyCall(add, 0, { args: [1], returned: 2 });
  assertSpyCall(add, 1, { error: { Class: RangeError, msgIncludes: "-1" } });
  assertThrows(() => assertSpyCalls(add, 3), AssertionError, "not called as");
  assertThrows(() => assertSpyCall(add, 0, { args: [2] }), AssertionError);
  assertThrows(() => assertSpyCall(add, 0, { error: {} }), AssertionError);
  assertThrows(() => add.restore(), MockError, "cannot be restored");

  class Box {
    readonly value: number;
    constructor(value: number) {
      this.value = value;
    }
  }
  const SpiedBox = spy(Box);
  const box = new SpiedBox(3);
  assertEquals(box.value, 3);
  assertEquals(SpiedBox.calls, [{ args: [3], returned: box }]);
});

Deno.test("spy() and stub() of a method are undone by using", () => {
  const counter = {
    step: 1,
    next(n: number): number {
      return n + this.step;
    },
  };
  {
    using spied: MethodSpy<typeof counter, [number], number> = spy(
      counter,
      "next",
    );
    assertEquals(counter.next(1), 2);
    assertSpyCallArg(spied, 0, 0, 1);
    assertSpyCallArgs(spied, 0, 0, 1, [1]);
    assertThrows(() => spy(counter, "next"), MockError, "already");
  }
  {
    using stubbed = stub(counter, "next", (n) => n);
    assertEquals(counter.next(7), 7);
    assertSpyCall(stubbed, 0, { self: counter, args: [7], returned: 7 });
  }
  assertEquals(counter.next(1), 2);
  assertEquals(returnsArg(1)("a", "b"), "b");
  const silenced = stub(counter, "next");
  assertEquals(counter.next(1), undefined);
  silenced.restore();
  assertThrows(() => silenced.restore(), MockError, "already restored");
});

Deno.test("returnsNext() and resolvesNext() run out", async () => {
  const next = returnsNext([1, new RangeError("two")]);
  assertEquals(next(), 1);
  assertThrows(next, RangeError, "two");
  assertThrows(next, MockError, "more than 2");

  const later = spy(resolvesNext([1, new RangeError("two")]));
  assertEquals(await later(), 1);
  await assertRejects(later, RangeError);
  await assertSpyCallAsync(later, 0, { returned: 1 });
  await assertSpyCallAsync(later, 1, { error: { Class: RangeError } });
  await assertRejects(
    () => assertSpyCallAsync(later, 0, { returned: 2 }),
    AssertionError,
  );
});

Deno.test("FakeTime moves timers, dates and nothing else", async () => {
  const order: string[] = [];
  {
    using time = new FakeTime(1000);
    setTimeout(() => {
      order.push(`once ${Date.now()}`);
      setTimeout(() => order.push(`nested ${Date.now()}`), 5);
    }, 10);
    const interval = setInterval(() => order.push(`tick ${time.now}`), 10);
    time.tick(20);
    clearInterval(interval);
    assertEquals(order, ["once 1010", "tick 1010", "nested 1015", "tick 1020"]);
    assertEquals(new Date().getTime(), 1020);
    assertEquals(time.start, 1000);
    assertThrows(() => time.now = 1019, RangeError);
    assertThrows(() => new FakeTime(), TimeError, "already faked");

    setTimeout(() => order.push("last"), 500);
    await time.runAllAsync();
    assertEquals([order.at(-1), time.now], ["last", 1520]);
    await time.delay(1);
    await FakeTime.restoreFor(() => new Promise((go) => setTimeout(go, 1)));
    assertEquals(Date.now(), 1520);
  }
  assert(Date.now() > 1520);
});

Deno.test("assertType() is checked by the type checker", () => {
  assertType<IsExact<{ a?: 1 }, { a?: 1 }>>(true);
  assertType<IsExact<1, number>>(false);
  assertType<IsNullable<string | undefined>>(true);
});
