/**
 * Why there is no solution, as plain data: the facts that suffice, in the order in which they can be
 * followed from what is asked for, and for each plugin that they argue about, the ranges side by
 * side with the versions that exist.
 *
 * @module
 */
import { compareText, type JsonObject } from "../base/mod.ts";
import type { Choice } from "./catalog.ts";
import type { Variable } from "./incompatibility.ts";
import type { ToldIncompatibility } from "./minimal_facts.ts";
import {
  formatRange,
  holds,
  intervalSet,
  nextVersion,
  NO_VERSION,
  parseRange,
  simplifyRange,
  union,
} from "../versions/mod.ts";
import { overlap, valueOf, type Values } from "./values.ts";

/** What kind of failure it is. */
export type FailureKind =
  | "policy"
  | "yanked"
  | "engine"
  | "missing"
  | "conflict";

/** The most telling first. */
const KINDS: readonly FailureKind[] = [
  "policy",
  "yanked",
  "engine",
  "missing",
  "conflict",
];

/** One fact. */
export interface Reason {
  /** What kind of fact. */
  readonly kind:
    | "request"
    | "dependency"
    | "optional"
    | "substitute"
    | "policy"
    | "engine"
    | "yanked";
  /** Whom it is about; empty for what is asked for. */
  readonly id: string;
  /** Which of its versions, as a range over those that exist. */
  readonly versions: string;
  /** The plugin that is wanted. */
  readonly dependency?: string;
  /** The range that is wanted, of that plugin or of the library. */
  readonly wanted?: string;
  /** Whether an override took the place of the range that was written. */
  readonly isOverridden?: boolean;
  /** The library's version. */
  readonly found?: string;
  /** Why it is ruled out, in the words of whoever ruled it out. */
  readonly reason?: string;
}

/** Ranges that are wanted of one plugin, side by side. */
export interface Dispute {
  /** The plugin. */
  readonly id: string;
  /** Who wants what. */
  readonly wanted: readonly { readonly by: string; readonly range: string }[];
  /** The versions that exist, newest first. */
  readonly exist: readonly string[];
  /** Those of them that lie in every range. */
  readonly common: readonly string[];
}

/** Why there is no solution. */
export interface Derivation {
  /** What kind of failure it is. */
  readonly kind: FailureKind;
  /** The plugin that it comes down to. */
  readonly id: string;
  /** The facts that suffice; without any one of them, there would be no contradiction. */
  readonly reasons: readonly Reason[];
  /** The plugins that they argue about. */
  readonly disputes: readonly Dispute[];
}

/** One change after which the resolution succeeds. */
export interface Fix {
  /** The change, in words. */
  readonly text: string;
  /** The change, as data. */
  readonly change: JsonObject;
}

/**
 * Turns facts into a derivation.
 *
 * @param facts Facts that suffice.
 * @returns The derivation.
 */
export function derivationOf(
  facts: readonly ToldIncompatibility[],
): Derivation {
  const reasons = followed(facts.map(reasonOf));
  const disputes = disputesOf(facts, reasons);
  const kinds = facts.map(kindOf);
  const kind = KINDS.find((each) => kinds.includes(each))!;
  const telling = facts[kinds.indexOf(kind)]!;
  const [dispute] = disputes.toSorted((a, b) =>
    Number(a.common.length > 0) - Number(b.common.length > 0) ||
    b.wanted.length - a.wanted.length
  );
  const id = kind === "conflict" ? dispute?.id : undefined;
  return { kind, id: id ?? subjectOf(telling), reasons, disputes };
}

function kindOf({ terms, cause }: ToldIncompatibility): FailureKind {
  switch (cause.kind) {
    case "policy":
    case "yanked":
    case "engine":
      return cause.kind;
    case "dependency":
      // Nothing that exists would do.
      return terms.length === 1 && !cause.isOptional ? "missing" : "conflict";
    case "substitute":
      return "conflict";
    default:
      return cause satisfies never;
  }
}

function subjectOf({ cause }: ToldIncompatibility): string {
  switch (cause.kind) {
    case "dependency":
      return cause.dependency.id;
    case "substitute":
      return cause.provider.id;
    default:
      return cause.variable.id;
  }
}

function reasonOf({ terms, cause }: ToldIncompatibility): Reason {
  const [{ variable, set }] = terms as [ToldIncompatibility["terms"][0]];
  const about = { id: variable.id, versions: rangeOf(variable, set) };
  switch (cause.kind) {
    case "dependency": {
      const { isOptional, isOverridden, dependency, range: wanted } = cause;
      const kind = variable.id === ""
        ? "request"
        : isOptional
        ? "optional"
        : "dependency";
      const own = {
        kind,
        ...about,
        dependency: dependency.id,
        wanted,
      } as const;
      return isOverridden ? { ...own, isOverridden } : own;
    }
    case "substitute": {
      const { provider, version: wanted } = cause;
      return { kind: "substitute", ...about, dependency: provider.id, wanted };
    }
    case "engine": {
      const { range: wanted, found } = cause;
      return { kind: "engine", ...about, wanted, found };
    }
    case "policy":
    case "yanked":
      return { kind: cause.kind, ...about, reason: cause.reason };
    default:
      return cause satisfies never;
  }
}

/** Values as a range over the versions that exist. */
function rangeOf({ choices }: Variable, set: Values): string {
  const versions = choices.map(({ version }) => version);
  const taken = versions.filter((_, place) => overlap(set, valueOf(place)))
    .map((version) =>
      intervalSet({ low: version, high: nextVersion(version) }, [version])
    ).reduce(union, NO_VERSION);
  return formatRange(simplifyRange(taken, versions));
}

/** Reasons, each after one that mentions its plugin, what is asked for first. */
function followed(reasons: readonly Reason[]): Reason[] {
  const left = reasons.toSorted((a, b) =>
    compareText(a.id, b.id) ||
    compareText(a.dependency ?? "", b.dependency ?? "")
  );
  const mentioned = new Set([""]);
  const order: Reason[] = [];
  while (left.length > 0) {
    const place = left.findIndex(({ id }) => mentioned.has(id));
    const [next] = left.splice(Math.max(place, 0), 1);
    order.push(next!);
    if (next!.dependency !== undefined) mentioned.add(next!.dependency);
  }
  return order;
}

function disputesOf(
  facts: readonly ToldIncompatibility[],
  reasons: readonly Reason[],
): Dispute[] {
  const variables = new Map(
    facts.flatMap(({ terms, cause }) => [
      ...terms.map(({ variable }) => variable),
      ...cause.kind === "dependency" ? [cause.dependency] : [],
    ]).map((variable) => [variable.id, variable]),
  );
  return [...variables.values()].flatMap((variable) => {
    const { id, choices } = variable;
    const wanted = reasons.filter(({ dependency }) => dependency === id)
      .map(({ wanted: range = "*", ...by }) => ({ by: nameOf(by), range }));
    if (wanted.length === 0) return [];
    const sets = wanted.map(({ range }) => parseRange(range) ?? NO_VERSION);
    const common = choices.filter(({ version }) =>
      sets.every((set) => holds(set, version))
    );
    return [{
      id,
      wanted,
      exist: choices.map(textOf),
      common: common.map(textOf),
    }];
  }).sort((a, b) => compareText(a.id, b.id));
}

function textOf({ text, provider }: Choice): string {
  if (provider === undefined) return text;
  return `${text} (${provider.id} ${provider.version})`;
}

function nameOf({ id, versions }: Pick<Reason, "id" | "versions">): string {
  return id === "" ? "" : versions === "*" ? id : `${id} ${versions}`;
}
