/**
 * What a file depends on, read by Deno's own parser, so that comments and strings cannot fool it.
 *
 * @module
 */

/** One file or package that a source names. */
export interface Dependency {
  /** As it is written. */
  readonly specifier: string;
  /**
   * `code` is evaluated before the file that names it. `resource` is not: a text or JSON import, or
   * a URL for a worker or a child process to start from.
   */
  readonly kind: "code" | "resource";
  /**
   * `start` if it is loaded before the file that names it runs, `need` if the file asks for it later,
   * `never` if only its types matter.
   */
  readonly loads: "start" | "need" | "never";
}

/**
 * Lists what `source` depends on: imports and re-exports (`type` ones too), `import()` of a
 * literal, and `new URL("./x.ts", import.meta.url)`. Works under `deno test` only.
 *
 * @param path The name of the file; its ending decides the language.
 * @param source The text of the file.
 * @returns The dependencies, in the order of the text.
 */
export function dependenciesOf(path: string, source: string): Dependency[] {
  const found: Dependency[] = [];
  const visitor: Deno.lint.LintVisitor = {
    ImportDeclaration(node) {
      const kind = node.attributes.length > 0 ? "resource" : "code";
      const loads = node.importKind === "type" ? "never" : "start";
      found.push({ specifier: node.source.value, kind, loads });
    },
    ExportAllDeclaration(node) {
      const loads = node.exportKind === "type" ? "never" : "start";
      found.push({ specifier: node.source.value, kind: "code", loads });
    },
    ExportNamedDeclaration(node) {
      if (!node.source) return;
      const loads = node.exportKind === "type" ? "never" : "start";
      found.push({ specifier: node.source.value, kind: "code", loads });
    },
    ImportExpression(node) {
      if (node.source.type !== "Literal") return;
      const specifier = String(node.source.value);
      found.push({ specifier, kind: "code", loads: "need" });
    },
    'NewExpression[callee.name="URL"]'(node: Deno.lint.NewExpression) {
      const [target, base] = node.arguments;
      if (target?.type !== "Literal" || base?.type !== "MemberExpression") {
        return;
      }
      const specifier = String(target.value);
      if (/^\..*\.ts$/.test(specifier)) {
        found.push({ specifier, kind: "resource", loads: "need" });
      }
    },
  };
  Deno.lint.runPlugin(
    { name: "dependencies", rules: { collect: { create: () => visitor } } },
    path,
    source,
  );
  return found;
}
