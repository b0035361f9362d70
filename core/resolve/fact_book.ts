/**
 * What is known about plugins: what a version needs, and what rules it out. Facts are written down
 * when a version is first considered. Versions of a plugin that need the same share one fact, so
 * that what is learned from it holds for all of them.
 *
 * @module
 */
import { compareText } from "../base/mod.ts";
import type { Catalog, Choice } from "./catalog.ts";
import {
  type Fact,
  type Incompatibility,
  mention,
  newVariable,
  ROOT_CHOICES,
  type Term,
  type Variable,
} from "./incompatibility.ts";
import { type Facts, type Needs, NO_NEEDS } from "./facts.ts";
import { holds, parseVersion } from "../versions/mod.ts";
import type { Problem } from "./problem.ts";
import type { CandidateMetadata } from "./plugin_source.ts";
import {
  ABSENT,
  both,
  either,
  firstOf,
  NONE,
  overlap,
  placeOf,
  valueOf,
  type Values,
  without,
} from "./values.ts";

/** One dependency, as it was written. */
interface Wish {
  readonly id: string;
  readonly range: string;
  readonly isOptional: boolean;
  readonly isOverridden: boolean;
}

/** What belongs to one plugin. */
interface Page {
  readonly variable: Variable;
  /** What each value needs, once it has been looked at. */
  readonly needs: Map<Values, Needs>;
  /** Values by range. */
  readonly ranges: Map<string, Values>;
  /** Facts by what they say. */
  readonly facts: Map<string, Incompatibility>;
}

/** The facts of one search. */
export class FactBook implements Facts {
  readonly #catalog: Catalog;
  readonly #problem: Problem;
  readonly #pages = new Map<string, Page>();

  /**
   * Constructs a new instance, without facts.
   *
   * @param catalog What could be taken.
   * @param problem What is asked for.
   */
  constructor(catalog: Catalog, problem: Problem) {
    this.#catalog = catalog;
    this.#problem = problem;
  }

  /**
   * Writes down what is asked for, as what a plugin without a name needs.
   *
   * @returns That plugin, and what it needs.
   */
  async begin(): Promise<{ root: Variable; needs: Needs }> {
    const root = this.#open("", ROOT_CHOICES);
    const { requests: dependencies } = this.#problem;
    const needs = await this.#wish(root, valueOf(0), { dependencies });
    return { root: root.variable, needs };
  }

  /**
   * Writes down what a value needs, and what rules it out.
   *
   * @param variable A plugin.
   * @param value One of its choices.
   * @returns What it needs.
   */
  needs(variable: Variable, value: Values): Needs | Promise<Needs> {
    const page = this.#pages.get(variable.id)!;
    return page.needs.get(value) ?? this.#lookOnce(page, value);
  }

  /**
   * Notes an incompatibility with each plugin that it speaks of.
   *
   * @param incompatibility What cannot be.
   */
  add(incompatibility: Incompatibility): void {
    mention(incompatibility);
  }

