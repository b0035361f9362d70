import { OWN_PREFIX } from "./shader_rules.ts";
import { type ShaderToken, shaderTokens } from "./shader_tokens.ts";

/** How a shader's loops are bounded. */
export interface LoopBounds {
  /** How many turns an invocation may take, in all its loops. */
  readonly turns: number;
  /** The binding of the word that is set when one takes more. */
  readonly binding: number;
}

/**
 * Tells whether a shader has loops.
 *
 * @param text The shader, without comments.
 * @returns Whether it has.
 */
export function hasLoops(text: string): boolean {
  return shaderTokens(text).some(isLoop);
}

/**
 * Writes a shader so that its loops end: each turn takes one from a budget, and when that is spent, a
 * word is set and every loop is left at once.
 *
 * @param text The shader, which keeps the rules.
 * @param bounds The budget, and where the word is.
 * @returns The shader; the same text if it has no loops.
 */
export function boundShader(
  text: string,
  { turns, binding }: LoopBounds,
): string {
  if (!hasLoops(text)) return text;
  const tokens = shaderTokens(text);
  let bounded = "";
  let end = 0;
  tokens.forEach((token, i) => {
    if (!isLoop(token)) return;
    // Neither headers nor conditions contain braces.
    const body = tokens.slice(i).find((one) => one.text === "{");
    if (!body) return;
    bounded += `${text.slice(end, body.end)} if (${SPENT}()) { break; }`;
    end = body.end;
  });
  return `${bounded}${text.slice(end)}
@group(0) @binding(${binding}) var<storage, read_write> ${ENDED}: atomic<u32>;
var<private> ${TURNS}: u32 = ${turns}u;
fn ${SPENT}() -> bool {
  if (${TURNS} == 0u) {
    atomicStore(&${ENDED}, 1u);
    return true;
  }
  ${TURNS} -= 1u;
  return false;
}
`;
}

const SPENT = `${OWN_PREFIX}spent`;
const TURNS = `${OWN_PREFIX}turns`;
const ENDED = `${OWN_PREFIX}ended`;

function isLoop({ text }: ShaderToken): boolean {
  return text === "for" || text === "while" || text === "loop";
}
