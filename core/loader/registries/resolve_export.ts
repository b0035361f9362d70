import { z } from "zod";

/** What one export of a package leads to: a file, or files by the conditions they are for. */
type Target = string | null | { readonly [condition: string]: Target };

const targetSchema: z.ZodType<Target> = z.lazy(() =>
  z.union([z.string(), z.null(), z.record(z.string(), targetSchema)])
);

/** The conditions of a module that runs in a sandbox, `default` with them. */
const CONDITIONS: ReadonlySet<string> = new Set([
  "deno",
  "import",
  "module",
  "module-sync",
  "default",
]);

/**
 * Finds the file that a package means by an export.
 *
 * **Source.** Node.js, "Modules: Packages", conditional exports and subpath patterns; one `*` in a name.
 *
 * @param exports The `exports` of its `package.json`.
 * @param path Which export, `.` or `./sub`.
 * @returns The file, `./dist/mod.js`; `undefined` if there is none.
 */
export function resolveExport(
  exports: unknown,
  path: string,
): string | undefined {
  const { data } = targetSchema.safeParse(exports);
  if (data === undefined || data === null) return undefined;
  const isMap = typeof data === "object" &&
    Object.keys(data).some((key) => key.startsWith("."));
  if (!isMap) return path === "." ? fileOf(data) : undefined;
  if (Object.hasOwn(data, path)) return fileOf(data[path]!);
  for (const [pattern, target] of Object.entries(data)) {
    const [head = "", tail] = pattern.split("*");
    const isMatch = tail !== undefined && path.startsWith(head) &&
      path.endsWith(tail) && path.length > head.length + tail.length;
    if (!isMatch) continue;
    const star = path.slice(head.length, path.length - tail.length);
    return fileOf(target)?.replaceAll("*", star);
  }
  return undefined;
}

function fileOf(target: Target): string | undefined {
  if (typeof target === "string") return target;
  if (target === null) return undefined;
  for (const [condition, inner] of Object.entries(target)) {
    const file = CONDITIONS.has(condition) ? fileOf(inner) : undefined;
    if (file !== undefined) return file;
  }
  return undefined;
}
