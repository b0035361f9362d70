/**
 * What a shader that somebody brought may not contain, whatever device it is for: what would let it
 * reach something else, or keep the device or its compiler busy without end. Compilers take minutes for
 * an array of a thousand numbers in registers, and drivers crash at larger ones: so there are none.
 *
 * Loops are not among it: they are bounded where the shader is run.
 *
 * @module
 */
import type { Refuse, ShaderToken } from "./shader_tokens.ts";

/** Names that begin so are those of what is added to a shader. */
export const OWN_PREFIX = "spiral_";

/** Words that no shader may contain, and what is wanted instead. */
const FORBIDDEN: readonly (readonly [words: RegExp, wanted: string])[] = [
  [/^(enable|requires|diagnostic)$/, "no directives"],
  [/^override$/, "constants"],
  [/^(alias|struct|mat[234]x[234].*)$/, "numbers and vectors"],
  [
    /^(workgroup|atomic.*|.*Barrier|workgroupUniformLoad|subgroup.*|quad.*)$/,
    "invocations that do not wait for each other",
  ],
  [
    /^(uniform|push_constant|immediate|handle|texture.*|sampler.*|binding_array|ray_.*|acceleration_structure)$/,
    "arrays of the call only",
  ],
  [new RegExp(`^${OWN_PREFIX}`), "another name"],
];

const ATTRIBUTES = /^(binding|builtin|compute|group|workgroup_size)$/;

/** Most tokens of a shader, where each call of a function counts as what it calls. */
const TOKENS_MAX = 2 ** 12;

/**
 * Requires that a shader keeps the rules.
 *
 * @param tokens What it is made of.
 * @param refuse Builds the error for one that does not.
 */
export function checkShader(
  tokens: readonly ShaderToken[],
  refuse: Refuse,
): void {
  const words = tokens.map(({ text }) => text);
  words.forEach((word, i) => {
    const rule = FORBIDDEN.find(([forbidden]) => forbidden.test(word));
    if (rule) throw refuse(`found "${word}", wanted ${rule[1]}`);
    const next = words[i + 1] ?? "nothing";
    if (word === "@" && !ATTRIBUTES.test(next)) {
      throw refuse(
        `found "@${next}", wanted @compute, @workgroup_size, @builtin, @group and @binding only`,
      );
    }
    if (word === "array" && words[i + 3] !== ">") {
      throw refuse(
        `found "${
          words.slice(i, i + 6).join(" ")
        }", wanted arrays of the call only, array<f32>`,
      );
    }
  });
  const size = writtenOut(words);
  if (size > TOKENS_MAX) {
    throw refuse(
      `found ${size} tokens, where each call counts as what it calls, wanted at most ${TOKENS_MAX}`,
    );
  }
}

/** How many tokens a shader has once every function stands where it is called; infinitely many of one that calls itself. */
function writtenOut(words: readonly string[]): number {
  const functions = functionsOf(words);
  const known = new Map<string, number>();
  function sizeOf(start: number, end: number): number {
    let size = 0;
    for (let i = start; i < end; i++) {
      const isCall = words[i + 1] === "(" && words[i - 1] !== "fn";
      size += isCall ? 1 + sizeOfCall(words[i]!) : 1;
    }
    return size;
  }
  function sizeOfCall(name: string): number {
    const body = functions.get(name);
    if (!body) return 0;
    let size = known.get(name);
    if (size === undefined) {
      known.set(name, Infinity);
      known.set(name, size = sizeOf(...body));
    }
    return size;
  }
  return sizeOf(0, words.length);
}

/** Where functions begin and end, by name. */
function functionsOf(
  words: readonly string[],
): ReadonlyMap<string, readonly [start: number, end: number]> {
  const functions = new Map<string, readonly [number, number]>();
  for (let start = 0; start < words.length; start++) {
    if (words[start] !== "fn") continue;
    let end = start;
    let depth = 0;
    do {
      if (words[end] === "{") depth++;
      if (words[end] === "}") depth--;
      end++;
    } while (end < words.length && !(words[end - 1] === "}" && depth === 0));
    functions.set(words[start + 1] ?? "", [start, end]);
  }
  return functions;
}
