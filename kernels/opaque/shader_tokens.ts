/** A word, a number or a sign of a shader. */
export interface ShaderToken {
  /** What it is. */
  readonly text: string;
  /** Where it starts. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
}

/** Builds the error for a shader that breaks a rule. */
export type Refuse = (problem: string) => Error;

/** Most characters of a shader. */
const LENGTH_MAX = 2 ** 15;

const TOKEN = /[A-Za-z_][A-Za-z0-9_]*|\d[A-Za-z0-9_.]*|[^\s]/g;

/**
 * Takes the comments out of a shader. What is left has one meaning for whoever reads it: plain letters,
 * and no line ends but the common one.
 *
 * @param source The shader.
 * @param refuse Builds the error for one that breaks a rule.
 * @returns Its text, with as many lines.
 */
export function plainShader(source: string, refuse: Refuse): string {
  if (source.length > LENGTH_MAX) {
    throw refuse(
      `found ${source.length} characters, wanted at most ${LENGTH_MAX}`,
    );
  }
  const text = withoutComments(source.replaceAll("\r\n", "\n"), refuse);
  const odd = text.match(/[^\x20-\x7e\n\t]/)?.[0].codePointAt(0);
  if (odd !== undefined) {
    throw refuse(
      `found the character U+${
        odd.toString(16).toUpperCase().padStart(4, "0")
      }, wanted letters of ASCII outside of comments`,
    );
  }
  return text;
}

/** Comments of the second kind may stand in each other. */
function withoutComments(source: string, refuse: Refuse): string {
  const parts = source.split(/(\/\/|\/\*|\*\/|[\n\v\f\r\u0085\u2028\u2029])/);
  let kept = "";
  let depth = 0;
  let isLine = false;
  for (const part of parts) {
    const isEnd = /^[\n\v\f\r\u0085\u2028\u2029]$/.test(part);
    if (isEnd) {
      isLine = false;
      kept += depth > 0 ? "\n" : part;
    } else if (isLine) continue;
    else if (part === "/*") depth++;
    else if (part === "*/" && depth > 0) {
      depth--;
      kept += " ";
    } else if (depth > 0) continue;
    else if (part === "//") isLine = true;
    else kept += part;
  }
  if (depth > 0) throw refuse("found a comment without an end");
  return kept;
}

/**
 * Lists what a shader is made of.
 *
 * @param text The shader, without comments.
 * @returns Its words, numbers and signs, each sign by itself.
 */
export function shaderTokens(text: string): ShaderToken[] {
  return [...text.matchAll(TOKEN)].map(({ 0: token, index }) => ({
    text: token,
    start: index,
    end: index + token.length,
  }));
}
