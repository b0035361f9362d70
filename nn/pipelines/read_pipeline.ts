import {
  assertInstance,
  isPlainObject,
  isPrintable,
  type Issue,
  printable,
} from "../../core/base/mod.ts";
import type { BuiltKind } from "../discovery/category.ts";
import { describeValue } from "../discovery/describe_value.ts";
import { normalizeKeys } from "../discovery/normalize_keys.ts";
import { joinPath, joinPaths } from "../discovery/paths.ts";
import { ModuleDiscoveryRegistry } from "../discovery/registry.ts";
import { pipelineInvalid } from "../errors.ts";
import type { SymbolicShape } from "../symbolic_shape.ts";
import { checkKeys } from "./check_keys.ts";
import { checkShapes } from "./check_shapes.ts";
import { comparePaths } from "./compare_paths.ts";
import {
  itemName,
  metricName,
  type ModuleItem,
  PIPELINE_VERSION,
  type PipelineDescription,
  type PipelineItem,
  type TypedConfig,
} from "./description.ts";
import { nameUnknown, wanted } from "./issues.ts";
import { parseTypedConfig } from "./parse_typed_config.ts";
import { prepareSource } from "./prepare_source.ts";
import {
  type ConfigOrigins,
  EnoughIssues,
  type Includes,
  ReadContext,
} from "./read_context.ts";
import { ID_RULE, isId } from "./read_id.ts";
import { readGroups } from "./read_groups.ts";
import { readItems } from "./read_items.ts";

const KEYS = [
  "version",
  "name",
  "variables",
  "defaults",
  "input",
  "modules",
  "outputs",
  "loss",
  "optimizer",
  "groups",
  "wrappers",
  "schedule",
  "callbacks",
  "metrics",
  "augmentations",
];
const SIZE_MAX = 2 ** 31 - 1;

/** Options of `parsePipeline()` and `printConfig()`. */
export interface ParsePipelineOptions {
  /** Values of variables, which take the place of those in the description. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /**
   * Values that take the place of others, or are added: `modules.0.outFeatures=64`. A module is found by
   * its place or its id; the value is YAML.
   */
  readonly overrides?: readonly string[];
  /**
   * Descriptions that this one may include, by name: text or values, or a function that gives them.
   * Nothing else is ever loaded.
   */
  readonly includes?: Includes;
  /**
   * Whether it is an issue that shapes cannot be told.
   *
   * @default {false}
   */
  readonly strict?: boolean;
  /**
   * Further parts of the description, by name, and what reads each: they belong to the caller, and take
   * part in overrides and variables. A function is given `undefined` where its part is left out, and
   * tells what is wrong with the part, by paths inside it.
   */
  readonly parts?: Readonly<
    Record<string, (value: unknown) => readonly Issue[]>
  >;
}

/** A description that was read, and what was found out meanwhile. */
export interface PipelineReading {
  /** The description. */
  readonly description: PipelineDescription;
  /** Where settings come from, by the config that they belong to. */
  readonly configOrigins: ReadonlyMap<object, ConfigOrigins>;
}

/**
 * Reads a description, and remembers where its settings come from.
 *
 * @param source The text, or the value.
 * @param registry Where module types are looked up.
 * @param options Variables, overrides, includes.
 * @returns The description and what is known of it.
 * @throws {NnError} `PIPELINE_INVALID` with every issue, ordered by path.
 */
export function readPipeline(
  source: unknown,
  registry: ModuleDiscoveryRegistry,
  options: ParsePipelineOptions,
): PipelineReading {
  assertInstance("registry of a pipeline", registry, ModuleDiscoveryRegistry);
  const context = new ReadContext(registry, options.includes ?? {});
  const { fields, positions, origins, issues } = prepareSource(source, {
    ...options,
    room: context.room,
  });
  context.positions.addAll("", positions);
  for (const [path, origin] of origins) context.origins.set(path, origin);
  const description = untilEnough(() => {
    for (const issue of issues) context.report(issue);
    return fields && new PipelineReader(context, options).read(fields);
  });
  if (description && context.issues.length === 0) {
    return { description, configOrigins: context.configOrigins };
  }
  const placed = context.issues.map((issue) => ({
    ...issue,
    ...issue.line === undefined
      ? context.positions.find(issue.path, issue.code)
      : {},
  }));
  throw pipelineInvalid(placed.sort((a, b) => comparePaths(a.path, b.path)));
}

/** Reads; gives nothing where so much is wrong that reading has ended. */
function untilEnough<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof EnoughIssues) return undefined;
    throw error;
  }
}

