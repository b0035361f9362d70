import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import semver from "semver";
import { Catalog } from "./catalog.ts";
import { Effort } from "./effort.ts";
import { FactBook } from "./fact_book.ts";
import type { CandidateMetadata, PluginSource } from "./plugin_source.ts";
import type { Problem } from "./problem.ts";
import { Solver } from "./solver.ts";

type Universe = ReadonlyMap<string, ReadonlyMap<string, CandidateMetadata>>;

/** What can be taken for an id: a version, of it or of what stands in for it. */
interface Option {
  readonly version: string;
  readonly provider?: string;
}

const IDS = ["a", "b", "c", "d", "e"];
const VERSIONS = ["1.0.0", "1.1.0", "2.0.0-beta.1", "2.0.0", "3.0.0"];
const RANGES = [
  "*",
  "*",
  ">=1.0.0",
  "^1.0.0",
  ">=1.1.0",
  "<2.0.0",
  "^2.0.0-beta.1",
  "3.x",
];

const range = fc.constantFrom(...RANGES);
const ranges = (maxKeys: number) =>
  fc.dictionary(fc.constantFrom(...IDS), range, { maxKeys });
const metadata: fc.Arbitrary<CandidateMetadata> = fc.record({
  dependencies: ranges(2),
  optionalDependencies: fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    ranges(1),
  ),
  provides: fc.oneof(
    { weight: 4, arbitrary: fc.constant({}) },
    fc.dictionary(fc.constantFrom(...IDS), fc.constantFrom(...VERSIONS), {
      maxKeys: 1,
    }),
  ),
  engines: fc.oneof(
    { weight: 6, arbitrary: fc.constant({}) },
    fc.constantFrom({ spiraltorch: "^1.0.0" }, { spiraltorch: "^2.0.0" }),
  ),
  yanked: fc.oneof(
    { weight: 8, arbitrary: fc.constant(false) },
    fc.constant(true),
  ),
});
const universe: fc.Arbitrary<Universe> = fc.array(
  fc.dictionary(fc.constantFrom(...VERSIONS), metadata, {
    minKeys: 1,
    maxKeys: 4,
  }),
  { minLength: IDS.length, maxLength: IDS.length },
).map((lists) =>
  new Map(lists.map((list, index) => [
    IDS[index]!,
    new Map(Object.entries(list)),
  ]))
);
const problem: fc.Arbitrary<Problem> = fc.record({
  requests: fc.dictionary(fc.constantFrom(...IDS), range, {
    minKeys: 1,
    maxKeys: 3,
  }),
  engineVersion: fc.constant("1.5.0"),
  locked: fc.dictionary(fc.constantFrom(...IDS), fc.constantFrom(...VERSIONS), {
    maxKeys: 2,
  }),
  overrides: fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, ranges(1)),
  exclusions: fc.array(
    fc.record({
      id: fc.constantFrom(...IDS),
      range,
      reason: fc.constant("not trusted"),
    }),
    { maxLength: 1 },
  ),
});

function sourceOf(universe: Universe): PluginSource {
  return {
    versions: (id) => [...universe.get(id)?.keys() ?? []],
    metadata: (id, version) => universe.get(id)!.get(version)!,
    providers: (id) =>
      [...universe].filter(([, list]) =>
        [...list.values()].some(({ provides }) => provides?.[id])
      ).map(([provider]) => provider),
  };
}

/** Oracle: plain trying, in the order that the solver promises, without learning anything. */
class Trial {
  readonly #universe: Universe;
  readonly #problem: Problem;
  readonly #requests: CandidateMetadata;

  constructor(universe: Universe, problem: Problem) {
    this.#universe = universe;
    this.#problem = problem;
    this.#requests = { dependencies: problem.requests };
  }

