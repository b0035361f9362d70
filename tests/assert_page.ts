import { assertEquals } from "@std/assert";
import { ROOT } from "../tools/project_files.ts";

/**
 * Requires that a page is what its tool makes.
 *
 * @param path The page, relative to the root.
 * @param made What the tool makes, and the task that writes it.
 */
export async function assertPage(
  path: string,
  { text, task }: { readonly text: string; readonly task: string },
): Promise<void> {
  const page = await Deno.readTextFile(new URL(path, ROOT));
  const [found, wanted] = [page.split("\n"), text.split("\n")];
  assertEquals(
    {
      stale: found.filter((line) => !wanted.includes(line)),
      missing: wanted.filter((line) => !found.includes(line)),
    },
    { stale: [], missing: [] },
    `run \`deno task ${task}\``,
  );
  assertEquals(found, wanted);
}
