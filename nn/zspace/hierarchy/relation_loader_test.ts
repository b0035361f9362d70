import {
  assert,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { OptionError } from "../../../core/base/mod.ts";
import { NnError } from "../../errors.ts";
import type { Relation } from "./relation.ts";
import { RelationLoader } from "./relation_loader.ts";

/** A chain: everything below is related to everything above. */
const CHAIN: readonly Relation[] = [[1, 0], [2, 0], [2, 1], [3, 0], [3, 1]];

async function rowsOf(
  loader: RelationLoader,
  pass: number,
): Promise<number[][][]> {
  const batches: number[][][] = [];
  for await (using batch of loader.epoch(pass)) {
    const rows = await batch.inputs.array() as number[][];
    assertEquals(batch.inputs.dtype, "int32");
    assertEquals(await batch.targets.array(), rows.map(() => 0));
    batches.push(rows);
  }
  return batches;
}

Deno.test("RelationLoader gives each relation once a pass, in an order of its own", async () => {
  const loader = new RelationLoader(CHAIN, { count: 8, batchSize: 2, seed: 3 });
  assertEquals([loader.batchCount, loader.sampleCount], [3, 5]);
  const batches = await rowsOf(loader, 0);
  assertEquals(batches.map((rows) => rows.length), [2, 2, 1]);
  const pairs = batches.flat().map(([from, to]) => [from!, to!]);
  assertEquals(pairs.toSorted((a, b) => a[0]! - b[0]! || a[1]! - b[1]!), [
    ...CHAIN.map((pair) => [...pair]),
  ]);
  assertEquals(await rowsOf(loader, 0), batches);
  assertNotEquals(await rowsOf(loader, 1), batches);
  const other = new RelationLoader(CHAIN, { count: 8, batchSize: 2, seed: 4 });
  assertNotEquals(await rowsOf(other, 0), batches);
});

Deno.test("RelationLoader draws nothing that the first is related to, and all that it is not", async () => {
  const loader = new RelationLoader(CHAIN, { count: 6, negatives: 200 });
  const related = new Map([[1, [0, 1]], [2, [0, 1, 2]], [3, [0, 1, 3]]]);
  for (const [from, , ...others] of (await rowsOf(loader, 0)).flat()) {
    const drawn = new Set(others);
    assertEquals(
      [...drawn].sort(),
      [0, 1, 2, 3, 4, 5].filter((thing) =>
        !related.get(from!)!.includes(thing)
      ),
    );
    const fair = others.length / drawn.size;
    for (const thing of drawn) {
      const times = others.filter((other) => other === thing).length;
      assert(Math.abs(times - fair) < 0.5 * fair, `${thing}: ${times}`);
    }
  }
});

Deno.test("RelationLoader refuses things that are not there, and one related to all", () => {
  for (const bad of [4, -1, 0.5, NaN]) {
    const error = assertThrows(
      () => new RelationLoader([[1, 0], [0, bad]], { count: 4 }),
      OptionError,
      "a whole number from 0 below 4",
    );
    assertEquals(error.code, "INVALID_OPTION");
  }
  const error = assertThrows(
    () => new RelationLoader([[0, 1], [0, 2]], { count: 3 }),
    NnError,
    "found the thing number 0 related to all others",
  );
  assertEquals(error.code, "DATA_INVALID");
  assertThrows(
    () => new RelationLoader([], { count: 0, negatives: 0, batchSize: 1.5 }),
    OptionError,
    "count is 0, wanted a whole number from 1 to 2147483647; negatives is 0",
  );
  assertEquals(new RelationLoader([], { count: 1 }).batchCount, 0);
});
