import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { OptionError } from "../../../core/base/mod.ts";
import { NnError } from "../../errors.ts";
import { mapInWorkers } from "./map_in_workers.ts";
import { serveItems } from "./serve_items.ts";

function fixture(name: string): URL {
  const path = `../../../tests/fixtures/data_workers/${name}.ts`;
  return new URL(path, import.meta.url);
}

interface Square {
  readonly square: number;
}

async function reasonOf(
  module: string,
  items: readonly unknown[],
  options: { readonly startMs?: number } = {},
): Promise<unknown> {
  const results = mapInWorkers(items, {
    module: fixture(module),
    workers: 1,
    ...options,
  });
  const error = await assertRejects(() => Array.fromAsync(results), NnError);
  assertEquals(error.code, "DATA_WORKER_FAILED");
  return error.details.reason;
}

Deno.test.each([1, 2, 3])(
  "mapInWorkers() with %i workers keeps the order",
  async (workers) => {
    const items = Array.from({ length: 10 }, (_, x) => ({
      x: x + 1,
      ms: x % 3 === 0 ? 5 : 0,
    }));
    const results = mapInWorkers<typeof items[number], Square>(items, {
      module: fixture("square"),
      workers,
    });
    const squares = await Array.fromAsync(results, ({ square }) => square);
    assertEquals(squares, items.map(({ x }) => x ** 2));
  },
);

Deno.test("mapInWorkers() asks for few items ahead, and ends when nobody reads on", async () => {
  let asked = 0;
  let hasEnded = false;
  async function* items() {
    try {
      for (;;) yield await Promise.resolve({ x: ++asked });
    } finally {
      hasEnded = true;
    }
  }
  const options = { module: fixture("square"), workers: 2 };
  for await (
    const { square } of mapInWorkers<unknown, Square>(items(), options)
  ) {
    if (square === 9) break;
  }
  assertEquals([asked, hasEnded], [6, true]);
});

Deno.test("mapInWorkers() tells what a worker throws when its item is reached", async () => {
  const results = mapInWorkers<unknown, Square>(
    [{ x: 2 }, { x: -3 }, { x: 4 }],
    {
      module: fixture("square"),
      workers: 2,
    },
  );
  assertEquals((await results.next()).value, { square: 4 });
  const error = await assertRejects(() => results.next(), NnError);
  assertEquals(error.details.reason, "no root of -3");
  assertEquals(error.details.item, 1);
  assertEquals(await results.next(), { done: true, value: undefined });
});

Deno.test("mapInWorkers() says what cannot be copied, on either side", async () => {
  assertEquals(
    await reasonOf("square", [{ x: 0 }]),
    "()=>0 could not be cloned.",
  );
  assertEquals(
    await reasonOf("square", [() => 1]),
    "()=>1 could not be cloned.",
  );
});

Deno.test("mapInWorkers() says that a module cannot be loaded", async () => {
  const reason = await reasonOf("broken", [1]);
  assertEquals(reason, "Uncaught (in promise) Error: no such decoder");
});

Deno.test("mapInWorkers() says that a module serves nothing", async () => {
  const reason = await reasonOf("silent", [1], { startMs: 300 });
  assertEquals(reason, "serveItems() was not called within 300 ms");
});

Deno.test.each([
  { module: "decode.ts" },
  { module: null },
  { workers: 0 },
  { workers: 1.5 },
  { workers: 1e9 },
  { startMs: 0 },
  { items: 5 },
  { items: null },
])("mapInWorkers() refuses %j before any worker starts", (wrong) => {
  const { items = [], ...options }: Record<string, unknown> = wrong;
  const all = { module: fixture("square"), ...options };
  const error = assertThrows(
    () => Reflect.apply(mapInWorkers, undefined, [items, all]),
    OptionError,
  );
  assertEquals(error.code, "INVALID_OPTION");
});

Deno.test("serveItems() is for workers", () => {
  const error = assertThrows(() => serveItems(() => 1), NnError);
  assertEquals(error.code, "DATA_WORKER_FAILED");
});
