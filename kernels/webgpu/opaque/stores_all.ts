import { shaderTokens } from "../../opaque/mod.ts";

/** The beginning of an entry point that is told its number, and nothing else. */
const ENTRY =
  /^@ compute @ workgroup_size \( \d+u? \) fn \w+ \( @ builtin \( global_invocation_id \) : vec3(?:u| < u32 >) \) \{$/;

/**
 * Tells whether each invocation of a shader stores the element of the output that has its number, and
 * nobody reads any: what the output holds at first is seen by nobody then. Only the usual form is known,
 * `let i = at.x; if (i < arrayLength(&y)) { …; y[i] = …; }` in an entry point that does not return before.
 *
 * @param text The shader, without comments, which keeps the rules and compiles.
 * @param output The name of the output.
 * @returns Whether it is sure.
 */
export function storesAll(text: string, output: string): boolean {
  const words = shaderTokens(text).map((token) => token.text);
  const matches = (at: number, wanted: string) =>
    wanted.split(" ").every((word, i) => words[at + i] === word);
  const start = words.indexOf("compute") - 1;
  const open = words.indexOf("{", start);
  // What the entry point calls the number of an invocation.
  const id = words[words.indexOf(":", start) - 1]!;
  const head = words.slice(start, open + 1).filter((word) => word !== id);
  if (!ENTRY.test(head.join(" ")) || matchesAny(words, "fn arrayLength")) {
    return false;
  }
  const body = blockFrom(words, open);
  const index = body.top.find(({ at }) =>
    matches(at, `let ${words[at + 1]} = ${id} . x ;`)
  );
  if (!index) return false;
  const own = words[index.at + 1]!;
  const guard = `if ( ${own} < arrayLength ( & ${output} ) ) {`;
  // Before, the name would be that of something else.
  const guarded = body.top.find(({ at }) =>
    at > index.at && matches(at, guard)
  );
  if (!guarded) return false;
  const block = blockFrom(words, guarded.at + guard.split(" ").length - 1);
  const store = block.top.find(({ at }) =>
    matches(at, `${output} [ ${own} ] =`) && words[at + 5] !== "="
  );
  const inside = words.slice(open, body.end);
  const declared = (name: string) =>
    inside.filter((word, i) =>
      word === name &&
      (/^(?:let|var|const)$/.test(inside[i - 1]!) ||
        inside[i - 1] === ">" && inside[i - 4] === "var")
    ).length;
  const isElsewhere = words.some((word, at) =>
    word === output && at !== store?.at &&
    !matches(at - 3, `arrayLength ( & ${output} )`) &&
    !(words[at - 1] === ">" && words[at + 1] === ":")
  );
  return store !== undefined && !isElsewhere && !inside.includes("return") &&
    declared(own) === 1 && declared(id) === 0 && declared(output) === 0;
}

function matchesAny(words: readonly string[], wanted: string): boolean {
  return ` ${words.join(" ")} `.includes(` ${wanted} `);
}

/** The statements that stand in a block itself, by where they begin; and where it ends. */
function blockFrom(words: readonly string[], open: number): {
  readonly top: readonly { readonly at: number }[];
  readonly end: number;
} {
  const top: { at: number }[] = [];
  let [braces, brackets, at] = [0, 0, open];
  do {
    const word = words[at];
    if (word === "{") braces++;
    if (word === "}") braces--;
    if (word === "(") brackets++;
    if (word === ")") brackets--;
    at++;
    const isStart = braces === 1 && brackets === 0 &&
      (word === "{" || word === "}" || word === ";");
    if (isStart) top.push({ at });
  } while (braces > 0 && at < words.length);
  return { top, end: at };
}
