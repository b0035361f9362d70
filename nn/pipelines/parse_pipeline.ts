import {
  isPlainObject,
  isPrintable,
  type Issue,
  printable,
} from "../../core/base/mod.ts";
import { describeValue } from "../discovery/describe_value.ts";
import { unknownKey } from "../discovery/normalize_keys.ts";
import { joinPath } from "../discovery/paths.ts";
import type { ModuleDiscoveryRegistry } from "../discovery/registry.ts";
import { pipelineInvalid } from "../errors.ts";
import type { SymbolicShape } from "../symbolic_shape.ts";
import { checkShapes } from "./check_shapes.ts";
import { comparePaths } from "./compare_paths.ts";
import { copyPlain } from "./copy_plain.ts";
import {
  PIPELINE_VERSION,
  type PipelineDescription,
  type PipelineItem,
  type TypedConfig,
} from "./description.ts";
import { duplicateIds } from "./duplicate_ids.ts";
import { parseTypedConfig } from "./parse_typed_config.ts";
import { readText } from "./read_text.ts";

const KEYS = ["version", "name", "input", "modules", "loss", "optimizer"];
const SIZE_MAX = 2 ** 31 - 1;

/**
 * Reads the description of a model: YAML or JSON text, or the value that such text stands for.
 * Settings are checked, shapes are run through the modules, nothing is made. A name in a description
 * is looked up in the registry and nowhere else.
 *
 * @example A mistake is found before anything is built
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { createModuleRegistry, parsePipeline } from "@spiraltorch/spiraltorch/nn";
 *
 * const text = `
 * input: [batch, 20]
 * modules:
 *   - linear: { inFeatures: 20, outFeatures: 32 }
 *   - relu
 *   - linear: { inFeatures: 64, outFeatures: 10 }
 * `;
 * assertThrows(
 *   () => parsePipeline(text, createModuleRegistry()),
 *   Error,
 *   'modules[2]: Found [batch, 32] from "1.relu", wanted [..., 64] for "2.linear"',
 * );
 * ```
 *
 * @param source The text, or the value.
 * @param registry Where module types are looked up.
 * @returns The description in one spelling, with defaults filled in.
 * @throws {NnError} `PIPELINE_INVALID` with every issue, ordered by path.
 */
export function parsePipeline(
  source: unknown,
  registry: ModuleDiscoveryRegistry,
): PipelineDescription {
  const read = typeof source === "string"
    ? readText(source)
    : { value: source, issue: undefined };
  if (read.issue) throw pipelineInvalid([read.issue]);
  const copied = copy(read.value);
  if (copied.issue) throw pipelineInvalid([copied.issue]);
  const reader = new PipelineReader(registry);
  const description = reader.read(copied.value);
  if (description && reader.issues.length === 0) return description;
  throw pipelineInvalid(
    reader.issues.toSorted((a, b) => comparePaths(a.path, b.path)),
  );
}

/** A value that is not plain data may run code of its own when it is looked at. */
function copy(value: unknown): ReturnType<typeof copyPlain> {
  try {
    return copyPlain(value);
  } catch (error) {
    const message = `Found a value that failed: ${
      printable(String(error), 200)
    }`;
    const issue = { code: "NOT_PLAIN", path: "", message };
    return { value: undefined, issue };
  }
}

class PipelineReader {
  readonly issues: Issue[] = [];
  readonly #registry: ModuleDiscoveryRegistry;

  constructor(registry: ModuleDiscoveryRegistry) {
    this.#registry = registry;
  }

  read(value: unknown): PipelineDescription | undefined {
    if (!isPlainObject(value)) {
      this.#wanted("", value, "an object with modules");
      return undefined;
    }
    for (const key of Object.keys(value)) {
      if (KEYS.includes(key)) continue;
      const path = printable(key, 100);
      this.issues.push(unknownKey(key, { path, known: KEYS }));
    }
    this.#readVersion(value["version"]);
    const name = this.#readName(value["name"]);
    const input = this.#readInput(value["input"]);
    const loss = this.#readPart("loss", value["loss"]);
    const optimizer = this.#readPart("optimizer", value["optimizer"]);
    const modules = this.#readModules(value["modules"]);
    if (input) this.#checkShapes(input, modules);
    return {
      version: PIPELINE_VERSION,
      ...name === undefined ? {} : { name },
      ...input === undefined ? {} : { input },
      modules: modules.filter((item) => item !== undefined),
      ...loss === undefined ? {} : { loss },
      ...optimizer === undefined ? {} : { optimizer },
    };
  }

  #readVersion(version: unknown = PIPELINE_VERSION): void {
    if (version === PIPELINE_VERSION) return;
    this.issues.push({
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
    this.#wanted("name", name, "text in one line, of at most 128 characters");
    return undefined;
  }

  #readInput(input: unknown): SymbolicShape | undefined {
    if (input === undefined) return undefined;
    if (!Array.isArray(input)) {
      this.#wanted("input", input, "a list of sizes");
      return undefined;
    }
    const sizes: unknown[] = input;
    const shape = sizes.filter(isSize);
    for (const [i, size] of sizes.entries()) {
      if (isSize(size)) continue;
      const path = joinPath("input", i);
      this.#wanted(path, size, "a whole number above 0, or a name");
    }
    return shape.length === sizes.length ? shape : undefined;
  }

  #readPart(
    kind: "loss" | "optimizer",
    entry: unknown,
  ): TypedConfig | undefined {
    if (entry === undefined) return undefined;
    return this.#readEntry(entry, { path: kind, kind });
  }

  #readModules(modules: unknown): readonly (PipelineItem | undefined)[] {
    if (!Array.isArray(modules)) {
      this.#wanted("modules", modules, "a list of modules");
      return [];
    }
    const items = modules.map((entry: unknown, i) =>
      this.#readEntry(entry, { path: joinPath("modules", i), kind: "module" })
    );
    this.issues.push(...duplicateIds(items));
    return items;
  }

  #readEntry(
    entry: unknown,
    place: {
      readonly path: string;
      readonly kind: "loss" | "module" | "optimizer";
    },
  ): PipelineItem | undefined {
    return parseTypedConfig(entry, {
      ...place,
      registry: this.#registry,
      report: (issue) => this.issues.push(issue),
    });
  }

  /** Behind a module that could not be read nothing is known of shapes. */
  #checkShapes(
    input: SymbolicShape,
    modules: readonly (PipelineItem | undefined)[],
  ): void {
    const issue = checkShapes(input, modules, this.#registry);
    if (issue) this.issues.push(issue);
  }

  #wanted(path: string, found: unknown, rule: string): void {
    const message = `Found ${describeValue(found)}, wanted ${rule}`;
    this.issues.push({ code: "ENTRY_INVALID", path, message });
  }
}

function isSize(size: unknown): size is string | number {
  if (typeof size === "string") return /^[A-Za-z_]\w{0,63}$/.test(size);
  return Number.isInteger(size) && Number(size) > 0 && Number(size) <= SIZE_MAX;
}
