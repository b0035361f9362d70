import { parse } from "es-module-lexer";

/** What `jsr:@std/*` is in this repository, and so in the package. */
const STD = /^@std\/([^/]+)(?:\/(.+))?$/;

/**
 * Lets a module import stand-ins. Whoever calls it has waited for the lexer's `init`.
 *
 * @param source Its source.
 * @param path Its path in the package.
 * @returns The source, whose imports of `@std` are those of files of the package.
 */
export function withStandIns(source: string, path: string): string {
  const [imports] = parse(source);
  const up = "../".repeat(path.split("/").length - 1) || "./";
  let [lowered, at] = ["", 0];
  for (const { n: specifier, s: start, e: end, d: dynamic } of imports) {
    const [, name, file = "mod"] = STD.exec(specifier ?? "") ?? [];
    if (name === undefined) continue;
    const target = `${up}vendor/std/${name}/${file}.js`;
    // The place of a dynamic import includes its quotes.
    const text = dynamic < 0 ? target : JSON.stringify(target);
    lowered += source.slice(at, start) + text;
    at = end;
  }
  return lowered + source.slice(at);
}