  async #lookOnce(page: Page, value: Values): Promise<Needs> {
    const needs = await this.#look(page, value);
    page.needs.set(value, needs);
    return needs;
  }

  async #look(page: Page, value: Values): Promise<Needs> {
    const { id, choices } = page.variable;
    const { text, provider } = choices[placeOf(value)]!;
    if (provider !== undefined) {
      return await this.#substitute(page, value, provider);
    }
    const metadata = await this.#catalog.metadata(id, text);
    const range = metadata.engines?.spiraltorch;
    const { engineVersion: found, locked } = this.#problem;
    const { variable } = page;
    if (range !== undefined && !this.#lies(found, range)) {
      this.#note(page, value, { kind: "engine", variable, range, found }, []);
      return NO_NEEDS;
    }
    const { yanked = false } = metadata;
    if (yanked !== false && locked[id] !== text) {
      const reason = yanked === true ? "" : yanked;
      this.#note(page, value, { kind: "yanked", variable, reason }, []);
      return NO_NEEDS;
    }
    return await this.#wish(page, value, metadata);
  }

  #lies(version: string, range: string): boolean {
    return holds(this.#catalog.range(range)!, parseVersion(version)!);
  }

  async #substitute(
    page: Page,
    value: Values,
    { id, version }: NonNullable<Choice["provider"]>,
  ): Promise<Needs> {
    const [opened] = await this.#openAll([id]);
    const provider = opened!.variable;
    const place = provider.choices.findIndex((choice) =>
      choice.provider === undefined && choice.text === version
    );
    const cause: Fact = {
      kind: "substitute",
      substituted: page.variable,
      provider,
      version,
    };
    const set = without(provider.all, valueOf(place));
    this.#note(page, value, cause, [{ variable: provider, set }]);
    return { required: [provider], optional: [] };
  }

  async #wish(
    page: Page,
    value: Values,
    metadata: CandidateMetadata,
  ): Promise<Needs> {
    const isRoot = page.variable.id === "";
    const wishes = wishesOf(metadata, isRoot ? {} : this.#problem.overrides);
    const pages = await this.#openAll(wishes.map(({ id }) => id));
    const required: Variable[] = [];
    const optional: Variable[] = [];
    for (const [index, wish] of wishes.entries()) {
      const { variable } = pages[index]!;
      this.#noteWish(page, value, wish, pages[index]!);
      if (variable === page.variable) continue;
      (wish.isOptional ? optional : required).push(variable);
      this.#prefetch(pages[index]!, wish.range);
    }
    return { required, optional };
  }

  /** Asks for what the version needs that will be looked at, unless something else is found out. */
  #prefetch({ variable, ...page }: Page, range: string): void {
    const values = both(variable.allowed, page.ranges.get(range) ?? NONE);
    if (values === NONE) return;
    const { text, provider } = variable.choices[placeOf(firstOf(values))]!;
    if (provider === undefined) this.#catalog.prefetch(variable.id, text);
  }

  /** What it means that one of some values wants another plugin in a range. */
  #noteWish(page: Page, value: Values, wish: Wish, wanted: Page): void {
    const { range, isOptional, isOverridden } = wish;
    const [dependent, dependency] = [page.variable, wanted.variable];
    const fits = this.#valuesIn(wanted, range);
    const own = { dependent, dependency, range, isOptional, isOverridden };
    const cause: Fact = { kind: "dependency", ...own };
    if (dependent === dependency) {
      if (!overlap(fits, value)) this.#note(page, value, cause, []);
      return;
    }
    const others = without(dependency.all, fits);
    const set = isOptional ? without(others, ABSENT) : others;
    // Nothing is said about a plugin that is not there, if it need not be.
    if (set === NONE) return;
    const isAny = set === dependency.all;
    this.#note(
      page,
      value,
      cause,
      isAny ? [] : [{ variable: dependency, set }],
    );
  }

  /** Writes down a fact about a value, or adds the value to those that the fact is known of. */
  #note(
    page: Page,
    value: Values,
    cause: Fact,
    others: readonly Term[],
  ): void {
    const key = keyOf(cause);
    const known = page.facts.get(key);
    if (known !== undefined) {
      const [own] = known.terms;
      own!.set = either(own!.set, value);
      return;
    }
    const terms = [{ variable: page.variable, set: value }, ...others];
    const fact = { terms, cause };
    page.facts.set(key, fact);
    this.add(fact);
  }

  #valuesIn(page: Page, range: string): Values {
    const known = page.ranges.get(range);
    if (known !== undefined) return known;
    const set = this.#catalog.range(range)!;
    let values = NONE;
    for (const [place, { version }] of page.variable.choices.entries()) {
      if (holds(set, version)) values = either(values, valueOf(place));
    }
    page.ranges.set(range, values);
    return values;
  }

  async #openAll(ids: readonly string[]): Promise<Page[]> {
    const lists = await Promise.all(ids.map((id) => this.#catalog.choices(id)));
    // In the order of the ids, whatever was answered first.
    return ids.map((id, index) =>
      this.#pages.get(id) ?? this.#open(id, this.#inOrder(id, lists[index]!))
    );
  }

  /** The best choice first. */
  #inOrder(id: string, choices: readonly Choice[]): readonly Choice[] {
    const isLocked = ({ text, provider }: Choice) =>
      provider === undefined && text === this.#problem.locked[id];
    const first = choices.find(isLocked);
    if (first === undefined) return choices;
    return [first, ...choices.filter((choice) => choice !== first)];
  }

  #open(id: string, choices: readonly Choice[]): Page {
    const variable = newVariable(id, choices);
    const page: Page = {
      variable,
      needs: new Map(),
      ranges: new Map(),
      facts: new Map(),
    };
    this.#pages.set(id, page);
    this.#exclude(page);
    return page;
  }

  #exclude(page: Page): void {
    const { variable } = page;
    const { id, choices } = variable;
    for (const [index, exclusion] of this.#problem.exclusions.entries()) {
      if (exclusion.id !== id) continue;
      const { range, reason } = exclusion;
      const inRange = range === undefined
        ? variable.all
        : this.#valuesIn(page, range);
      const own = choices
        .flatMap(({ provider }, place) => provider ? [] : [valueOf(place)])
        .reduce(either, NONE);
      const excluded = both(inRange, own);
      if (excluded === NONE) continue;
      const cause: Fact = { kind: "policy", variable, index, reason };
      this.#note(page, excluded, cause, []);
    }
  }
}

/** What a version wants, sorted. What is optional is so even if it is also named as required. */
function wishesOf(
  { dependencies = {}, optionalDependencies = {} }: CandidateMetadata,
  overrides: Readonly<Record<string, string>>,
): Wish[] {
  const wishes = new Map<string, Wish>();
  for (const record of [dependencies, optionalDependencies]) {
    const isOptional = record === optionalDependencies;
    for (const [id, written] of Object.entries(record)) {
      const isOverridden = Object.hasOwn(overrides, id);
      const range = isOverridden ? overrides[id]! : written;
      wishes.set(id, { id, range, isOptional, isOverridden });
    }
  }
  return [...wishes.values()].sort((a, b) => compareText(a.id, b.id));
}

/** What tells facts of one plugin apart. */
function keyOf(cause: Fact): string {
  switch (cause.kind) {
    case "dependency":
      return `dependency ${cause.isOptional} ${cause.range} ${cause.dependency.id}`;
    case "substitute":
      return `substitute ${cause.provider.id} ${cause.version}`;
    case "policy":
      return `policy ${cause.index}`;
    case "engine":
      return `engine ${cause.range}`;
    case "yanked":
      return `yanked ${cause.reason}`;
    default:
      return cause satisfies never;
  }
}
