import { isPlainObject, type Issue, printable } from "../../core/base/mod.ts";
import { joinPath } from "../discovery/paths.ts";
import { copyPlain, type Room } from "./copy_plain.ts";
import { nameUnknown, wanted } from "./issues.ts";
import { ISSUES_MAX } from "./read_context.ts";

/** What a value stands where. */
const REFERENCE = /^\$\{([^{}]*)\}$/;
const NAME = /^[A-Za-z_]\w{0,63}$/;

/** A description in which variables stand for nothing any more. */
export interface Substituted {
  /** The description. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Which variable a value comes from, by the value's path. */
  readonly origins: ReadonlyMap<string, string>;
  /** What is wrong with variables. */
  readonly issues: readonly Issue[];
}

/** Options of {@linkcode substituteVariables}. */
export interface SubstituteOptions {
  /** Values that take the place of those in the description. */
  readonly given: Readonly<Record<string, unknown>>;
  /** How many values there may be. */
  readonly room: Room;
}

/**
 * Puts the values of variables where `${name}` stands. The description names them, with the values that
 * they have where none are given; one may be made from those before it.
 *
 * @param source The description, a tree of plain data.
 * @param options Values that are given, and how much there may be.
 * @returns The description without variables.
 */
export function substituteVariables(
  { variables, ...rest }: Readonly<Record<string, unknown>>,
  options: SubstituteOptions,
): Substituted {
  const substitution = new Substitution(options);
  substitution.declare(variables, options.given);
  const entries = Object.entries(rest).map((
    [key, value],
  ) => [key, substitution.visit(value, key)]);
  const { origins, issues } = substitution;
  return { value: Object.fromEntries(entries), origins, issues };
}

class Substitution {
  readonly origins = new Map<string, string>();
  readonly issues: Issue[] = [];
  readonly #values = new Map<string, unknown>();
  readonly #room: Room;

  constructor({ room }: SubstituteOptions) {
    this.#room = room;
  }

  declare(
    variables: unknown,
    given: Readonly<Record<string, unknown>>,
  ): void {
    const isFine = variables === undefined || isPlainObject(variables);
    if (!isFine) {
      this.issues.push(wanted("variables", variables, "names and values"));
    }
    const declared = isFine ? variables ?? {} : {};
    for (const [name, value] of Object.entries(declared)) {
      const path = joinPath("variables", printable(name, 100));
      if (!NAME.test(name)) {
        const rule = "a letter or _, then letters, digits and _, at most 64";
        this.issues.push(wanted(path, name, rule));
      } else if (Object.hasOwn(given, name)) {
        this.#values.set(name, this.#copy(given[name], path));
      } else this.#values.set(name, this.visit(value, path));
    }
    const known = Object.keys(declared);
    for (const name of Object.keys(given)) {
      if (known.includes(name)) continue;
      const path = joinPath("variables", printable(name, 100));
      this.#report(name, path, known);
    }
  }

  visit(value: unknown, path: string): unknown {
    if (typeof value === "string") return this.#read(value, path);
    if (Array.isArray(value)) {
      return value.map((item, i) => this.visit(item, joinPath(path, i)));
    }
    if (!isPlainObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map((
        [key, item],
      ) => [key, this.visit(item, joinPath(path, printable(key, 100)))]),
    );
  }

  #read(text: string, path: string): unknown {
    const name = REFERENCE.exec(text)?.[1];
    if (name === undefined) return text;
    if (!this.#values.has(name)) {
      this.#report(name, path, [...this.#values.keys()]);
      return text;
    }
    this.origins.set(path, `variable ${name}`);
    return this.#copy(this.#values.get(name), path);
  }

  /** Each use counts: a variable that is used often must not stand for more than there may be. */
  #copy(value: unknown, path: string): unknown {
    const { value: copy, issue } = copyPlain(value, this.#room);
    if (!issue) return copy;
    const isFull = this.issues.some(({ code }) => code === issue.code);
    if (!isFull) this.issues.push({ ...issue, path });
    return undefined;
  }

  #report(name: string, path: string, known: readonly string[]): void {
    if (this.issues.length >= ISSUES_MAX) return;
    const issue = { code: "VARIABLE_UNKNOWN", path };
    this.issues.push(nameUnknown(issue, name, { what: "a variable", known }));
  }
}
