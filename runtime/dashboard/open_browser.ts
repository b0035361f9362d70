/** What opens an address on each system. */
const OPENERS: Readonly<Record<string, readonly string[]>> = {
  darwin: ["open"],
  windows: ["rundll32", "url.dll,FileProtocolHandler"],
};
const OPENER = ["xdg-open"];

/**
 * Opens an address in the browser. Others on the machine can read what processes are started with, so the
 * address stands in a file that is this user's alone, and the file is what is opened.
 *
 * @param url The address.
 * @returns Whether there was something to open it with; the file, to be removed later.
 */
export async function openBrowser(
  url: string,
): Promise<{ readonly isOpen: boolean } & AsyncDisposable> {
  const file = await Deno.makeTempFile({ prefix: "spiral", suffix: ".html" });
  await Deno.writeTextFile(
    file,
    `<!doctype html><meta http-equiv="refresh" content="0;url=${url}">\n`,
  );
  return {
    isOpen: await isOpened(file),
    [Symbol.asyncDispose]: () => Deno.remove(file),
  };
}

async function isOpened(file: string): Promise<boolean> {
  const [program, ...args] = OPENERS[Deno.build.os] ?? OPENER;
  try {
    const { success } = await new Deno.Command(program!, {
      args: [...args, file],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch {
    return false;
  }
}