  search(
    decided: ReadonlyMap<string, Option | undefined> = new Map(),
  ): ReadonlyMap<string, Option | undefined> | undefined {
    if (!this.#holds(decided)) return undefined;
    const next = this.#next(decided);
    if (next === undefined) return decided;
    const options: (Option | undefined)[] = this.#options(next.id);
    if (next.isOptional) options.push(undefined);
    for (const option of options) {
      const found = this.search(new Map([...decided, [next.id, option]]));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #options(id: string): Option[] {
    const { locked, exclusions, engineVersion } = this.#problem;
    const own = [...this.#universe.get(id) ?? []].filter(([version, about]) =>
      !exclusions.some((one) =>
        one.id === id && semver.satisfies(version, one.range!)
      ) &&
      semver.satisfies(engineVersion, about.engines?.spiraltorch ?? "*") &&
      (!about.yanked || locked[id] === version)
    ).map(([version]) => ({ version }));
    own.sort((a, b) =>
      Number(b.version === locked[id]) - Number(a.version === locked[id]) ||
      semver.rcompare(a.version, b.version)
    );
    const others = [...this.#universe].filter(([provider]) => provider !== id)
      .flatMap(([provider, list]) =>
        [...list].sort(([a], [b]) => semver.rcompare(a, b))
          .flatMap(([by, { provides }]) =>
            provides?.[id] === undefined
              ? []
              : [{ version: provides[id], provider: `${provider} ${by}` }]
          )
      );
    others.sort((a, b) => semver.rcompare(a.version, b.version));
    return [...own, ...others];
  }

  #about(id: string, option: Option | undefined): CandidateMetadata {
    if (option === undefined) return {};
    if (option.provider === undefined) {
      return this.#universe.get(id)!.get(option.version)!;
    }
    const [provider, version] = option.provider.split(" ");
    return { dependencies: { [provider!]: `exactly ${version}` } };
  }

  #next(decided: ReadonlyMap<string, Option | undefined>) {
    // What was decided last comes first.
    const all = [
      this.#requests,
      ...Array.from(decided, ([id, option]) => this.#about(id, option)),
    ].reverse();
    const undecided = (field: "dependencies" | "optionalDependencies") =>
      all.flatMap((about) => {
        const keys = Object.keys(about[field] ?? {}).sort();
        return field === "dependencies"
          ? keys.filter((key) => !about.optionalDependencies?.[key])
          : keys;
      }).filter((id) => !decided.has(id));
    const required = undecided("dependencies");
    const requested = required.find((id) =>
      Object.hasOwn(this.#problem.requests, id)
    );
    const id = requested ?? required[0];
    if (id !== undefined) return { id, isOptional: false };
    const [optional] = undecided("optionalDependencies");
    return optional === undefined
      ? undefined
      : { id: optional, isOptional: true };
  }

  #holds(decided: ReadonlyMap<string, Option | undefined>): boolean {
    const rows: [string, CandidateMetadata][] = [["", this.#requests]];
    for (const [id, option] of decided) {
      rows.push([id, this.#about(id, option)]);
    }
    return rows.every((
      [id, { dependencies = {}, optionalDependencies = {} }],
    ) =>
      Object.entries({ ...dependencies, ...optionalDependencies }).every(
        ([wanted, written]) => {
          const isOptional = optionalDependencies[wanted] !== undefined;
          if (!decided.has(wanted)) return true;
          const option = decided.get(wanted);
          if (option === undefined) return isOptional;
          if (written.startsWith("exactly")) {
            return option.provider === undefined &&
              `exactly ${option.version}` === written;
          }
          const override = id === ""
            ? undefined
            : this.#problem.overrides[wanted];
          return semver.satisfies(option.version, override ?? written);
        },
      )
    );
  }
}

async function solved(
  universe: Universe,
  problem: Problem,
): Promise<Record<string, string> | undefined> {
  const catalog = new Catalog(sourceOf(universe));
  const outcome = await new Solver(
    new FactBook(catalog, problem),
    new Effort({ stepsMax: 100_000 }),
  ).run();
  if (outcome.kind === "impossible") return undefined;
  assert(outcome.kind === "found");
  return toRecord(
    Array.from(outcome.taken, ([id, { text, provider }]) => [id, {
      version: text,
      ...provider && { provider: `${provider.id} ${provider.version}` },
    }]),
  );
}

function toRecord(
  entries: Iterable<readonly [string, Option | undefined]>,
): Record<string, string> {
  const rows = [...entries].flatMap(([id, option]) =>
    option === undefined
      ? []
      : [[id, `${option.version} ${option.provider ?? ""}`.trim()] as const]
  );
  return Object.fromEntries(rows.sort());
}

Deno.test("solver agrees with brute force on 500 seeded small universes, and on 4 500 more, and finds what that finds first", async () => {
  const seen = { found: 0, impossible: 0, substitutes: 0 };
  await fc.assert(
    fc.asyncProperty(universe, problem, async (universe, problem) => {
      const found = await solved(universe, problem);
      const want = new Trial(universe, problem).search();
      assertEquals(found, want && toRecord(want));
      seen[found === undefined ? "impossible" : "found"]++;
      const values = Object.values(found ?? {});
      seen.substitutes += Number(values.some((text) => text.includes(" ")));
    }),
    { seed: 1, numRuns: 5000 },
  );
  assert(
    Math.min(seen.found, seen.impossible) > 800 && seen.substitutes > 30,
    JSON.stringify(seen),
  );
});

Deno.test("Solver: permutation invariance, of ids, versions, dependencies and requests", async () => {
  await fc.assert(
    fc.asyncProperty(universe, problem, async (universe, problem) => {
      const turned = new Map(
        [...universe].reverse().map(([id, list]) => [
          id,
          new Map(
            [...list].reverse().map(([version, about]) => [version, {
              ...about,
              dependencies: backwards(about.dependencies),
              optionalDependencies: backwards(about.optionalDependencies),
            }]),
          ),
        ]),
      );
      const requests = backwards(problem.requests);
      assertEquals(
        await solved(turned, { ...problem, requests }),
        await solved(universe, problem),
      );
    }),
    { seed: 1, numRuns: 1000 },
  );
});

function backwards<T>(record: Readonly<Record<string, T>> = {}) {
  return Object.fromEntries(Object.entries(record).reverse());
}

Deno.test("Solver: removing an unused version changes nothing", async () => {
  let count = 0;
  await fc.assert(
    fc.asyncProperty(universe, problem, async (universe, problem) => {
      const found = await solved(universe, problem);
      if (found === undefined) return;
      const used = new Set(
        Object.entries(found).map(([id, text]) =>
          text.includes(" ")
            ? text.slice(text.indexOf(" ") + 1)
            : `${id} ${text}`
        ),
      );
      for (const [id, list] of universe) {
        for (const version of list.keys()) {
          if (used.has(`${id} ${version}`)) continue;
          const rest = new Map([...list].filter(([key]) => key !== version));
          const smaller = new Map([...universe, [id, rest] as const]);
          assertEquals(await solved(smaller, problem), found);
          count++;
        }
      }
    }),
    { seed: 1, numRuns: 500 },
  );
  assert(count > 1000, `${count} versions were removed`);
});
