import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { OptionError } from "./errors.ts";
import {
  observeWork,
  type WorkObserver,
  workObserver,
} from "./observe_work.ts";

/** An observer that notes when work begins and ends. */
function noting(log: string[], name: string): WorkObserver {
  return (work, run) => {
    log.push(`${name} begins ${work.name}`);
    try {
      return run();
    } finally {
      log.push(`${name} ends`);
    }
  };
}

function work(run: () => number): number {
  const observer = workObserver("realize");
  return observer ? observer({ name: "realize", attributes: {} }, run) : run();
}

Deno.test("observeWork() watches the kinds that are named until it is disposed", () => {
  const log: string[] = [];
  {
    using _observation = observeWork(["realize"], noting(log, "a"));
    assertStrictEquals(workObserver("kernel"), undefined);
    assertEquals(work(() => 7), 7);
  }
  assertStrictEquals(workObserver("realize"), undefined);
  assertEquals(log, ["a begins realize", "a ends"]);
});

Deno.test("observeWork() lets several observers watch, later ones within earlier ones", () => {
  const log: string[] = [];
  const names = ["a", "b", "c"] as const;
  const observations = names.map((name) =>
    observeWork(["realize", "kernel"], noting(log, name))
  );
  assertEquals(work(() => log.push("work")), 4);
  assertEquals(log, [
    ...names.map((name) => `${name} begins realize`),
    "work",
    ...names.toReversed().map((name) => `${name} ends`),
  ]);
  observations[1]![Symbol.dispose]();
  observations[1]![Symbol.dispose](); // ends nobody else's
  log.length = 0;
  work(() => 0);
  assertEquals(log, [
    "a begins realize",
    "c begins realize",
    "c ends",
    "a ends",
  ]);
  for (const observation of observations) observation[Symbol.dispose]();
  assertStrictEquals(workObserver("realize"), undefined);
});

Deno.test("observeWork() refuses what is no list of names, or no function", () => {
  const run: WorkObserver = (_, run) => run();
  for (
    const [names, observer] of [[7, run], [undefined, run], [["realize"], 7]]
  ) {
    assertThrows(
      () => Reflect.apply(observeWork, undefined, [names, observer]),
      OptionError,
    );
  }
  assertStrictEquals(workObserver("realize"), undefined);
});
