/**
 * Reads the modules of an inline plugin, whose texts tell one form of it from another.
 *
 * @param urls Where they are.
 * @returns Their texts, one after the other; what is not there has none.
 */
export async function readModules(urls: readonly string[]): Promise<string> {
  const texts = await Promise.all(
    urls.map((url) => Deno.readTextFile(new URL(url)).catch(nothing)),
  );
  return JSON.stringify(texts);
}

/**
 * Does the same at once, so that no change can come in between.
 *
 * @param urls Where they are.
 * @returns Their texts, one after the other; what is not there has none.
 */
export function readModulesNow(urls: readonly string[]): string {
  return JSON.stringify(urls.map((url) => {
    try {
      return Deno.readTextFileSync(new URL(url));
    } catch (error) {
      return nothing(error);
    }
  }));
}

function nothing(error: unknown): null {
  if (error instanceof Deno.errors.NotFound) return null;
  throw error;
}
