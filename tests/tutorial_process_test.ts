// The tutorial as it stands: its files are written, its commands run, one after another.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { ROOT } from "../tools/project_files.ts";

const TUTORIAL = await Deno.readTextFile(
  new URL("docs/tutorial_plugin.md", ROOT),
);

/** A file that is to be written, or commands that are to be run. */
interface Block {
  readonly file: string | undefined;
  readonly text: string;
}

/** The blocks of the tutorial, in order. A file's name is the last code before its block. */
function blocks(): Block[] {
  const found = TUTORIAL.matchAll(
    /(?:`([\w.]+)`:\n\n)?^```(ts|sh).*\n([^]*?)^```$/gm,
  );
  return Array.from(found, ([, file, , text]) => ({ file, text: text! }));
}

Deno.test("tutorial: a plugin is made, tested, tried and ready to be published as written", async () => {
  const place = await Deno.makeTempDir();
  await using _place = {
    [Symbol.asyncDispose]: () => Deno.remove(place, { recursive: true }),
  };
  const folder = `${place}/softer`;
  const library = ROOT.pathname.replace(/\/$/, "");
  let cwd = library;
  const outputs = new Map<string, string>();
  for (const { file, text } of blocks()) {
    if (file !== undefined) {
      await Deno.writeTextFile(`${folder}/${file}`, text);
      continue;
    }
    for (const line of text.trim().split("\n")) {
      const command = line.replaceAll("../softer", folder)
        .replaceAll("../spiraltorch", library);
      if (command.startsWith("cd ")) {
        cwd = command.slice("cd ".length);
        continue;
      }
      const [name, ...args] = command.split(" ");
      assertEquals(name, "deno");
      // Types of the same modules were just checked by the tests, with the library's, which takes long.
      if (args[0] === "publish") args.push("--no-check");
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args,
        cwd,
        env: { NO_COLOR: "1" },
      }).output();
      const decoder = new TextDecoder();
      const said = decoder.decode(stdout) + decoder.decode(stderr);
      assertEquals([code, code === 0 ? "" : said], [0, ""], command);
      outputs.set(line, said);
    }
  }
  const said = (part: string) =>
    [...outputs].find(([line]) => line.includes(part))?.[1] ?? "";
  assertMatch(said("task test"), /5 passed/);
  assertMatch(
    said("try.ts"),
    /\[ -0\.75, 0, 0\.5 \] \[ 0\.0625, 1, 0\.25 \]/,
  );
  assert(outputs.size === 4);
});
