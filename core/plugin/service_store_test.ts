import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { OptionError } from "../base/mod.ts";
import { PluginError } from "../errors.ts";
import { findService, fullNameOf, requireService } from "./find_service.ts";
import { ServiceStore } from "./service_store.ts";

const ONCE = { replace: false };

/** A store with `clock` from two plugins and `store` from one of them. */
function stocked() {
  const store = new ServiceStore();
  const entries = [
    { owner: "a", generation: 1, name: "clock", service: { of: "a" } },
    { owner: "b", generation: 1, name: "clock", service: { of: "b" } },
    { owner: "b", generation: 1, name: "store", service: { of: "b store" } },
    { owner: "org/c", generation: 1, name: "deep", service: { of: "c" } },
  ];
  for (const entry of entries) store.add(entry, ONCE);
  return { store, entries };
}

Deno.test.each([
  {
    name: "own first",
    user: "a",
    dependencies: ["b"],
    ask: "clock",
    want: "a",
  },
  {
    name: "then the only one among the dependencies",
    user: "x",
    dependencies: ["b", "org/c"],
    ask: "clock",
    want: "b",
  },
  {
    name: "then the only one at all",
    user: "x",
    dependencies: [],
    ask: "store",
    want: "b store",
  },
  {
    name: "by its full name",
    user: "a",
    dependencies: [],
    ask: "b/clock",
    want: "b",
  },
  {
    name: "by the full name of an owner with a slash",
    user: "a",
    dependencies: [],
    ask: "org/c/deep",
    want: "c",
  },
  { name: "nothing", user: "a", dependencies: [], ask: "x", want: undefined },
])("findService() $name", ({ user, dependencies, ask, want }) => {
  const { store } = stocked();
  const service = findService(store.tableFor(), {
    name: ask,
    user: { id: user, dependencies },
  })
    ?.service;
  assertEquals<unknown>(service, want === undefined ? undefined : { of: want });
});

Deno.test.each([{ dependencies: [] }, { dependencies: ["b", "a"] }])(
  "findService() does not choose between equals: %j",
  ({ dependencies }) => {
    const { store } = stocked();
    const error = assertThrows(
      () =>
        findService(store.tableFor(), {
          name: "clock",
          user: { id: "x", dependencies },
        }),
      PluginError,
    );
    assertEquals(error.code, "SERVICE_AMBIGUOUS");
    assertEquals(error.details.providers, ["a/clock", "b/clock"]);
  },
);

Deno.test("ServiceStore.add() refuses a name that is taken, unless it may replace", () => {
  const { store } = stocked();
  const newer = {
    owner: "a",
    generation: 1,
    name: "clock",
    service: { of: "newer" },
  };
  const error = assertThrows(() => store.add(newer, ONCE), PluginError);
  assertEquals(error.code, "SERVICE_EXISTS");
  store.add(newer, { replace: true });
  assertStrictEquals(
    findService(store.tableFor(), {
      name: "a/clock",
      user: { id: "x", dependencies: [] },
    })
      ?.service,
    newer.service,
  );
});

Deno.test("ServiceStore.remove() leaves what is newer", () => {
  const { store, entries } = stocked();
  const newer = {
    owner: "a",
    generation: 1,
    name: "clock",
    service: { of: "newer" },
  };
  store.add(newer, { replace: true });
  store.remove(entries[0]!);
  assertEquals(store.list().map(fullNameOf), [
    "a/clock",
    "b/clock",
    "b/store",
    "org/c/deep",
  ]);
  store.remove(newer);
  assertEquals(store.list().map(fullNameOf), [
    "b/clock",
    "b/store",
    "org/c/deep",
  ]);
});

Deno.test("ServiceStore.add() refuses names and objects that cannot be", () => {
  const { store } = stocked();
  for (const name of ["", " ", "a/b"]) {
    assertThrows(
      () => store.add({ owner: "a", generation: 1, name, service: {} }, ONCE),
      OptionError,
    );
  }
  for (const service of [null, 7] as unknown[]) {
    const entry = {
      owner: "a",
      generation: 1,
      name: "n",
      service: service as object,
    };
    assertThrows(() => store.add(entry, ONCE), OptionError);
  }
  store.add({ owner: "a", generation: 1, name: "n", service: () => 7 }, ONCE);
});

Deno.test.each([
  { name: "clok", suggestions: ["clock"] },
  { name: "b/stor", suggestions: ["b/store"] },
])("requireService() suggests names like $name, of the same sort", (
  { name, suggestions },
) => {
  const user = { id: "x", dependencies: [] };
  const error = assertThrows(
    () => requireService(stocked().store.tableFor(), { name, user }),
    PluginError,
  );
  assertEquals(error.code, "SERVICE_MISSING");
  assertEquals(error.details.suggestions, suggestions);
});
