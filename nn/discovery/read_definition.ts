import {
  isPlainObject,
  isPrintable,
  type Issue,
  printable,
} from "../../core/base/mod.ts";
import {
  BUILT_KINDS,
  type BuiltKind,
  CATEGORIES,
  isCategory,
} from "./category.ts";
import { compileConfig, type CompiledConfig } from "./compile_config.ts";
import type { ModuleDefinition, ModuleMetadata } from "./definition.ts";
import { describeValue } from "./describe_value.ts";
import { moduleInvalid } from "./module_errors.ts";

/** A module type as a registry keeps it. */
export interface RegisteredModule {
  /** What can be told about it. */
  readonly metadata: ModuleMetadata;
  /** The settings it takes. */
  readonly config: CompiledConfig;
  /** Which of them name types themselves, by what is made of them. */
  readonly parts: ReadonlyMap<string, BuiltKind>;
  /** Makes one. */
  readonly create: ModuleDefinition["create"];
  /** Tells the shape of the output, if it can. */
  readonly inferShape: ModuleDefinition["inferShape"];
  /** Tells the settings of one, if it can. */
  readonly toConfig: ModuleDefinition["toConfig"];
}

const TYPE = /^[A-Za-z@_][A-Za-z0-9@_./:-]{0,127}$/;

/** Names that mean something else: to JavaScript, or in an entry of a pipeline. */
const RESERVED: readonly string[] = [
  "__proto__",
  "constructor",
  "prototype",
  "type",
  "branch",
  "include",
  "repeat",
  "residual",
  "sequential",
];

/**
 * Reads a definition once, so that later changes to the object have no effect.
 *
 * @param definition The definition, which a plugin may have written in JavaScript.
 * @param owner Who registers it.
 * @returns The module type.
 * @throws {NnError} `MODULE_INVALID` with every issue.
 */
export function readDefinition(
  definition: ModuleDefinition,
  owner: string,
): RegisteredModule {
  if (typeof definition !== "object" || definition === null) {
    const issues = wantedIssues("", definition, {
      isFine: false,
      wanted: "a definition",
    });
    throw moduleInvalid("", issues);
  }
  const { type, description, category, version = 1 } = definition;
  const { displayName = type, parts = {} } = definition;
  const { create, inferShape, toConfig } = definition;
  const config = compileConfig(definition.config);
  const issues = [
    ...typeIssues(type),
    ...textIssues("displayName", displayName),
    ...textIssues("description", description),
    ...isCategory(category) ? [] : [categoryIssue(category)],
    ...wantedIssues("version", version, {
      isFine: Number.isSafeInteger(version) && version > 0,
      wanted: "a whole number above 0",
    }),
    ...wantedIssues("create", create, {
      isFine: typeof create === "function",
      wanted: "a function",
    }),
    ...["inferShape", "toConfig"].flatMap((name) => {
      const method = name === "toConfig" ? toConfig : inferShape;
      const isFine = method === undefined || typeof method === "function";
      return wantedIssues(name, method, { isFine, wanted: "a function" });
    }),
    ...wantedIssues("parts", parts, {
      isFine: isPlainObject(parts) &&
        Object.values(parts).every((kind) => BUILT_KINDS.includes(kind)),
      wanted: `what is made of settings, by name: ${BUILT_KINDS.join(", ")}`,
    }),
    ..."check" in config ? [] : config,
  ];
  if (issues.length > 0 || !("check" in config)) {
    throw moduleInvalid(printable(String(type), 200), issues);
  }
  return {
    metadata: Object.freeze({
      moduleType: type,
      displayName,
      description,
      category,
      version,
      parameters: Object.freeze(config.jsonSchema),
      owner,
    }),
    config,
    parts: new Map(Object.entries(parts)),
    create: create.bind(definition),
    inferShape: inferShape?.bind(definition),
    toConfig: toConfig?.bind(definition),
  };
}

function typeIssues(type: unknown): Issue[] {
  const isFine = typeof type === "string" && TYPE.test(type) &&
    !RESERVED.includes(type);
  return wantedIssues("type", type, {
    isFine,
    wanted:
      `a letter, then letters, digits and @_./:-, at most 128, and none of ${
        RESERVED.join(", ")
      }`,
  });
}

function textIssues(path: string, text: unknown): Issue[] {
  const isFine = typeof text === "string" && text.trim() !== "" &&
    text.length <= 4096 && isPrintable(text);
  return wantedIssues(path, text, {
    isFine,
    wanted: "text in one line, of at most 4096 characters",
  });
}

function categoryIssue(category: unknown): Issue {
  return issue(
    "category",
    `Found ${describeValue(category)}, wanted ${
      CATEGORIES.join(", ")
    } or Custom(name)`,
  );
}

function wantedIssues(
  path: string,
  value: unknown,
  { isFine, wanted }: { readonly isFine: boolean; readonly wanted: string },
): Issue[] {
  if (isFine) return [];
  return [issue(path, `Found ${describeValue(value)}, wanted ${wanted}`)];
}

function issue(path: string, message: string): Issue {
  return { code: "DEFINITION_INVALID", path, message };
}
