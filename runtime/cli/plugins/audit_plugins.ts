import type { Json } from "../../../core/base/mod.ts";
import type { GraphReport } from "../../../core/mod.ts";
import type { Resource } from "../../../core/tools.ts";
import type { CommandInput, CommandResult } from "../command.ts";
import { EXIT_CODES } from "../exit_codes.ts";
import { grantText } from "./list_plugins.ts";
import {
  dependenciesOf,
  type LockedPlugins,
  readLocked,
} from "./locked_plugins.ts";

/** Something that a person should look at. */
export interface AuditFinding {
  /** Ids of the plugins concerned. */
  readonly plugins: readonly string[];
  /** What was found. */
  readonly found: string;
  /** Why that matters, and what to do. */
  readonly advice: string;
}

/**
 * Looks through what is locked for what is worth a second look: wide grants, grants that only the lockfile
 * knows of, sources that nothing protects, and dependencies that are not met. Starts nothing.
 *
 * @param input The command line.
 * @returns What was found; a finding if there is any.
 */
export async function auditPlugins(
  input: CommandInput,
): Promise<CommandResult> {
  const locked = await readLocked(input);
  const findings = [
    ...locked.flatMap(findingsOf),
    ...unmet(dependenciesOf(locked).validate()),
  ];
  return {
    data: {
      plugins: locked.length,
      findings: findings.map((finding): Json => ({ ...finding })),
    },
    text: ({ yellow, dim }) =>
      [
        ...findings.map(({ plugins, found, advice }) =>
          `${yellow(plugins.join(", "))}: ${found}\n  ${dim(advice)}`
        ),
        `${locked.length} sources, ${findings.length} findings`,
      ].join("\n"),
    exitCode: findings.length === 0 ? EXIT_CODES.fine : EXIT_CODES.finding,
  };
}

/**
 * Looks through the plugins of one specifier.
 *
 * @param locked The plugins.
 * @returns What is worth a second look.
 */
export function findingsOf(
  { url, specifier, entry: { plugins, grants }, unconfirmed }: LockedPlugins,
): AuditFinding[] {
  const ids = [...plugins.keys()];
  const source = url.startsWith("http:")
    ? [{
      plugins: ids,
      found: `comes from ${specifier}`,
      advice: "nothing protects it on the way: serve it by https",
    }]
    : [];
  const claims = unconfirmed.map((grant) => ({
    plugins: ids,
    found: `may ${grantText(grant)}, as only the lockfile says`,
    advice:
      "it does not count: grant it when you are asked, or take the line out",
  }));
  return [
    ...source,
    ...claims,
    ...grants.flatMap((grant) => {
      const advice = adviceOf(grant);
      const found = `may ${grantText(grant)}`;
      return advice === undefined ? [] : [{ plugins: ids, found, advice }];
    }),
  ];
}

/** What keeps locked plugins from being loaded together. */
function unmet({ missing, unsatisfied, cycles }: GraphReport): AuditFinding[] {
  return [
    ...Array.from(missing, ([id, dependencies]) => ({
      plugins: [id],
      found: `needs ${dependencies.join(", ")}, found none`,
      advice: "it does not load: add what it needs, or remove it",
    })),
    ...unsatisfied.map(({ id, dependency, wanted, found }) => ({
      plugins: [id],
      found: `needs ${dependency} ${wanted}, found ${found}`,
      advice: "it does not load: update one of them",
    })),
    ...cycles.map((cycle) => ({
      plugins: cycle,
      found: "need one another in a circle",
      advice: "none of them loads: remove one",
    })),
  ];
}

/** Why a grant is worth a second look; nothing if it is narrow. */
function adviceOf({ kind, parts }: Resource): string | undefined {
  switch (kind) {
    case "write":
      return "it changes and deletes files there: keep a copy of them";
    case "net":
      return parts.length < 2 ? "every port of the host: name one" : undefined;
    case "files":
    case "read":
      return parts.length < 3
        ? "a whole part of the disk: name the folder that it needs"
        : undefined;
    case "env":
    case "fetch":
    case "gpu":
    case "send":
      return undefined;
    default:
      return kind satisfies never;
  }
}
