// The commands that look after plugins, with real sandboxes and a lockfile in a folder of their own.

import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { type FakeOptions, type Ran, runSpiral } from "../fake_io_test.ts";

const EXAMPLES = new URL("../../../examples/plugins/", import.meta.url);

/** A folder with a lockfile, a store and plugins. */
class Project implements AsyncDisposable {
  readonly folder: string;
  readonly #urls: Readonly<Record<string, string>>;

  constructor(folder: string) {
    this.folder = folder;
    this.#urls = {
      GATES: `file://${folder}/gates.ts`,
      UNITS: `file://${folder}/gated_units.ts`,
    };
  }

  static async create(): Promise<Project> {
    const folder = await Deno.realPath(await Deno.makeTempDir());
    for (const name of ["gates.ts", "gated_units.ts"]) {
      await Deno.copyFile(new URL(name, EXAMPLES), `${folder}/${name}`);
    }
    return new Project(folder);
  }

  /** Runs `spiral plugin …`; names of plugins stand for their URLs. */
  plugin(line: string, options: FakeOptions = {}): Promise<Ran> {
    const [command, ...rest] = line.split(" ").map((word) =>
      this.#urls[word] ?? word
    );
    const hasCache = ["add", "run", "update", "verify"].includes(command!);
    const hasConsents = hasCache ||
      ["audit", "explain", "list", "remove"].includes(command!);
    return runSpiral([
      "plugin",
      command!,
      ...rest,
      "--lock",
      `${this.folder}/spiral.lock`,
      ...hasCache ? ["--cache", `${this.folder}/cache`] : [],
      ...hasConsents ? ["--consents", `${this.folder}/consents`] : [],
    ], options);
  }

  async json(
    line: string,
    options?: FakeOptions,
  ): Promise<{ exitCode: number; data: Record<string, unknown> }> {
    const { exitCode, out } = await this.plugin(`${line} --json`, options);
    return { exitCode, data: JSON.parse(out) };
  }

  async edit(name: string, change: (text: string) => string): Promise<void> {
    const file = `${this.folder}/${name}`;
    await Deno.writeTextFile(file, change(await Deno.readTextFile(file)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** The code of the error that was told. */
function codeOf({ error }: Record<string, unknown>): unknown {
  return (error as Record<string, unknown>)["code"];
}

Deno.test("spiral plugin add, list, tree, why, explain and remove work on the lockfile", async () => {
  await using project = await Project.create();
  const alone = await project.json("add UNITS");
  assertEquals([alone.exitCode, codeOf(alone.data)], [2, "DEPENDENCY_MISSING"]);
  const added = await project.plugin("add UNITS GATES");
  assertEquals(added.exitCode, 0, added.err);
  assertStringIncludes(added.err, "info example.gates: The soft gate is open");
  const { data } = await project.json("list");
  const plugins = data["plugins"] as Record<string, unknown>[];
  assertEquals(plugins.map(({ specifier, plugins }) => [specifier, plugins]), [
    ["./gated_units.ts", { "example.gated_units": "0.3.0" }],
    ["./gates.ts", { "example.gates": "1.2.0" }],
  ]);

  const tree = await project.plugin("tree");
  assertEquals(
    tree.out,
    "example.gated_units 0.3.0\n└─ example.gates 1.2.0 (^1.0.0)\n",
  );
  const dot = await project.plugin("tree --format dot");
  assertStringIncludes(dot.out, "digraph");
  const why = await project.plugin("why example.gates");
  assertEquals(why.out, "example.gated_units -> example.gates\n");
  const self = await project.plugin("why example.gated_units");
  assertEquals(self.out, "example.gated_units was added itself\n");
  const explained = await project.plugin("explain example.gated_units");
  for (const text of ["offers", "example.gates ^1.0.0", "nothing"]) {
    assertStringIncludes(explained.out, text);
  }
  const unknown = await project.plugin("explain example.gate");
  assertStringIncludes(unknown.err, '(did you mean "example.gates"?)');

  const needed = await project.json("remove example.gates");
  assertEquals(codeOf(needed.data), "DEPENDENCY_MISSING");
  const removed = await project.json("remove example.gated_units");
  assertEquals(removed.data, { removed: ["example.gated_units"] });
  const last = await project.json("remove GATES");
  assertEquals(last.data, { removed: ["example.gates"] });
  const empty = await project.plugin("list");
  assertEquals(empty.out, "no plugin is locked\n");
});

Deno.test("spiral plugin verify finds changed bytes, and update takes them", async () => {
  await using project = await Project.create();
  await project.plugin("add UNITS GATES");
  assertEquals((await project.json("verify")).data, {
    ok: true,
    intact: 2,
    unconfirmed: [],
    modules: [],
  });
  await project.edit("gates.ts", (text) => text.replace("1.2.0", "1.2.1"));
  const altered = await project.json("verify");
  assertEquals(altered.exitCode, 1);
  assertEquals(altered.data["modules"], [{
    module: "./gates.ts",
    state: "altered",
  }]);
  const refused = await project.json("run --once");
  assertEquals(codeOf(refused.data), "INTEGRITY_MISMATCH");
  // What is not to be updated is held to what was locked.
  const other = await project.json("update example.gated_units");
  assertEquals(codeOf(other.data), "INTEGRITY_MISMATCH");
  const updated = await project.plugin("update example.gates");
  assertEquals(updated.out, "example.gates 1.2.0 -> 1.2.1\n");
  assertEquals((await project.plugin("verify")).exitCode, 0);
  const again = await project.plugin("update");
  assertEquals(again.out, "everything is what it was\n");
});

Deno.test("spiral plugin run loads offline from the store, and refuses a stored byte that was changed", async () => {
  await using project = await Project.create();
  const source = await Deno.readTextFile(`${project.folder}/gates.ts`);
  {
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      () =>
        new Response(source, {
          headers: { "content-type": "application/typescript" },
        }),
    );
    const url = `http://127.0.0.1:${server.addr.port}/gates.ts`;
    const added = await project.plugin(`add ${url}`);
    assertEquals(added.exitCode, 0, added.err);
  }
  const audit = await project.json("audit");
  assertEquals(audit.exitCode, 1);
  const ran = await project.json("run --once");
  assertEquals(ran.data, {
    plugins: [{
      plugin: "example.gates",
      version: "1.2.0",
      contributions: ["operator gates:soft_gate"],
    }],
    died: null,
  });
  const modules = `${project.folder}/cache/modules`;
  for await (const { name } of Deno.readDir(modules)) {
    for await (const file of Deno.readDir(`${modules}/${name}`)) {
      await Deno.writeTextFile(`${modules}/${name}/${file.name}`, "changed");
    }
  }
  assertEquals((await project.plugin("verify")).exitCode, 1);
  const refused = await project.json("run --once");
  assertEquals(codeOf(refused.data), "INTEGRITY_MISMATCH");
  await Deno.remove(modules, { recursive: true });
  const missing = await project.json("verify");
  assertEquals([missing.exitCode, missing.data["intact"]], [0, 0]);
});

Deno.test("spiral plugin run keeps plugins until Ctrl-C", async () => {
  await using project = await Project.create();
  const stop = new AbortController();
  const ran = await project.plugin("run GATES", {
    signal: stop.signal,
    onWrite: (text) => text.startsWith("  brings") && stop.abort(),
  });
  assertEquals(ran.exitCode, 0, ran.err);
  assertStringIncludes(ran.out, "example.gates 1.2.0\n");
});

Deno.test("spiral plugin run leaves the lockfile as it is, and holds plugins to it", async () => {
  await using project = await Project.create();
  const lockfile = `${project.folder}/spiral.lock`;
  const alone = await project.json("run GATES --once");
  assertEquals(alone.exitCode, 0);
  await assertRejects(() => Deno.stat(lockfile), Deno.errors.NotFound);
  await project.plugin("add GATES");
  const before = await Deno.readTextFile(lockfile);
  const beside = await project.json("run UNITS --once");
  assertEquals((beside.data["plugins"] as unknown[]).length, 2);
  assertEquals(await Deno.readTextFile(lockfile), before);
  await project.edit("gates.ts", (text) => text.replace("1.2.0", "1.2.1"));
  const refused = await project.json("run --once");
  assertEquals(codeOf(refused.data), "INTEGRITY_MISMATCH");
});

Deno.test("spiral plugin add asks for what a plugin wants, and remembers the answer", async () => {
  await using project = await Project.create();
  await project.edit("gates.ts", (text) =>
    text.replace(
      'capabilities: ["Operators"],',
      'capabilities: ["Operators"], permissions: { net: ["api.example:443"] },',
    ));
  const refused = await project.json("add GATES");
  assertEquals(codeOf(refused.data), "PERMISSION_REFUSED");
  const asked: (readonly string[])[] = [];
  const consent = ({ wishes }: { readonly wishes: readonly string[] }) => {
    asked.push(wishes);
    return Promise.resolve(true);
  };
  const added = await project.plugin("add GATES", { consent });
  assertEquals(added.exitCode, 0, added.err);
  assertStringIncludes(added.out, "may net api.example:443");
  assertEquals(asked, [["send to and receive from api.example:443"]]);
  // Nobody is asked twice.
  assertEquals((await project.plugin("run --once")).exitCode, 0);
  const denied = await project.json("run --once --deny net=api.example");
  assertEquals(codeOf(denied.data), "PERMISSION_REFUSED");
  await project.plugin("remove GATES");
  const allowed = await project.plugin("add GATES --allow net=api.example:443");
  assertEquals(allowed.exitCode, 0, allowed.err);
  const host = await project.plugin(
    "run --once --frozen --host plugins.example",
  );
  assert(host.exitCode === 0, host.err);
});

Deno.test("spiral plugin add and search take http: from hosts that --http-host names", async () => {
  await using project = await Project.create();
  const place = "http://nowhere.invalid";
  const open = "--http-host nowhere.invalid";
  for (
    const line of [
      `add ${place}/gates.ts`,
      `add example.gates --index ${place}/index.json`,
      `search gates --index ${place}/index.json`,
    ]
  ) {
    const closed = await project.json(line);
    assertEquals([closed.exitCode, codeOf(closed.data)], [
      2,
      "SPECIFIER_INVALID",
    ]);
    // Nobody answers there: that it is asked at all is what the option is for.
    const asked = await project.json(`${line} ${open}`);
    assertEquals([asked.exitCode, codeOf(asked.data)], [2, "FETCH_FAILED"]);
  }
});

Deno.test("spiral plugin list, explain, audit, verify and run tell a grant that only the lockfile knows of", async () => {
  await using project = await Project.create();
  await project.edit("gates.ts", (text) =>
    text.replace(
      'capabilities: ["Operators"],',
      'capabilities: ["Operators"], permissions: { net: ["api.example:443"] },',
    ));
  await project.plugin("add GATES --allow net=api.example:443");
  assertEquals((await project.plugin("audit")).exitCode, 0);
  // As if somebody else had written the lockfile.
  await Deno.remove(`${project.folder}/consents`, { recursive: true });
  const claim = "net api.example:443";
  const { data } = await project.json("list");
  const [{ unconfirmed }] = data["plugins"] as [{ unconfirmed: unknown }];
  assertEquals(unconfirmed, [claim]);
  const shown = `${claim} (only the lockfile says so)`;
  assertStringIncludes((await project.plugin("list")).out, shown);
  const { out } = await project.plugin("explain example.gates");
  assertStringIncludes(out, shown);
  const verified = await project.plugin("verify");
  assertEquals(verified.exitCode, 0);
  assertStringIncludes(verified.out, `unconfirmed  ./gates.ts may ${claim}`);
  const audit = await project.plugin("audit");
  assertEquals(audit.exitCode, 1);
  assertStringIncludes(audit.out, `may ${claim}, as only the lockfile says`);
  assertEquals((await project.plugin("audit --locked-grants")).exitCode, 0);
  const refused = await project.json("run --once");
  assertEquals(codeOf(refused.data), "PERMISSION_REFUSED");
  const counted = await project.plugin("run --once --frozen --locked-grants");
  assertEquals(counted.exitCode, 0, counted.err);
});

Deno.test("spiral plugin search, add and update take ids from an index", async () => {
  await using project = await Project.create();
  const source = await Deno.readTextFile(`${project.folder}/gates.ts`);
  const newer = source.replace("1.2.0", "1.3.0");
  await Deno.writeTextFile(`${project.folder}/newer.ts`, newer);
  const digests: string[] = [];
  for (const name of ["gates.ts", "newer.ts"]) {
    const url = `file://${project.folder}/${name}`;
    await project.plugin(`add ${url}`);
    const { data } = await project.json("list");
    const [{ digest }] = data["plugins"] as [{ digest: string }];
    digests.push(digest);
    await project.plugin("remove example.gates");
  }
  async function list(versions: readonly string[]): Promise<void> {
    const places = ["gates.ts", "newer.ts"];
    const entries = versions.map((version, i) => [version, {
      url: places[i],
      digest: digests[i],
    }]);
    const plugin = {
      publisher: "example",
      description: "Smooth gates.",
      versions: Object.fromEntries(entries),
    };
    await Deno.writeTextFile(
      `${project.folder}/index.json`,
      JSON.stringify({
        index: 1,
        serial: versions.length,
        expires: "2999-01-01",
        plugins: { "example.gates": plugin },
      }),
    );
  }
  const index = `--index file://${project.folder}/index.json`;
  await list(["1.2.0"]);
  const found = await runSpiral([
    "plugin",
    "search",
    "smooth",
    ...index.split(" "),
  ]);
  assertEquals(found.out, "example.gates  1.2.0  Smooth gates.\n");
  const added = await project.plugin(`add example.gates ${index}`);
  assertEquals(added.exitCode, 0, added.err);
  assertStringIncludes(added.out, "example.gates 1.2.0\n");
  await list(["1.2.0", "1.3.0"]);
  const same = await project.plugin(`add example.gates ${index}`);
  assertStringIncludes(same.out, "example.gates 1.2.0\n");
  const updated = await project.plugin(`update example.gates ${index}`);
  assertEquals(updated.out, "example.gates 1.2.0 -> 1.3.0\n", updated.err);
  const { data } = await project.json("list");
  assertEquals((data["plugins"] as unknown[]).length, 1);
  const nothing = await runSpiral(["plugin", "search", "x", "--key", "a"]);
  assertStringIncludes(nothing.err, "found --key alone");
});
