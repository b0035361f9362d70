import { printable } from "../../base/mod.ts";
import type { AuditRecord } from "../policy/audit.ts";
import {
  covers,
  denialOf,
  parseResource,
  type Resource,
} from "../policy/resource.ts";
import { nameOf } from "../policy/rules.ts";
import { gateDenied } from "./errors.ts";
import type { GateKind } from "./gate_options.ts";

/** What calls are held against. */
export interface GateJudgeOptions {
  /** Where the plugin comes from. */
  readonly url: string;
  /** Its id. */
  readonly pluginId: string;
  /** What it was granted. */
  readonly granted: readonly Resource[];
  /** What policies deny. */
  readonly denied: readonly Resource[];
  /** Told of what is refused. */
  readonly audit: (record: AuditRecord) => void;
}

/** How many refusals of one plugin are told of: whoever keeps asking fills no disk. */
const REFUSALS_MAX = 100;

/** Holds each call of one plugin against what it was granted. */
export class GateJudge {
  readonly #options: GateJudgeOptions;
  #refusals = 0;

  /**
   * Constructs a new instance.
   *
   * @param options What calls are held against.
   */
  constructor(options: GateJudgeOptions) {
    this.#options = options;
  }

  /**
   * Requires that a plugin may have something.
   *
   * @param kind What it is.
   * @param text Its name, from the plugin.
   * @returns What it is.
   * @throws {PluginError} `GATE_DENIED` with the rule that refuses it.
   */
  require(kind: GateKind, text: unknown): Resource {
    const named = String(text);
    const resource = parseResource(kind, named);
    const isRead = typeof resource !== "string";
    const rule = isRead ? this.#refusalOf(resource) : `invalid: ${resource}`;
    if (isRead && rule === undefined) return resource;
    const name = nameOf(isRead ? resource : { kind, text: named });
    this.#tell(name, rule!);
    throw gateDenied(name, rule!);
  }

  /** The rule that refuses something, if there is one. */
  #refusalOf(resource: Resource): string | undefined {
    const { granted, denied } = this.#options;
    const denial = denialOf(resource, denied);
    if (denial !== undefined) return `deny:${nameOf(denial)}`;
    return granted.some((rule) => covers(rule, resource))
      ? undefined
      : "default";
  }

  #tell(name: string, rule: string): void {
    if (++this.#refusals > REFUSALS_MAX) return;
    const { audit, url, pluginId } = this.#options;
    const isLast = this.#refusals === REFUSALS_MAX;
    audit({
      url,
      pluginIds: [pluginId],
      resource: printable(name, 300),
      decision: "refused",
      rule: isLast ? `${rule}, further refusals are not recorded` : rule,
    });
  }
}
