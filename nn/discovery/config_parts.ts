/**
 * Settings that name a type themselves, such as the initializer of a layer: `name`, or
 * `{ name, ...settings }`. They are checked by the type that they name, plugins' types like the others.
 *
 * @module
 */
import { isPlainObject, type Issue } from "../../core/base/mod.ts";
import type { BuiltKind } from "./category.ts";
import type { CheckedConfig } from "./compile_config.ts";
import { camelCase } from "./normalize_keys.ts";
import { joinPaths } from "./paths.ts";
import type { RegisteredModule } from "./read_definition.ts";

/** A type with its settings. */
export interface NamedPart {
  /** Name of the type. */
  readonly type: string;
  /** Its settings. */
  readonly config: object;
}

/**
 * Checks the settings of one part.
 *
 * @param part What it names.
 * @param kind What it must make.
 * @returns The settings with defaults filled in, or every issue, with paths inside the settings.
 */
export type CheckPart = (part: NamedPart, kind: BuiltKind) => CheckedConfig;

/**
 * Takes a part apart.
 *
 * @param value A name, or an object with a name and settings.
 * @returns The type and its settings; `undefined` for anything else.
 */
export function namedPart(value: unknown): NamedPart | undefined {
  if (typeof value === "string") return { type: value, config: {} };
  if (!isPlainObject(value)) return undefined;
  const { name, ...config } = value;
  return typeof name === "string" ? { type: name, config } : undefined;
}

/**
 * Checks a config by the schema of its type, and its parts by the types that they name.
 *
 * @param module The type.
 * @param config The config.
 * @param checkPart Checks a part.
 * @returns The config with defaults filled in, or every issue.
 */
export function checkWithParts(
  { config: schema, parts }: RegisteredModule,
  config: unknown,
  checkPart: CheckPart,
): CheckedConfig {
  if (parts.size === 0 || !isPlainObject(config)) return schema.check(config);
  const own: Record<string, unknown> = {};
  const read: Record<string, unknown> = {};
  const issues: Issue[] = [];
  for (const [written, value] of Object.entries(config)) {
    const key = camelCase(written);
    const kind = parts.get(key);
    const part = kind && namedPart(value);
    if (!part) {
      own[written] = value;
      continue;
    }
    const checked = checkPart(part, kind);
    for (const issue of checked.issues) {
      issues.push({ ...issue, path: joinPaths(written, issue.path) });
    }
    const settings = Object.keys(checked.config ?? {}).length > 0;
    read[key] = settings ? { name: part.type, ...checked.config } : part.type;
  }
  const checked = schema.check(own);
  if (checked.config === undefined || issues.length > 0) {
    return { config: undefined, issues: [...checked.issues, ...issues] };
  }
  return { config: { ...checked.config, ...read }, issues: [] };
}

/**
 * Tells whether a config names types itself.
 *
 * @param module The type that it is a config of.
 * @param config The config.
 * @returns Whether one of its parts is there.
 */
export function hasParts(
  { parts }: Pick<RegisteredModule, "parts">,
  config: object,
): boolean {
  return [...parts.keys()].some((key) => Object.hasOwn(config, key));
}
