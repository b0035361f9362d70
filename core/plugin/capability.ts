/**
 * What a plugin offers, by kind: for people who look for a plugin, and for `findByCapability`. A
 * capability grants nothing and promises nothing.
 *
 * @module
 */
import {
  invalidOption,
  isPlainObject,
  isPrintable,
  type Issue,
  optionsOf,
} from "../base/mod.ts";

/** A capability that says all by its kind. */
export type PlainCapabilityKind =
  | "Operators"
  | "LossFunctions"
  | "Optimizers"
  | "DataLoaders"
  | "Visualization"
  | "Telemetry"
  | "Language"
  | "Vision"
  | "ReinforcementLearning"
  | "GraphNeuralNetworks"
  | "Recommender";

/** A capability that a name goes with. */
export type NamedCapabilityKind = "Backend" | "Custom";

/** What a plugin offers. Equality is structural; names are case-sensitive. */
export type PluginCapability =
  | {
    /** What is offered. */
    readonly kind: PlainCapabilityKind;
  }
  | {
    /** What is offered. */
    readonly kind: NamedCapabilityKind;
    /** Which one, `webgpu`. */
    readonly name: string;
  };

/** How a capability is read. */
export interface ParseCapabilityOptions {
  /** Told about text that looks like a kind and is none. */
  readonly warn?: (issue: Issue) => void;
}

const PLAIN_KINDS: readonly PlainCapabilityKind[] = [
  "Operators",
  "LossFunctions",
  "Optimizers",
  "DataLoaders",
  "Visualization",
  "Telemetry",
  "Language",
  "Vision",
  "ReinforcementLearning",
  "GraphNeuralNetworks",
  "Recommender",
];

const NAMED_KINDS: readonly NamedCapabilityKind[] = ["Backend", "Custom"];

const NAME_LENGTH_MAX = 128;

/** Reads, prints and compares capabilities. */
export const PluginCapability: {
  /**
   * Reads a capability: an object, or text such as `Telemetry`, `loss-functions`,
   * `Backend(webgpu)`, `Backend:webgpu`. Other text is a custom capability of that name.
   *
   * @param value The object or the text.
   * @param options Who is told about a likely slip.
   * @returns The capability, frozen.
   * @throws {OptionError} `INVALID_OPTION` if `value` is neither.
   */
  parse(value: unknown, options?: ParseCapabilityOptions): PluginCapability;
  /**
   * Prints a capability; `parse` reads it back.
   *
   * @param capability The capability.
   * @returns `Telemetry`, `Backend(webgpu)`.
   * @throws {OptionError} `INVALID_OPTION` if it is none.
   */
  print(capability: PluginCapability): string;
  /**
   * Compares two capabilities.
   *
   * @param a One.
   * @param b The other.
   * @returns Whether kind and name are the same.
   * @throws {OptionError} `INVALID_OPTION` if one is none.
   */
  equals(a: PluginCapability, b: PluginCapability): boolean;
} = { parse: parseCapability, print: printCapability, equals };

/** What a capability has to be, in words. */
export const CAPABILITY_RULE =
  "a kind such as Telemetry, with a name for Backend and Custom only, as text or {kind, name}";

function parseCapability(
  value: unknown,
  options: ParseCapabilityOptions = {},
): PluginCapability {
  const capability = readCapability(
    value,
    optionsOf("PluginCapability.parse", options),
  );
  if (capability !== undefined) return capability;
  const shown = isPlainObject(value) ? describe(value) : value;
  throw invalidOption("capability", shown, CAPABILITY_RULE);
}

/**
 * Reads a capability without throwing.
 *
 * @param value The object or the text.
 * @param options Who is told about a likely slip.
 * @returns The capability, frozen, or nothing.
 */
export function readCapability(
  value: unknown,
  options: ParseCapabilityOptions,
): PluginCapability | undefined {
  const capability = typeof value === "string"
    ? fromText(value.trim(), options)
    : isPlainObject(value)
    ? fromObject(value)
    : undefined;
  return capability && Object.freeze(capability);
}

/** An object's own words, for a message: it may hold anything. */
function describe({ kind, name }: Record<string, unknown>): string {
  const shown = (field: unknown) =>
    typeof field === "string" ? JSON.stringify(field) : typeof field;
  return `{kind: ${shown(kind)}, name: ${shown(name)}}`;
}

function fromObject(
  { kind, name }: Record<string, unknown>,
): PluginCapability | undefined {
  const plain = PLAIN_KINDS.find((known) => known === kind);
  if (plain !== undefined) {
    return name === undefined ? { kind: plain } : undefined;
  }
  const named = NAMED_KINDS.find((known) => known === kind);
  if (named === undefined || typeof name !== "string") return undefined;
  return withName(named, name);
}

function fromText(
  text: string,
  { warn }: ParseCapabilityOptions,
): PluginCapability | undefined {
  // The name may hold parentheses: the last one closes it.
  const match = /^([\w-]+)(?:\((.*)\)|:(.*))$/.exec(text);
  const head = match?.[1] ?? text;
  const name = match?.[2] ?? match?.[3];
  const named = NAMED_KINDS.find((kind) => plainly(kind) === plainly(head));
  if (named !== undefined && name !== undefined) return withName(named, name);
  const plain = PLAIN_KINDS.find((kind) => plainly(kind) === plainly(head));
  if (plain !== undefined && name === undefined) return { kind: plain };
  const custom = withName("Custom", text);
  if (custom !== undefined) warnIfNear(head, warn);
  return custom;
}

function warnIfNear(
  head: string,
  warn: ((issue: Issue) => void) | undefined,
): void {
  const near = [...PLAIN_KINDS, ...NAMED_KINDS].find((kind) =>
    isWithinOneEdit(plainly(kind), plainly(head))
  );
  if (near === undefined) return;
  warn?.({
    code: "CAPABILITY_NEAR_MISS",
    path: "",
    message: `${JSON.stringify(head)} is taken as a custom capability`,
    hint: `did you mean "${near}"?`,
  });
}

/** Whether one letter added, dropped, replaced or swapped with its neighbor makes `a` into `b`. */
function isWithinOneEdit(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  const rest = Math.min(a.length, b.length) - start;
  while (end < rest && a.at(-1 - end) === b.at(-1 - end)) end++;
  const middleA = a.slice(start, a.length - end);
  const middleB = b.slice(start, b.length - end);
  if (middleA.length <= 1 && middleB.length <= 1) return true;
  return middleA.length === 2 && middleB === middleA[1]! + middleA[0]!;
}

function withName(
  kind: NamedCapabilityKind,
  name: string,
): PluginCapability | undefined {
  const isName = name.trim() !== "" && name.length <= NAME_LENGTH_MAX &&
    isPrintable(name);
  return isName ? { kind, name } : undefined;
}

/** Text without what may vary in a kind: case, `_` and `-`. */
function plainly(text: string): string {
  return text.toLowerCase().replace(/[_-]/g, "");
}

function printCapability(capability: PluginCapability): string {
  const { kind, name }: Record<string, unknown> = Object(capability);
  if (typeof kind === "string") {
    if (name === undefined) return kind;
    if (typeof name === "string") return `${kind}(${name})`;
  }
  throw invalidOption("capability", capability, CAPABILITY_RULE);
}

function equals(a: PluginCapability, b: PluginCapability): boolean {
  return printCapability(a) === printCapability(b);
}
