import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import semver from "semver";
import { formatRange } from "./format_range.ts";
import { parseRange } from "./parse_range.ts";
import {
  compareVersions,
  formatVersion,
  parseVersion,
  type Version,
} from "./parse_version.ts";
import { simplifyRange } from "./simplify_range.ts";
import { isRange, satisfiesRange } from "./version.ts";
import {
  complement,
  contains,
  EVERY_VERSION,
  intersection,
  isEmpty,
  isSubset,
  NO_VERSION,
  union,
  type VersionSet,
} from "./version_set.ts";

const number = fc.constantFrom("0", "1", "2", "3", "10");
const prerelease = fc.constantFrom(
  ...["", "", "", "-0", "-1", "-alpha", "-alpha.1", "-beta", "-beta.2"],
  ...["-rc.0.1", "-2.0", "-beta.10", "-a-b"],
);
const build = fc.constantFrom("", "", "", "+b.1", "+linux-x64");
const versionText = fc.tuple(number, number, number, prerelease, build)
  .map(([major, minor, patch, ...rest]) =>
    `${major}.${minor}.${patch}${rest.join("")}`
  );
const part = fc.oneof(
  { weight: 4, arbitrary: number },
  fc.constantFrom("x", "X", "*"),
);
const partial = fc.oneof(
  { weight: 2, arbitrary: versionText },
  part,
  fc.tuple(part, part).map((parts) => parts.join(".")),
  fc.tuple(part, part, part, prerelease, build).map(([a, b, c, ...rest]) =>
    `${a}.${b}.${c}${rest.join("")}`
  ),
);
const operator = fc.constantFrom(
  ...["", "", "=", ">", ">=", "<", "<=", "^", "^", "~", "~", "~>"],
);
const space = fc.constantFrom("", "", "", " ");
const prefix = fc.constantFrom("", "", "", "", "v", "=");
const comparators = fc.array(
  fc.tuple(operator, space, prefix, partial).map((parts) => parts.join("")),
  { minLength: 1, maxLength: 3 },
).map((list) => list.join(" "));
const hyphen = fc.tuple(partial, partial).map((ends) => ends.join(" - "));
const rangeText = fc.tuple(
  fc.array(
    fc.oneof(
      { weight: 4, arbitrary: comparators },
      { weight: 1, arbitrary: hyphen },
      { weight: 1, arbitrary: fc.constant("") },
    ),
    { minLength: 1, maxLength: 3 },
  ),
  fc.constantFrom(" || ", "||"),
).map(([list, or]) => list.join(or));

// Oracle: npm's own semver, in its strict mode.
Deno.test("satisfiesRange() and isRange() agree with npm on 70 000 generated pairs", () => {
  const seen = { pairs: 0, inside: 0, prereleasesInside: 0, refused: 0 };
  const ten = fc.array(versionText, { minLength: 10, maxLength: 10 });
  fc.assert(
    fc.property(rangeText, ten, (range, list) => {
      const isValid = semver.validRange(range) !== null;
      assertEquals(isRange(range), isValid, range);
      if (!isValid) return void seen.refused++;
      for (const text of list) {
        const want = semver.satisfies(text, range);
        assertEquals(satisfiesRange(text, range), want, `${text} in ${range}`);
        seen.pairs++;
        seen.inside += Number(want);
        seen.prereleasesInside += Number(want && text.includes("-"));
      }
    }),
    { seed: 1, numRuns: 10_000 },
  );
  // Pairs of one kind only would show nothing.
  assert(seen.pairs >= 70_000 && seen.refused >= 500, JSON.stringify(seen));
  assert(
    seen.inside >= 5000 && seen.prereleasesInside >= 200,
    JSON.stringify(seen),
  );
});

// Oracle: npm's own semver.
Deno.test("compareVersions() and formatVersion() agree with npm", () => {
  fc.assert(
    fc.property(versionText, versionText, (a, b) => {
      const [left, right] = [parseVersion(a)!, parseVersion(b)!];
      assertEquals(
        Math.sign(compareVersions(left, right)),
        semver.compare(a, b),
      );
      assertEquals(formatVersion(left), semver.parse(a)?.version);
    }),
    { seed: 1, numRuns: 5000 },
  );
});

const set = rangeText.map((text) => parseRange(text))
  .filter((parsed) => parsed !== undefined);
const version = versionText.map((text) => parseVersion(text)!);
const versions = fc.array(version, { minLength: 1, maxLength: 20 });

/** Oracle: the operation on truth values, for one version at a time. */
function law(
  check: (a: VersionSet, b: VersionSet, list: readonly Version[]) => void,
): void {
  fc.assert(fc.property(set, set, versions, check), { seed: 1, numRuns: 1000 });
}

Deno.test("intersection(), union() and complement() are those of membership", () => {
  law((a, b, list) => {
    for (const one of list) {
      const [inA, inB] = [contains(a, one), contains(b, one)];
      assertEquals(contains(intersection(a, b), one), inA && inB);
      assertEquals(contains(union(a, b), one), inA || inB);
      assertEquals(contains(complement(a), one), !inA);
    }
  });
});

Deno.test("complement() undoes itself, and a set has nothing in common with its own", () => {
  law((a) => {
    assertEquals(complement(complement(a)), a);
    assertEquals(intersection(a, complement(a)), NO_VERSION);
    assertEquals(union(a, complement(a)), EVERY_VERSION);
  });
});

Deno.test("isSubset() and isEmpty() agree with intersection() and union()", () => {
  law((a, b, list) => {
    const isInside = isSubset(a, b);
    assertEquals(isInside, isEmpty(intersection(a, complement(b))));
    assert(isSubset(a, union(a, b)));
    assert(isSubset(intersection(a, b), a));
    if (isInside) assertEquals(union(a, b), b);
    for (const one of list) {
      if (isInside) assert(!contains(a, one) || contains(b, one));
      if (isEmpty(a)) assert(!contains(a, one));
    }
  });
});

Deno.test("intersection() and union() are associative, commutative and absorb each other", () => {
  fc.assert(
    fc.property(set, set, set, (a, b, c) => {
      assertEquals(intersection(a, b), intersection(b, a));
      assertEquals(
        union(a, union(b, c)),
        union(union(a, b), c),
      );
      assertEquals(union(a, intersection(a, b)), a);
      assertEquals(
        complement(union(a, b)),
        intersection(complement(a), complement(b)),
      );
    }),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("parseRange() reads what formatRange() writes as the same set", () => {
  law((a, b) => {
    for (const one of [a, union(a, b), intersection(a, b)]) {
      assertEquals(parseRange(formatRange(one)), one, formatRange(one));
    }
  });
});

Deno.test("simplifyRange() picks the same of the versions that exist, and can be written", () => {
  law((a, _b, list) => {
    const simple = simplifyRange(a, list);
    for (const one of list) {
      assertEquals(contains(simple, one), contains(a, one));
    }
    assertEquals(simplifyRange(simple, list), simple);
    assertEquals(parseRange(formatRange(simple)), simple);
  });
});
