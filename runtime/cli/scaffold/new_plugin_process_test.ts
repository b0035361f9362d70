// Every plugin that `spiral plugin new` writes is formatted, lints, type-checks and passes its own tests.

import { assertEquals, assertStringIncludes } from "@std/assert";
import { toPath } from "../../to_path.ts";
import { runJson, runSpiral } from "../fake_io_test.ts";
import { TEMPLATE_NAMES, type TemplateName } from "./template_names.ts";

const ROOT = toPath(new URL("../../../", import.meta.url)).replace(/\/$/, "");

/** Names that the language, the library or the template itself has for something else. */
const IDS: Readonly<Record<TemplateName, string>> = {
  backend: "reference",
  data: "samples",
  layer: "number",
  operator: "new",
  telemetry: "plugin",
};

async function deno(folder: string, ...args: string[]): Promise<void> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  assertEquals(code, 0, decoder.decode(stdout) + decoder.decode(stderr));
}

Deno.test("spiral plugin new writes plugins that pass their own tests", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const template of TEMPLATE_NAMES) {
      const { data } = await runJson([
        "plugin",
        "new",
        `${folder}/${template}`,
        "--template",
        template,
        "--id",
        `acme.${IDS[template]}`,
        "--library",
        ROOT,
      ]);
      assertEquals(data["id"], `acme.${IDS[template]}`);
    }
    // One project of all of them, so that they are type-checked together.
    const { imports, links, tasks } = JSON.parse(
      await Deno.readTextFile(`${folder}/operator/deno.json`),
    );
    for (const template of TEMPLATE_NAMES) {
      await Deno.remove(`${folder}/${template}/deno.json`);
    }
    const manifest = JSON.stringify({ imports, links });
    await Deno.writeTextFile(`${folder}/deno.json`, manifest);
    await Deno.copyFile(`${ROOT}/deno.lock`, `${folder}/deno.lock`);
    const [, ...test] = tasks.test.split(" ");
    await deno(folder, ...test);
    await deno(folder, "lint", ...TEMPLATE_NAMES);
    await deno(folder, "fmt", "--check", ...TEMPLATE_NAMES);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("spiral plugin new names the plugin after its folder, and writes over nothing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { data } = await runJson(["plugin", "new", `${folder}/My-Step`]);
    assertEquals(data["id"], "local.my_step");
    const { exitCode, err } = await runSpiral(["plugin", "new", folder]);
    assertEquals(exitCode, 2);
    assertStringIncludes(err, "wanted a folder that is not there");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
