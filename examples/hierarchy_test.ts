import { assert, assertEquals, assertThrows } from "@std/assert";
import { embed } from "./hierarchy.ts";
import { readTaxonomy } from "./wordnet_taxonomy.ts";

Deno.test("example: the mammals of WordNet", () => {
  const { names, relations, hops } = readTaxonomy("mammal");
  const count = names.length;
  assertEquals([count, relations.length], [1182, 6542]);
  const [cat, feline, mammal] = ["domestic_cat", "feline", "mammal"]
    .map((name) => names.indexOf(name)) as [number, number, number];
  const isKindOf = (a: number, b: number) =>
    relations.some(([from, to]) => from === a && to === b);
  assert(isKindOf(cat, feline) && isKindOf(cat, mammal));
  assert(!isKindOf(feline, cat));
  assertEquals(hops[cat * count + feline], 2);
  assertEquals(hops[feline * count + cat], 2);
  assertThrows(() => readTaxonomy("no_such_noun"), Error, "no_such_noun");
});

Deno.test("example: a hierarchy in the ball", async () => {
  // Few things and few epochs: that the ball is better, not how well it can do.
  const taxonomy = readTaxonomy("feline");
  const options = { dimension: 5, epochs: 60, seed: 1 };
  const ball = await embed(taxonomy, { ...options, space: "ball" });
  const flat = await embed(taxonomy, { ...options, space: "Euclid" });
  assert(ball.meanAveragePrecision > 0.9, `${ball.meanAveragePrecision}`);
  assert(flat.meanAveragePrecision < 0.5, `${flat.meanAveragePrecision}`);
  assert(ball.meanRank < flat.meanRank / 3);
  assert(ball.distortion.worst < flat.distortion.worst);
  const again = await embed(taxonomy, { ...options, space: "ball" });
  assertEquals(again, ball);
});
