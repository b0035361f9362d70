/**
 * Declarations of the functions behind `mod.ts`, with the signatures that
 * `jsr:@std/yaml` 1.2.0 gives them.
 *
 * @module
 */

/** Which types a document may hold, from strings only to all known ones. */
export type SchemaType = "failsafe" | "json" | "core" | "default" | "extended";

/** How a scalar of a type is written. */
export type StyleVariant =
  | "lowercase"
  | "uppercase"
  | "camelcase"
  | "decimal"
  | "binary"
  | "octal"
  | "hexadecimal";

/** Where in a document something is. */
export interface YamlPosition {
  /** The line, from 1. */
  readonly line: number;
  /** The column, from 1. */
  readonly column: number;
  /** The character, from 0. */
  readonly offset: number;
}

/** A document that is not YAML, and where. */
export declare class YamlSyntaxError extends SyntaxError {
  /** The line, from 1. */
  readonly line: number;
  /** The column, from 1. */
  readonly column: number;
  /** The character, from 0. */
  readonly offset: number;
  /** The lines around it with a caret below; absent if there is no text. */
  readonly snippet?: string;
  /** Makes one from what is wrong and where. */
  constructor(message: string, position: YamlPosition, snippet?: string);
}

/** How to read. */
export interface ParseOptions {
  /** Which types may appear. */
  schema?: SchemaType;
  /** Whether a later value of a key replaces an earlier one. */
  allowDuplicateKeys?: boolean;
  /** Hears of what is odd but can be read. */
  onWarning?(error: YamlSyntaxError): void;
}

/** How to write. */
export type StringifyOptions = {
  /** Spaces a level. */
  indent?: number;
  /** Whether sequences in mappings are indented. */
  arrayIndent?: boolean;
  /** Whether values that cannot be written are left out. */
  skipInvalid?: boolean;
  /** The level from which the flow style is used; -1 is never. */
  flowLevel?: number;
  /** Styles by tag. */
  styles?: Record<string, StyleVariant>;
  /** Which types may appear. */
  schema?: SchemaType;
  /** Whether, or how, keys are sorted. */
  sortKeys?: boolean | ((a: string, b: string, depth: number) => number);
  /** Columns after which long strings are folded. */
  lineWidth?: number;
  /** Whether repeated objects become references. */
  useAnchors?: boolean;
  /** Whether to stay readable to parsers of older YAML. */
  compatMode?: boolean;
  /** Whether flow collections are written without spaces. */
  condenseFlow?: boolean;
};

/** Parses one document. */
export declare function parse(content: string, options?: ParseOptions): unknown;

/** Parses every document of a stream. */
export declare function parseAll(
  content: string,
  options?: ParseOptions,
): unknown[];

/** Writes a value as a document. */
export declare function stringify(
  data: unknown,
  options?: StringifyOptions,
): string;
