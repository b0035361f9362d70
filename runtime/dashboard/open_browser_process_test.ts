import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { openBrowser } from "./open_browser.ts";

const URL_WITH_TOKEN = "http://127.0.0.1:1/?token=secret";

/** What is opened on Linux: it notes with what it was started, and what is in the file. */
const OPENER = `#!/bin/sh
echo "$@" > "$NOTES"
cat "$1" >> "$NOTES"
`;

Deno.test({
  name: "openBrowser() keeps the token from those who list processes",
  // Other systems open files with programs of their own.
  ignore: Deno.build.os !== "linux",
  async fn() {
    const folder = await Deno.makeTempDir();
    const path = Deno.env.get("PATH") ?? "";
    try {
      await Deno.writeTextFile(`${folder}/xdg-open`, OPENER, { mode: 0o755 });
      Deno.env.set("PATH", `${folder}:${path}`);
      Deno.env.set("NOTES", `${folder}/notes`);
      const opened = await openBrowser(URL_WITH_TOKEN);
      assertEquals(opened.isOpen, true);
      const [file, ...content] = (await Deno.readTextFile(`${folder}/notes`))
        .split("\n");
      assertMatch(file!, /^\/\S+\.html$/);
      assertMatch(content.join("\n"), /content="0;url=http:\S+token=secret"/);
      assertEquals((await Deno.stat(file!)).mode! & 0o077, 0);
      await opened[Symbol.asyncDispose]();
      await assertRejects(() => Deno.stat(file!), Deno.errors.NotFound);
    } finally {
      Deno.env.set("PATH", path);
      Deno.env.delete("NOTES");
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "openBrowser() tells that there is nothing to open it with",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const path = Deno.env.get("PATH") ?? "";
    try {
      Deno.env.set("PATH", "");
      const opened = await openBrowser(URL_WITH_TOKEN);
      assertEquals(opened.isOpen, false);
      await opened[Symbol.asyncDispose]();
    } finally {
      Deno.env.set("PATH", path);
    }
  },
});
