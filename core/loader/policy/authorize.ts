/**
 * What plugins asked for against what they may have: one decision for each thing, each with the rule
 * that made it. The order of the rules is the order of the questions here: what nobody grants, what a
 * policy denies, what policies allow, what was granted before, what a person says, and no.
 *
 * @module
 */
import type {
  PermissionLists,
  PermissionRequest,
} from "../../plugin/isolation.ts";
import { permissionRefused } from "../errors.ts";
import type { AuditRecord } from "./audit.ts";
import { ceilingRule } from "./ceiling.ts";
import { type AskConsent, consentQuestion } from "./consent.ts";
import { inexactGrant } from "./inexact_grant.ts";
import { opensPrivateNetwork, type ParsedPolicy } from "./policy.ts";
import {
  covers,
  denialOf,
  parseResource,
  type Resource,
  RESOURCE_KINDS,
  type ResourceKind,
} from "./resource.ts";
import { canonical, nameOf, type Rules } from "./rules.ts";

/** What plugins of one module ask for. */
export interface AccessRequest {
  /** Where they come from. */
  readonly url: string;
  /** What each asks for, by its id. */
  readonly requests: readonly (readonly [string, PermissionRequest])[];
}

/** What is said of what was granted before. */
export interface FormerGrants {
  /** What was granted, and counts. */
  readonly granted: readonly Resource[];
  /** The same, and what a lockfile says that nobody here has granted. */
  readonly claimed: readonly Resource[];
}

/** What decides. */
export interface AuthorizeOptions {
  /** The policies of the host; each has to allow what is granted. */
  readonly policies: readonly ParsedPolicy[];
  /** What was granted before. */
  readonly former: FormerGrants;
  /** Whether nothing is granted that was not granted before. */
  readonly frozen: boolean;
  /** Asks a person; nobody is asked if left out. */
  readonly consent: AskConsent | undefined;
  /** Told of each decision. */
  readonly audit: (record: AuditRecord) => void;
}

/** Something that is asked for. */
interface Wish {
  readonly kind: ResourceKind;
  readonly text: string;
  readonly pluginIds: string[];
  isRequired: boolean;
  rule: string | undefined;
  resource: Resource | undefined;
}

/**
 * Decides what plugins get.
 *
 * @param request What they ask for.
 * @param options What decides.
 * @returns What is granted.
 * @throws {PluginError} `PERMISSION_REFUSED` if it is less than they cannot do without.
 */
export async function authorize(
  { url, requests }: AccessRequest,
  options: AuthorizeOptions,
): Promise<Rules> {
  const wishes = gatherWishes(requests);
  for (const wish of wishes) wish.rule = ruleFor(wish, options);
  await askAbout(url, wishes, options);
  for (const wish of wishes) markClaim(wish, options);
  for (const wish of wishes) await checkExactness(wish);
  for (const { kind, text, pluginIds, rule = "default" } of wishes) {
    const resource = nameOf({ kind, text });
    const decision = isGrant(rule) ? "granted" : "refused";
    options.audit({ url, pluginIds, resource, decision, rule });
  }
  const refused = wishes.filter(({ rule }) => !isGrant(rule));
  const missing = refused.filter(({ isRequired }) => isRequired);
  if (missing.length > 0) {
    throw permissionRefused(
      url,
      missing.map(({ kind, text, rule = "default" }) => ({
        resource: nameOf({ kind, text }),
        rule,
      })),
    );
  }
  const denied = options.policies.flatMap(({ rules }) => rules.deny);
  const granted = wishes.filter(({ rule }) => isGrant(rule));
  return canonical({
    allow: granted.flatMap(({ resource }) => resource ?? []),
    deny: denied,
  });
}

function isGrant(rule: string | undefined): boolean {
  return rule !== undefined && /^(allow:|lock$|consent$)/.test(rule);
}

