import { assertEquals, assertStrictEquals } from "@std/assert";
import { type Layer, LayeredMap } from "./layered_map.ts";

function layer(owner: string | undefined, generation: number): Layer {
  return { owner, generation };
}

Deno.test.each([
  { owner: "a", generation: 2, want: true, name: "a newer generation" },
  { owner: "a", generation: 1, want: false, name: "the same generation" },
  { owner: "a", generation: 0, want: false, name: "an older generation" },
  { owner: "b", generation: 2, want: false, name: "another owner" },
  { owner: undefined, generation: 2, want: false, name: "nobody" },
])("LayeredMap.accepts() over generation 1 of an owner: $name", (item) => {
  const map = new LayeredMap<Layer>();
  assertEquals(map.accepts("x", item), true);
  map.put("x", layer("a", 1));
  assertEquals(map.accepts("x", item), item.want);
  assertEquals(map.accepts("y", item), true);
});

Deno.test("LayeredMap.accepts() keeps what belongs to nobody", () => {
  const map = new LayeredMap<Layer>();
  map.put("x", layer(undefined, 1));
  assertEquals(map.accepts("x", layer(undefined, 2)), false);
});

Deno.test("LayeredMap.remove() uncovers, and takes covered values out where they lie", () => {
  const map = new LayeredMap<Layer>();
  const [first, second, third] = [1, 2, 3].map((n) => layer("a", n));
  for (const value of [first, second, third]) map.put("x", value!);
  assertEquals(map.remove("x", second!), false);
  assertStrictEquals(map.get("x"), third);
  assertEquals(map.remove("x", third!), true);
  assertStrictEquals(map.get("x"), first);
  assertEquals(map.remove("x", third!), false);
  assertStrictEquals(map.get("x"), first);
  assertEquals(map.size, 1);
  assertEquals(map.remove("x", first!), true);
  assertEquals([...map.keys()], []);
  assertEquals(map.size, 0);
});

Deno.test("LayeredMap lists each name once, with the value that can be seen", () => {
  const map = new LayeredMap<Layer>();
  const top = layer("a", 2);
  const other = layer("b", 1);
  map.put("x", layer("a", 1));
  map.put("y", other);
  map.put("x", top);
  assertEquals([...map.keys()], ["x", "y"]);
  assertEquals(map.values(), [top, other]);
});
