import type { Issue } from "../../core/base/mod.ts";
import { pathAndParents } from "../discovery/paths.ts";
import type { ModuleDiscoveryRegistry } from "../discovery/registry.ts";
import { emptyRoom, type Room } from "./copy_plain.ts";
import type { PipelineItem } from "./description.ts";
import { Positions } from "./positions.ts";

/** Texts, or values, that a description may include, by name; or what finds one. */
export type Includes =
  | Readonly<Record<string, unknown>>
  | ((name: string) => unknown);

/** Where each setting of a config comes from: `line 3`, `override`, `default`. */
export type ConfigOrigins = ReadonlyMap<string, string>;

/** Most issues that are looked for: what stands in a text decides how long that may take. */
export const ISSUES_MAX = 100;

/** Ends the reading of a description in which enough is wrong. */
export class EnoughIssues extends Error {
  /** Name of the class. */
  override readonly name: string = "EnoughIssues";
}

/** What is known, and what is found, while one description is read. */
export class ReadContext {
  /** Where module types are looked up. */
  readonly registry: ModuleDiscoveryRegistry;
  /** What may be included. */
  readonly includes: Includes;
  /** What is wrong. */
  readonly issues: Issue[] = [];
  /** Where values are in their texts. */
  readonly positions: Positions = new Positions();
  /** Overrides and variables that values come from, by path. */
  readonly origins: Map<string, string> = new Map();
  /** Where settings come from, by the config that they belong to. */
  readonly configOrigins: Map<object, ConfigOrigins> = new Map();
  /** Where items are written. */
  readonly itemPaths: Map<PipelineItem, string> = new Map();
  /** Settings of types where an entry does not name them; checked. */
  readonly defaults: Map<string, Readonly<Record<string, unknown>>> = new Map();
  /** How many values there may be, and how many items. */
  readonly room: Room = emptyRoom();
  /** Names of what is being included, outermost first. */
  readonly including: string[] = [];

  /**
   * Constructs a new instance.
   *
   * @param registry Where module types are looked up.
   * @param includes What may be included.
   */
  constructor(registry: ModuleDiscoveryRegistry, includes: Includes) {
    this.registry = registry;
    this.includes = includes;
  }

  /**
   * Notes what is wrong.
   *
   * @param issue The issue.
   * @throws {EnoughIssues} With the last one that there may be.
   */
  readonly report = (issue: Issue): void => {
    this.issues.push(issue);
    if (this.issues.length >= ISSUES_MAX) throw new EnoughIssues();
  };

  /**
   * Tells where a value comes from.
   *
   * @param path Its path.
   * @returns Words for that, `line 3`.
   */
  originOf(path: string): string {
    for (const part of pathAndParents(path)) {
      const origin = this.origins.get(part);
      if (origin !== undefined) return origin;
    }
    const position = this.positions.find(path, "");
    return position ? `line ${position.line}` : "config";
  }
}
