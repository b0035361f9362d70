import {
  didYouMean,
  type Issue,
  type Json,
  printable,
  suggest,
} from "../base/mod.ts";
import { describeFailure } from "../events/describe_failure.ts";
import { copyJson } from "./copy_json.ts";

/** What checking settings gives: the settings as they are to be read, or what is wrong. */
export type SchemaResult =
  | { readonly success: true; readonly data: unknown }
  | {
    readonly success: false;
    readonly error: {
      readonly issues: readonly {
        readonly code?: string | undefined;
        readonly path: readonly PropertyKey[];
        readonly message: string;
      }[];
    };
  };

/** A schema of a plugin's settings: a `zod` object schema, or anything that checks as one does. */
export interface ConfigSchema {
  /**
   * Checks settings.
   *
   * @param value The settings by name.
   * @returns The settings with defaults filled in, or every issue.
   */
  safeParse(value: unknown): SchemaResult;
}

/** Settings that have been checked. */
export interface CheckedSettings {
  /** The settings as they are to be read, frozen. */
  readonly values: ReadonlyMap<string, Json>;
  /** Everything that is wrong with them. */
  readonly issues: readonly Issue[];
}

/**
 * Checks settings against a schema. A setting that the schema drops is an issue: it would be ignored
 * without a word.
 *
 * @param schema The schema, which is foreign code; every setting is fine if there is none.
 * @param settings The settings.
 * @returns The settings with defaults filled in, and every issue.
 */
export function checkSettings(
  schema: ConfigSchema | undefined,
  settings: ReadonlyMap<string, Json>,
): CheckedSettings {
  if (schema === undefined) return { values: settings, issues: [] };
  let result: SchemaResult;
  try {
    result = schema.safeParse(Object.fromEntries(settings));
  } catch (error) {
    const { message } = describeFailure(error, "CONFIG_INVALID");
    return failed([{ code: "SCHEMA_FAILED", path: "", message }]);
  }
  if (!result.success) {
    return failed(result.error.issues.map(({ code, path, message }) => ({
      code: code ?? "SCHEMA",
      path: printable(path.map(String).join("."), 200),
      message: printable(message),
    })));
  }
  const { value, issues } = copyJson(result.data);
  if (issues.length > 0) return failed(issues);
  const entries = typeof value === "object" && value !== null
    ? Object.entries(value)
    : [];
  const values = new Map(entries);
  const dropped = [...settings.keys()].filter((key) => !values.has(key));
  return dropped.length === 0 ? { values, issues: [] } : failed(
    dropped.map((key) => ({
      code: "UNKNOWN_KEY",
      path: printable(key, 200),
      message: `found a setting that the schema does not know ${
        didYouMean(suggest(key, values.keys()))
      }`.trim(),
    })),
  );
}

function failed(issues: readonly Issue[]): CheckedSettings {
  return { values: new Map(), issues };
}
