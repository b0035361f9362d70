import { z } from "zod";
import type { Issue } from "../../base/mod.ts";
import type { SeenIndex } from "../index/plugin_index.ts";
import type { LockContent, LockedModule, LockEntry } from "./lock_entry.ts";
import { fromLockName } from "./lock_names.ts";
import {
  parseResource,
  type Resource,
  RESOURCE_KINDS,
} from "../policy/resource.ts";
import { nameOf } from "../policy/rules.ts";
import { PluginDrafts } from "./plugin_drafts.ts";
import { LOCKFILE_HEADER } from "./print_lockfile.ts";
import { putOnce } from "./put_once.ts";

const hashSchema = z.string().regex(/^sha256-[A-Za-z0-9+/]{43}=$/);
const nameSchema = z.string().max(4096);

/** One line after the first. */
const factSchema = z.union([
  z.tuple([
    nameSchema,
    z.enum(["capability", "description"]),
    z.string(),
    nameSchema,
  ]),
  z.tuple([nameSchema, z.literal("digest"), hashSchema]),
  z.tuple([
    nameSchema,
    z.literal("grant"),
    z.enum(RESOURCE_KINDS),
    nameSchema,
  ]),
  z.tuple([
    nameSchema,
    z.literal("index"),
    z.int().min(0),
    z.union([hashSchema, z.literal("")]),
  ]),
  z.tuple([
    nameSchema,
    z.literal("module"),
    nameSchema,
    hashSchema,
    z.enum(["js", "ts"]),
  ]),
  z.tuple([
    nameSchema,
    z.enum(["optional", "needs", "provides"]),
    z.string(),
    z.string(),
    z.string(),
  ]),
  z.tuple([nameSchema, z.literal("plugin"), z.string(), z.string()]),
  z.tuple([nameSchema, z.literal("redirect"), nameSchema, nameSchema]),
  z.tuple([nameSchema, z.literal("signer"), hashSchema]),
]);

type Fact = z.infer<typeof factSchema>;

/** An entry that is being put together. */
interface Draft {
  digest: string | undefined;
  signer: string | undefined;
  readonly modules: Map<string, LockedModule>;
  readonly redirects: Map<string, string>;
  readonly plugins: PluginDrafts;
  readonly grants: Map<string, Resource>;
}

/** What reading a lockfile gave. */
export interface ParsedLockfile extends LockContent {
  /** What is wrong with it. */
  readonly issues: readonly Issue[];
}

/**
 * Reads a lockfile.
 *
 * @param text Its text, from whoever wrote it.
 * @param lockfile URL of the lockfile.
 * @returns What it says, and all that is wrong with it.
 */
export function parseLockfile(text: string, lockfile: string): ParsedLockfile {
  const parser = new LockfileParser(lockfile);
  const [header, ...lines] = text.split(/\r?\n/);
  if (header !== LOCKFILE_HEADER) {
    parser.report("HEADER_INVALID", 1, `wanted ${LOCKFILE_HEADER}`);
  } else {
    lines.forEach((line, index) => parser.read(line, index + 2));
  }
  return parser.finish();
}

class LockfileParser {
  readonly #lockfile: string;
  readonly #drafts = new Map<string, Draft>();
  readonly #indexes = new Map<string, SeenIndex>();
  readonly #issues: Issue[] = [];

  constructor(lockfile: string) {
    this.#lockfile = lockfile;
  }

  report(code: string, line: number, message: string): void {
    this.#issues.push({ code, path: "", message, line, column: 1 });
  }

  read(text: string, line: number): void {
    if (text === "") return;
    const parsed = factSchema.safeParse(parseJson(text));
    if (!parsed.success) {
      const wanted =
        "wanted a digest, a grant, an index, a module, a plugin or what it is and needs, a redirect or a signer";
      return this.report("LINE_INVALID", line, wanted);
    }
    if (!this.#add(parsed.data)) {
      const wanted = "wanted one that does not contradict another line";
      this.report("LINE_CONTRADICTS", line, wanted);
    }
  }

  finish(): ParsedLockfile {
    const entries = new Map<string, LockEntry>();
    for (const [url, { digest, signer, ...draft }] of this.#drafts) {
      const at = draft.redirects.get(url) ?? url;
      const plugins = draft.plugins.finish();
      if (digest !== undefined && draft.modules.has(at) && plugins) {
        const grants = [...draft.grants.values()];
        const signed = signer === undefined ? {} : { signer };
        entries.set(url, { ...draft, plugins, digest, grants, ...signed });
        continue;
      }
      const message =
        "Found no digest, no entry module, or a plugin without its version, wanted all of them";
      this.#issues.push({ code: "ENTRY_INCOMPLETE", path: url, message });
    }
    return { entries, indexes: this.#indexes, issues: this.#issues };
  }

  /** Adds a fact; `false` if it contradicts an earlier one or names no URL. */
  #add(fact: Fact): boolean {
    const url = this.#toUrl(fact[0]);
    if (url === undefined) return false;
    if (fact[1] === "index") return this.#addIndex(url, fact[2], fact[3]);
    const draft = this.#drafts.get(url) ?? emptyDraft();
    this.#drafts.set(url, draft);
    switch (fact[1]) {
      case "digest": {
        const isFirst = draft.digest === undefined || draft.digest === fact[2];
        draft.digest = fact[2];
        return isFirst;
      }
      case "grant": {
        const resource = parseResource(fact[2], fact[3]);
        if (typeof resource === "string") return false;
        return putOnce(draft.grants, nameOf(resource), resource);
      }
      case "module": {
        const [, , name, hash, language] = fact;
        const isTypeScript = language === "ts";
        return putOnce(draft.modules, this.#toUrl(name), {
          hash,
          isTypeScript,
        });
      }
      case "plugin":
      case "description":
        return draft.plugins.put(fact[2], fact[1], fact[3]);
      case "capability":
        return draft.plugins.addCapability(fact[2], fact[3]);
      case "optional":
      case "needs":
      case "provides":
        return draft.plugins.relate(fact[2], fact[1], fact[3], fact[4]);
      case "redirect":
        return putOnce(
          draft.redirects,
          this.#toUrl(fact[2]),
          this.#toUrl(fact[3]),
        );
      case "signer": {
        const isFirst = draft.signer === undefined || draft.signer === fact[2];
        draft.signer = fact[2];
        return isFirst;
      }
      default:
        return fact satisfies never;
    }
  }

  /** Two branches may have seen two editions: the later one counts. */
  #addIndex(url: string, serial: number, signer: string): boolean {
    const known = this.#indexes.get(url);
    if (known && known.serial > serial) return true;
    this.#indexes.set(url, { serial, signer });
    return true;
  }

  #toUrl(name: string): string | undefined {
    return fromLockName(name, this.#lockfile);
  }
}

function emptyDraft(): Draft {
  return {
    digest: undefined,
    signer: undefined,
    modules: new Map(),
    redirects: new Map(),
    plugins: new PluginDrafts(),
    grants: new Map(),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