/** Lists what is asked for, each thing once. */
function gatherWishes(requests: AccessRequest["requests"]): Wish[] {
  const wishes = new Map<string, Wish>();
  for (const [id, { optional = {}, ...required }] of requests) {
    const all = [
      ...wishesIn(required, { id, isRequired: true }),
      ...wishesIn(optional, { id, isRequired: false }),
    ];
    for (const wish of all) {
      const name = nameOf(wish);
      const known = wishes.get(name) ?? wish;
      if (!known.pluginIds.includes(id)) known.pluginIds.push(id);
      known.isRequired ||= wish.isRequired;
      wishes.set(name, known);
    }
  }
  return [...wishes.values()];
}

function wishesIn(
  lists: PermissionLists,
  { id, isRequired }: { readonly id: string; readonly isRequired: boolean },
): Wish[] {
  return RESOURCE_KINDS.flatMap((kind) => {
    const texts = kind === "gpu" ? lists.gpu ? [""] : [] : lists[kind] ?? [];
    return texts.map((text): Wish => {
      const parsed = parseResource(kind, text);
      const found = typeof parsed === "string"
        ? { text, rule: `invalid: ${parsed}`, resource: undefined }
        : { text: parsed.text, rule: undefined, resource: parsed };
      return { kind, pluginIds: [id], isRequired, ...found };
    });
  });
}

/** The rule that decides without asking anybody, if there is one. */
function ruleFor(
  { rule, resource }: Wish,
  { policies, former: { granted, claimed }, frozen }: AuthorizeOptions,
): string | undefined {
  if (resource === undefined) return rule;
  const privateNetwork = opensPrivateNetwork(policies);
  const ceiling = ceilingRule(resource, { privateNetwork });
  if (ceiling !== undefined) return ceiling;
  const denied = policies.flatMap(({ rules }) => rules.deny);
  const denial = denialOf(resource, denied);
  if (denial !== undefined) return `deny:${nameOf(denial)}`;
  const isIn = (list: readonly Resource[]) =>
    list.some((other) => covers(other, resource));
  if (frozen && !isIn(claimed)) return "frozen";
  const allowing = policies.map(({ rules }) =>
    rules.allow.find((other) => covers(other, resource))
  );
  const [first] = allowing;
  if (first !== undefined && allowing.every((other) => other !== undefined)) {
    return `allow:${nameOf(first)}`;
  }
  return isIn(granted) ? "lock" : undefined;
}

/** Asks a person about everything that no rule has decided, in one question. */
async function askAbout(
  url: string,
  wishes: readonly Wish[],
  { consent }: AuthorizeOptions,
): Promise<void> {
  const open = wishes.filter(({ rule }) => rule === undefined);
  if (open.length === 0 || consent === undefined) return;
  const pluginIds = [...new Set(open.flatMap((wish) => wish.pluginIds))];
  const resources = open.flatMap(({ resource }) => resource ?? []);
  const isYes = await consent(consentQuestion(url, pluginIds, resources));
  for (const wish of open) {
    wish.rule = isYes === true ? "consent" : "consent-refused";
  }
}

/** Says of what is refused that a lockfile has it all the same: somebody has written it there. */
function markClaim(
  wish: Wish,
  { former: { claimed } }: AuthorizeOptions,
): void {
  const { resource, rule = "default" } = wish;
  if (resource === undefined || !/^(default|consent-refused)$/.test(rule)) {
    return;
  }
  if (claimed.some((other) => covers(other, resource))) {
    wish.rule = "lock-unconfirmed";
  }
}

/** Takes back what a flag would say more of than was granted. */
async function checkExactness(wish: Wish): Promise<void> {
  const { resource, kind, rule } = wish;
  if (resource === undefined || !isGrant(rule)) return;
  if (kind !== "read" && kind !== "write") return;
  const problem = await inexactGrant(resource);
  if (problem !== undefined) wish.rule = `inexact: ${problem}`;
}
