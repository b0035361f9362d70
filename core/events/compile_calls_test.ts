import { assertEquals } from "@std/assert";
import { type CallHooks, compileCalls } from "./compile_calls.ts";
import type { PluginEvent } from "./event.ts";
import type { ListenerSlot } from "./listener_table.ts";

const EVENT: PluginEvent = { kind: "SystemInit" };

function slots(
  ...listeners: ((event: PluginEvent) => void | Promise<void>)[]
): ListenerSlot[] {
  return listeners.map((listener, id) => ({
    id,
    type: "SystemInit",
    owner: undefined,
    listener,
    once: false,
    priority: 0,
    onRemove: () => {},
    isActive: true,
    isAsync: false,
  }));
}

/** Hooks that note what they are asked to do. */
function noting(log: string[]): CallHooks {
  return {
    hearOut: (_event, { id }, result) =>
      void log.push(`${id} gave ${typeof result}`),
    goOn: (event, list, { at, error }) =>
      void log.push(`${event.kind}: ${at} of ${list.length} threw ${error}`),
  };
}

Deno.test("compileCalls() calls each listener in order, while it is active", () => {
  const log: string[] = [];
  const list = slots(
    ({ kind }) => void log.push(`a ${kind}`),
    () => {
      list[2]!.isActive = false;
    },
    () => void log.push("c"),
    () => Promise.resolve(),
  );
  const calls = compileCalls(list, noting(log))!;
  calls(EVENT);
  assertEquals(log, ["a SystemInit", "3 gave object"]);
  list[2]!.isActive = true;
});

Deno.test("compileCalls() hands on where it stopped and why", () => {
  const log: string[] = [];
  const list = slots(() => {}, () => {
    throw new RangeError("no");
  }, () => void log.push("c"));
  compileCalls(list, noting(log))!(EVENT);
  assertEquals(log, ["SystemInit: 1 of 3 threw RangeError: no"]);
});

Deno.test("compileCalls() leaves long lists to the loop", () => {
  const of = (count: number) =>
    compileCalls(
      slots(...Array.from({ length: count }, () => () => {})),
      noting([]),
    );
  assertEquals(
    [1, 2, 128, 129].map((count) => of(count) !== undefined),
    [true, true, true, false],
  );
});

Deno.test("compileCalls() leaves listeners to the loop that have to be followed", () => {
  const list = slots(() => {}, () => {});
  list[1]!.isAsync = true;
  assertEquals(compileCalls(list, noting([])), undefined);
});