class PipelineReader {
  readonly #context: ReadContext;
  readonly #isStrict: boolean;
  readonly #parts: NonNullable<ParsePipelineOptions["parts"]>;

  constructor(
    context: ReadContext,
    { strict = false, parts = {} }: ParsePipelineOptions,
  ) {
    this.#context = context;
    this.#isStrict = strict;
    this.#parts = parts;
  }

  read(fields: Readonly<Record<string, unknown>>): PipelineDescription {
    const known = [...KEYS, ...Object.keys(this.#parts)];
    checkKeys(fields, known, { path: "", context: this.#context });
    this.#readVersion(fields["version"]);
    const name = this.#readName(fields["name"]);
    const input = this.#readInput(fields["input"]);
    this.#readDefaults(fields["defaults"]);
    const loss = this.#readPart("loss", fields["loss"]);
    const optimizer = this.#readPart("optimizer", fields["optimizer"]);
    this.#requireOptimizer(fields);
    const groups = readGroups(fields["groups"], optimizer, this.#context);
    const wrappers = this.#readWrappers(fields);
    const schedule = this.#readPart("schedule", fields["schedule"]);
    const callbacks = this.#readList(
      "callbacks",
      fields["callbacks"],
      "callback",
    );
    const metrics = this.#readMetrics(fields["metrics"]);
    const augmentations = this.#readList(
      "augmentations",
      fields["augmentations"],
      "augmentation",
    );
    const modules = readItems(fields["modules"], "modules", this.#context);
    const outputs = this.#readOutputs(fields["outputs"], modules);
    if (input) this.#checkShapes(input, modules);
    this.#readParts(fields);
    return {
      version: PIPELINE_VERSION,
      ...name === undefined ? {} : { name },
      ...input === undefined ? {} : { input },
      modules: modules.filter((item) => item !== undefined),
      ...outputs === undefined ? {} : { outputs },
      ...loss === undefined ? {} : { loss },
      ...optimizer === undefined ? {} : { optimizer },
      ...groups === undefined ? {} : { groups },
      ...wrappers === undefined ? {} : { wrappers },
      ...schedule === undefined ? {} : { schedule },
      ...callbacks === undefined ? {} : { callbacks },
      ...metrics === undefined ? {} : { metrics },
      ...augmentations === undefined ? {} : { augmentations },
    };
  }

  #readVersion(version: unknown = PIPELINE_VERSION): void {
    if (version === PIPELINE_VERSION) return;
    this.#context.report({
      code: "VERSION_UNSUPPORTED",
      path: "version",
      message: `Found ${describeValue(version)}, wanted ${PIPELINE_VERSION}`,
    });
  }

  #readName(name: unknown): string | undefined {
    if (name === undefined) return undefined;
    const isFine = typeof name === "string" && name.trim() !== "" &&
      name.length <= 128 && isPrintable(name);
    if (isFine) return name;
    const rule = "text in one line, of at most 128 characters";
    this.#context.report(wanted("name", name, rule));
    return undefined;
  }

