// The library from another folder, as its readme says: by its import map, from this folder or a server,
// with the permissions that the readme names and no others.

import { assert, assertEquals } from "@std/assert";
import { ROOT } from "../tools/project_files.ts";
import { serveSources } from "../tools/serve.ts";

const README = await Deno.readTextFile(new URL("README.md", ROOT));

/** The programs of the readme, in order. */
const PROGRAMS: readonly string[] = Array.from(
  README.matchAll(/^```ts.*\n([^]*?)^```$/gm),
  ([, program]) => program!,
);

/** Where the readme serves the sources. */
const SERVED = "http://localhost:8000/";

/** Makes an empty folder, which goes at the end. */
async function emptyFolder(stack: AsyncDisposableStack): Promise<string> {
  const folder = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  return folder;
}

/** Runs a program in a folder, and requires that it ends well. */
async function runIn(
  folder: string,
  { program, flags = [] }: {
    readonly program: string;
    readonly flags?: readonly string[];
  },
): Promise<void> {
  await Deno.writeTextFile(`${folder}/program.ts`, program);
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--no-lock",
      ...flags,
      "program.ts",
    ],
    cwd: folder,
  }).output();
  assertEquals([code, code === 0 ? "" : new TextDecoder().decode(stderr)], [
    0,
    "",
  ]);
}

Deno.test("readme: each program works as pasted, without a permission", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await emptyFolder(stack);
  const importMap = new URL("import_map.json", ROOT).href;
  await Deno.writeTextFile(
    `${folder}/deno.json`,
    JSON.stringify({ importMap }),
  );
  const alone = PROGRAMS.filter((program) => !program.includes(SERVED));
  assert(alone.length >= 5);
  for (const program of alone) await runIn(folder, { program });
});

Deno.test("readme: the plugin from a URL works as pasted, with the permissions that are named", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await emptyFolder(stack);
  await using server = serveSources(0);
  const origin = `localhost:${server.addr.port}`;
  const command = /deno run (--allow-net.*) gate\.ts/.exec(README)![1]!;
  const program = PROGRAMS.find((program) => program.includes(SERVED))!;
  await runIn(folder, {
    program: program.replace(SERVED, `http://${origin}/`),
    flags: [
      `--import-map=${new URL("import_map.json", ROOT).href}`,
      ...command.replace("localhost:8000", origin).split(" "),
    ],
  });
});

Deno.test("readme: the library from a server trains, and runs plugins in processes", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await emptyFolder(stack);
  await using server = serveSources(0);
  const origin = `localhost:${server.addr.port}`;
  const flags = [
    "--no-config",
    `--import-map=http://${origin}/import_map.json`,
    `--allow-import=${origin}`,
  ];
  const network = PROGRAMS.find((program) => program.includes("Trainer"))!;
  await runIn(folder, { program: network, flags });
  const gate = PROGRAMS.find((program) => program.includes(SERVED))!;
  await runIn(folder, {
    program: gate.replace(SERVED, `http://${origin}/`),
    flags: [...flags, `--allow-net=${origin}`, "--allow-run"],
  });
});

/** Asks for a file of each kind: the page's own modules, its packages, and what is no module. */
const SERVES_DASHBOARD = `
import { DashboardFeed, serveDashboard } from "@spiraltorch/spiraltorch/dashboard";

await using dashboard = await serveDashboard(new DashboardFeed("run"));
const { origin, search } = new URL(dashboard.url);
for (const path of ["/", "/page/main.ts", "/page/style.css", "/package/preact.js", "/package/uplot.css"]) {
  const { ok, body } = await fetch(origin + path + search);
  await body?.cancel();
  if (!ok) throw new Error(path);
}
`;

Deno.test("the dashboard of a library from a server needs no permission but to serve", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await emptyFolder(stack);
  await using server = serveSources(0);
  const origin = `localhost:${server.addr.port}`;
  await runIn(folder, {
    program: SERVES_DASHBOARD,
    flags: [
      "--no-config",
      `--import-map=http://${origin}/import_map.json`,
      `--allow-import=${origin}`,
      "--allow-net=127.0.0.1",
    ],
  });
});

Deno.test("serveSources() serves sources, and nothing that is hidden or above them", async () => {
  await using server = serveSources(0);
  const get = async (path: string) => {
    const response = await fetch(
      `http://127.0.0.1:${server.addr.port}/${path}`,
    );
    await response.body?.cancel();
    return [response.status, response.headers.get("content-type")];
  };
  assertEquals(await get("mod.ts"), [200, "application/typescript"]);
  assertEquals(await get("import_map.json"), [200, "application/json"]);
  for (
    const path of [".git/config", "..%2f..%2fetc%2fx.ts", "core", "absent.ts"]
  ) assertEquals((await get(path))[0], 404);
});
