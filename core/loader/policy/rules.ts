/**
 * The algebra of policies: what is allowed, less what is denied. A deny counts wherever it stands.
 *
 * @module
 */
import { compareText } from "../../base/mod.ts";
import { common, covers, type Resource } from "./resource.ts";

/** What is allowed and what is denied. What neither is, is not allowed. */
export interface Rules {
  /** What is allowed, with all below it. */
  readonly allow: readonly Resource[];
  /** What is denied, with all below it. */
  readonly deny: readonly Resource[];
}

/** Rules that allow nothing. */
export const NOTHING: Rules = { allow: [], deny: [] };

/**
 * Puts rules into the one form of all rules that say the same.
 *
 * @param rules The rules.
 * @returns The rules without those that others cover, sorted.
 */
export function canonical({ allow, deny }: Rules): Rules {
  const denied = outermost(deny);
  const allowed = outermost(allow)
    .filter((rule) => !denied.some((other) => covers(other, rule)));
  return {
    allow: allowed,
    // What nothing allows need not be denied.
    deny: denied.filter((rule) => allowed.some((other) => covers(other, rule))),
  };
}

function outermost(rules: readonly Resource[]): Resource[] {
  const byName = new Map(rules.map((rule) => [nameOf(rule), rule]));
  const distinct = [...byName].sort(([a], [b]) => compareText(a, b))
    .map(([, rule]) => rule);
  return distinct.filter((rule) =>
    !distinct.some((other) => other !== rule && covers(other, rule))
  );
}

/**
 * Finds what two sets of rules both allow.
 *
 * @param left One set.
 * @param right The other one.
 * @returns The rules that allow it.
 */
export function meet(left: Rules, right: Rules): Rules {
  return canonical({
    allow: left.allow.flatMap((rule) =>
      right.allow.flatMap((other) => common(rule, other) ?? [])
    ),
    deny: [...left.deny, ...right.deny],
  });
}

/**
 * Tells whether one set of rules allows no more than another.
 *
 * @param left The one that should allow less.
 * @param right The one that should allow more.
 * @returns Whether all that the first allows, the second allows.
 */
export function isBelow(left: Rules, right: Rules): boolean {
  const { allow, deny } = canonical(left);
  return allow.every((rule) =>
    right.allow.some((other) => covers(other, rule)) &&
    right.deny.every((other) => {
      const refused = common(rule, other);
      return refused === undefined || deny.some((own) => covers(own, refused));
    })
  );
}

/**
 * Tells whether rules allow a resource with all below it.
 *
 * @param rules The rules.
 * @param resource The resource.
 * @returns Whether they do.
 */
export function allows({ allow, deny }: Rules, resource: Resource): boolean {
  return allow.some((rule) => covers(rule, resource)) &&
    !deny.some((rule) => common(rule, resource) !== undefined);
}

/**
 * Names a resource with its kind, for people and for audit trails.
 *
 * @param resource The resource.
 * @returns `net api.example:443`, `gpu`.
 */
export function nameOf(
  { kind, text }: Pick<Resource, "kind" | "text">,
): string {
  return text === "" ? kind : `${kind} ${text}`;
}
