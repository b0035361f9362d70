// Descriptions of models that have to be refused.

import { assert, assertEquals } from "@std/assert";
import type { Stage } from "./attack_case.ts";
import { failureOf } from "./failures.ts";

/** Requires that each description is refused as a whole, with issues, and that no secret is in them. */
export async function assertRefused(
  { ecosystem, scene }: Stage,
  descriptions: readonly unknown[],
): Promise<void> {
  const hits = scene.hits();
  for (const description of descriptions) {
    const error = Object(
      await failureOf(() => ecosystem.pipeline(description)),
    );
    const what = String(description).slice(0, 80);
    assertEquals(Reflect.get(error, "code"), "PIPELINE_INVALID", what);
    const details = JSON.stringify(Reflect.get(error, "details"));
    assert(details.includes('"path"'), `${what}: ${details}`);
    // The promise of a host that answers is about each of them.
    await new Promise((resolve) => setTimeout(resolve));
  }
  assertEquals(scene.hits(), hits);
  assertEquals(Object.keys(Object.prototype), []);
}
