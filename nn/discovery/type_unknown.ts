import { didYouMean, type Issue, suggest } from "../../core/base/mod.ts";
import { type BuiltKind, builtKind } from "./category.ts";
import type { ModuleMetadata } from "./definition.ts";
import { describeValue } from "./describe_value.ts";

/** What is known where a type was looked for. */
export interface TypeUnknownOptions {
  /** Where it is named. */
  readonly path: string;
  /** What it must make. */
  readonly kind: BuiltKind;
  /** The types there are. */
  readonly types: readonly ModuleMetadata[];
}

/**
 * Reports a type that is not there, or is there as something else.
 *
 * @param type Its name.
 * @param options Where it is named, what it must make, and the types there are.
 * @returns The issue, with a suggestion if one comes to mind.
 */
export function typeUnknown(
  type: string,
  { path, kind, types }: TypeUnknownOptions,
): Issue {
  const fitting = types.filter(({ category }) => builtKind(category) === kind);
  const hint = didYouMean(
    suggest(type, fitting.map(({ moduleType }) => moduleType)),
  );
  const metadata = types.find(({ moduleType }) => moduleType === type);
  const found = metadata
    ? `"${type}", which makes a ${builtKind(metadata.category)}`
    : describeValue(type);
  return {
    code: "MODULE_UNKNOWN",
    path,
    message: `Found ${found}, wanted the type of a ${kind}`,
    ...hint === "" ? {} : { hint },
  };
}
