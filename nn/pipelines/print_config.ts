import { dump } from "js-yaml";
import type { ModuleDiscoveryRegistry } from "../discovery/registry.ts";
import type { ConfigOrigins } from "./read_context.ts";
import { type ParsePipelineOptions, readPipeline } from "./read_pipeline.ts";

/**
 * Writes a description as YAML with every setting and where it comes from: a line of the text, an
 * override, a variable, the description's defaults, or the type's.
 *
 * @example What a layer is really made with
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createModuleRegistry, printConfig } from "@spiraltorch/spiraltorch/nn";
 *
 * const text = "modules:\n  - linear: { inFeatures: 4, outFeatures: 8 }\n";
 * const overrides = ["modules.0.outFeatures=2"];
 * assertEquals(
 *   printConfig(text, createModuleRegistry(), { overrides }),
 *   `version: 1
 * modules:
 *   - type: linear
 *     config:
 *       inFeatures: 4 # line 2
 *       outFeatures: 2 # override
 *       bias: true # default
 * `,
 * );
 * ```
 *
 * @param source The text, or the value; a description that was parsed is one too.
 * @param registry Where module types are looked up.
 * @param options Variables, overrides, and what may be included.
 * @returns YAML, which `parsePipeline` reads as the same description.
 * @throws {NnError} `PIPELINE_INVALID` with every issue, ordered by path.
 */
export function printConfig(
  source: unknown,
  registry: ModuleDiscoveryRegistry,
  options: ParsePipelineOptions = {},
): string {
  const { description, configOrigins } = readPipeline(
    source,
    registry,
    options,
  );
  const printer = new Printer(configOrigins);
  printer.printFields(description, "");
  return printer.lines.join("\n") + "\n";
}

class Printer {
  readonly lines: string[] = [];
  readonly #origins: ReadonlyMap<object, ConfigOrigins>;

  constructor(origins: ReadonlyMap<object, ConfigOrigins>) {
    this.#origins = origins;
  }

  /** The keys of a description are ids, or known: none needs quotes. */
  printFields(fields: object, indent: string): void {
    const origins = this.#origins.get(fields);
    for (const [key, value] of Object.entries(fields)) {
      const origin = origins?.get(key);
      const note = origin === undefined ? "" : ` # ${origin}`;
      if (origins || !isNested(value)) {
        this.lines.push(`${indent}${inline(key)}: ${inline(value)}${note}`);
      } else if (Array.isArray(value)) {
        this.lines.push(`${indent}${key}:`);
        this.#printList(value, `${indent}  `);
      } else {
        this.lines.push(`${indent}${key}:`);
        this.printFields(value, `${indent}  `);
      }
    }
  }

  #printList(list: readonly unknown[], indent: string): void {
    for (const item of list) {
      const start = this.lines.length;
      if (!isNested(item)) this.lines.push(`${indent}  ${inline(item)}`);
      else if (Array.isArray(item)) this.#printList(item, `${indent}  `);
      else this.printFields(item, `${indent}  `);
      const first = this.lines[start]!.slice(indent.length + 2);
      this.lines[start] = `${indent}- ${first}`;
    }
  }
}

/** Whether a value takes lines of its own: one that holds objects or lists, not only scalars. */
function isNested(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  if (!Array.isArray(value)) return Object.keys(value).length > 0;
  return value.some((item) => typeof item === "object" && item !== null);
}

function inline(value: unknown): string {
  return dump(value, { flowLevel: 0, lineWidth: -1 }).trimEnd();
}
