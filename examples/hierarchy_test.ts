import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { reconstructionOf } from "@spiraltorch/spiraltorch";
import { embed } from "./hierarchy.ts";
import { readTaxonomy } from "./wordnet_taxonomy.ts";

Deno.test("example: the mammals of WordNet", () => {
  const { names, relations, steps, parents } = readTaxonomy("mammal");
  const count = names.length;
  assertEquals([count, relations.length], [1182, 6542]);
  const [cat, feline, mammal] = ["domestic_cat", "feline", "mammal"]
    .map((name) => names.indexOf(name)) as [number, number, number];
  const isKindOf = (a: number, b: number) =>
    relations.some(([from, to]) => from === a && to === b);
  assert(isKindOf(cat, feline) && isKindOf(cat, mammal));
  assert(!isKindOf(feline, cat));
  assertEquals(steps[cat * count + feline], 2);
  assertEquals(steps[feline * count + cat], 2);
  assertEquals(parents.filter((own) => own.length === 2).length, 1);
  // Steps alone do not tell what is a kind of what: cousins are as near as what is four kinds above.
  const bySteps = reconstructionOf(steps, relations).meanAveragePrecision;
  assertAlmostEquals(bySteps, 0.28, 0.005);
  assertThrows(() => readTaxonomy("no_such_noun"), Error, "no_such_noun");
});

const FELINES = readTaxonomy("feline");

Deno.test("example: what is a kind of what, in the ball", async () => {
  // Few things and few epochs: that the ball is better, not how well it can do.
  const options = { goal: "kinds", dimension: 5, epochs: 60, seed: 1 } as const;
  const ball = await embed(FELINES, { ...options, space: "ball" });
  const flat = await embed(FELINES, { ...options, space: "Euclid" });
  const [inBall, inFlat] = [ball.kinds, flat.kinds];
  assert(inBall.meanAveragePrecision > 0.9, `${inBall.meanAveragePrecision}`);
  assert(inFlat.meanAveragePrecision < 0.5, `${inFlat.meanAveragePrecision}`);
  assert(inBall.meanRank < inFlat.meanRank / 3);
  assert(ball.distortion.worst < flat.distortion.worst);
  const again = await embed(FELINES, { ...options, space: "ball" });
  assertEquals(again, ball);
});

Deno.test("example: steps of a hierarchy, in the ball", async () => {
  const options = { goal: "steps", dimension: 5, seed: 1 } as const;
  const laidOut = await embed(FELINES, {
    ...options,
    space: "ball",
    epochs: 0,
  });
  const ball = await embed(FELINES, { ...options, space: "ball", epochs: 40 });
  const flat = await embed(FELINES, {
    ...options,
    space: "Euclid",
    epochs: 40,
  });
  assert(ball.distortion.average < laidOut.distortion.average);
  assert(laidOut.distortion.average < flat.distortion.average / 4);
  assert(ball.distortion.worst < flat.distortion.worst / 4);
  assertEquals(ball.neighbors.meanAveragePrecision, 1);
  assert(flat.neighbors.meanAveragePrecision < 0.7);
});
