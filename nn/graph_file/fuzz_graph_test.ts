// Saved graphs in which anything stands anywhere: each is read, or refused with a code.

import { assert } from "@std/assert";
import fc from "fast-check";
import { isCoded } from "../../core/base/mod.ts";
import { defineOperator, OperatorRegistry, tensor } from "../../ops/mod.ts";
import { encodeGraph } from "./encode_graph.ts";
import { parseGraph } from "./parse_graph.ts";

type Holder = Record<string, unknown>;

/** Every place of a document: what holds it, and its name there. */
function placesOf(value: unknown): [holder: Holder, name: string][] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Holder;
  return Object.keys(holder).flatMap((name) => [
    [holder, name] as [Holder, string],
    ...placesOf(holder[name]),
  ]);
}

const odd = fc.constantFrom<unknown>(
  ...[null, true, -1, 0, 0.5, 1e308, 2 ** 31, 2 ** 53, "", "x", "1.0.0"],
  ...["add", "acme:f", "acme:f@^1", "acme:f@9", "@", "constructor", "bool"],
  ...[[], [[]], {}, [2 ** 31, 2 ** 31], { number: "NaN" }],
  ...[{ attribute: "by" }],
);
const spoiling = fc.record({
  at: fc.nat(),
  from: fc.nat(),
  how: fc.constantFrom("remove", "replace", "copy", "add"),
  odd,
});

Deno.test("parseGraph() reads whatever stands in a document, or refuses it with a code", async () => {
  const operators = new OperatorRegistry();
  for (const version of ["1.0.0", "2.0.0"]) {
    operators.register(defineOperator({
      name: "acme:f",
      version,
      inputs: ["x"],
      attributes: { by: { kind: "number", default: 1 } },
      forward: ([x], { by }) => x!.mul(Number(by)).softmax(-1),
    }));
  }
  const x = tensor([[1, 2], [3, 4]]);
  const [soft] = operators.execute("acme:f@1", [x.matmul(x).add(1)], { by: 2 });
  const [y] = operators.execute("acme:f", [soft!.reshape([4]).cumsum(0)]);
  const saved = await encodeGraph({ y: y!.slice([[0, 3]]) }, {
    inputs: { x },
    operators,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(spoiling, { minLength: 1, maxLength: 3 }),
      async (spoilings) => {
        const document: unknown = JSON.parse(saved.graph);
        for (const { at, from, how, odd } of spoilings) {
          const places = placesOf(document);
          const [holder, name] = places[at % places.length]!;
          const [other, otherName] = places[from % places.length]!;
          if (how === "remove") delete holder[name];
          else if (how === "replace") holder[name] = structuredClone(odd);
          else if (how === "copy") {
            holder[name] = structuredClone(other[otherName]);
          } else if (Array.isArray(holder)) holder.push(structuredClone(odd));
          else holder[String(odd)] = structuredClone(odd);
        }
        const graph = JSON.stringify(document);
        try {
          const read = await parseGraph({ ...saved, graph }, { operators });
          read.call({ x });
        } catch (error) {
          assert(isCoded(error), String(error));
        }
      },
    ),
    { seed: 1, numRuns: 400 },
  );
});