  #readInput(input: unknown): SymbolicShape | undefined {
    if (input === undefined) return undefined;
    if (!Array.isArray(input)) {
      this.#context.report(wanted("input", input, "a list of sizes"));
      return undefined;
    }
    const sizes: unknown[] = input;
    const shape = sizes.filter(isSize);
    for (const [i, size] of sizes.entries()) {
      if (isSize(size)) continue;
      const path = joinPath("input", i);
      const rule = "a whole number above 0, or a name";
      this.#context.report(wanted(path, size, rule));
    }
    return shape.length === sizes.length ? shape : undefined;
  }

  /** Settings are checked where they are used, together with those that stand there. */
  #readDefaults(defaults: unknown = {}): void {
    if (!isPlainObject(defaults)) {
      const rule = "settings by names of types";
      this.#context.report(wanted("defaults", defaults, rule));
      return;
    }
    const { registry } = this.#context;
    for (const [type, settings] of Object.entries(defaults)) {
      const path = joinPath("defaults", printable(type, 100));
      const metadata = registry.getMetadata(type);
      if (!metadata) {
        const known = registry.listModules();
        const issue = { code: "MODULE_UNKNOWN", path };
        const what = "the type of a module";
        this.#context.report(nameUnknown(issue, type, { what, known }));
        continue;
      }
      const { value, issues } = normalizeKeys(settings, metadata.parameters);
      for (const issue of issues) {
        const inner = joinPaths(path, issue.path);
        this.#context.report({ ...issue, path: inner });
      }
      if (isPlainObject(value)) this.#context.defaults.set(type, value);
      else this.#context.report(wanted(path, settings, "settings"));
    }
  }

  #readPart(
    kind: "loss" | "optimizer" | "schedule",
    entry: unknown,
  ): TypedConfig | undefined {
    if (entry === undefined) return undefined;
    const context = this.#context;
    return parseTypedConfig(entry, { path: kind, kind, context });
  }

  /** What changes an optimizer needs one. */
  #requireOptimizer(
    { groups, wrappers, optimizer }: Readonly<Record<string, unknown>>,
  ): void {
    const isNeeded = groups !== undefined || wrappers !== undefined;
    if (!isNeeded || optimizer !== undefined) return;
    const rule = "what groups belong to, and wrappers are around";
    this.#context.report(wanted("optimizer", optimizer, rule));
  }

  #readWrappers(
    { wrappers }: Readonly<Record<string, unknown>>,
  ): readonly TypedConfig[] | undefined {
    return this.#readList("wrappers", wrappers, "optimizer wrapper");
  }

  #readList(
    key: "wrappers" | "callbacks" | "augmentations",
    entries: unknown,
    kind: BuiltKind,
  ): readonly TypedConfig[] | undefined {
    return this.#readEntries(key, entries, kind)
      ?.filter((read) => read !== undefined);
  }

  /** The entries of a list in their places; `undefined` for one that could not be read. */
  #readEntries(
    key: string,
    entries: unknown,
    kind: BuiltKind,
  ): readonly (ModuleItem | undefined)[] | undefined {
    if (entries === undefined) return undefined;
    const context = this.#context;
    if (!Array.isArray(entries)) {
      context.report(wanted(key, entries, "a list"));
      return undefined;
    }
    return entries.map((entry, i) =>
      parseTypedConfig(entry, { path: joinPath(key, i), kind, context })
    );
  }

  /** Two metrics of one type need ids, under which they are reported. */
  #readMetrics(entries: unknown): readonly ModuleItem[] | undefined {
    const metrics = this.#readEntries("metrics", entries, "metric");
    const names = metrics?.map((metric) => metric && metricName(metric)) ?? [];
    for (const [i, name] of names.entries()) {
      if (name === undefined || names.indexOf(name) === i) continue;
      this.#context.report({
        code: "DUPLICATE_ID",
        path: joinPath("metrics", i),
        message: `Found two metrics "${name}", wanted different ids`,
      });
    }
    return metrics?.filter((metric) => metric !== undefined);
  }

  #readOutputs(
    outputs: unknown,
    modules: readonly (PipelineItem | undefined)[],
  ): Readonly<Record<string, string>> | undefined {
    if (outputs === undefined) return undefined;
    if (!isPlainObject(outputs)) {
      const rule = "names of modules by names of outputs";
      this.#context.report(wanted("outputs", outputs, rule));
      return undefined;
    }
    const known = modules.flatMap((item, i) => item ? [itemName(item, i)] : []);
    const read = new Map<string, string>();
    for (const [name, module] of Object.entries(outputs)) {
      const path = joinPath("outputs", printable(name, 100));
      if (!isId(name)) {
        this.#context.report(wanted(path, name, ID_RULE));
      } else if (typeof module !== "string") {
        this.#context.report(wanted(path, module, "the name of a module"));
      } else if (known.includes(module)) read.set(name, module);
      else if (known.length === modules.length) {
        // What could not be read may be what is meant.
        const issue = { code: "OUTPUT_UNKNOWN", path };
        const options = { what: "a module", known };
        this.#context.report(nameUnknown(issue, module, options));
      }
    }
    return Object.fromEntries(read);
  }

  #readParts(fields: Readonly<Record<string, unknown>>): void {
    for (const [name, read] of Object.entries(this.#parts)) {
      for (const issue of read(fields[name])) {
        this.#context.report({ ...issue, path: joinPaths(name, issue.path) });
      }
    }
  }

  /** Behind a module that could not be read nothing is known of shapes. */
  #checkShapes(
    input: SymbolicShape,
    modules: readonly (PipelineItem | undefined)[],
  ): void {
    const { registry, itemPaths } = this.#context;
    const checked = checkShapes(input, modules, { registry, itemPaths });
    for (const issue of checked.issues) this.#context.report(issue);
    if (!this.#isStrict) return;
    for (const path of checked.unverified) {
      const message =
        "Found a module that does not tell its shape, wanted one that does";
      this.#context.report({ code: "SHAPE_UNKNOWN", path, message });
    }
  }
}

function isSize(size: unknown): size is string | number {
  if (typeof size === "string") return /^[A-Za-z_]\w{0,63}$/.test(size);
  return Number.isInteger(size) && Number(size) > 0 && Number(size) <= SIZE_MAX;
}
