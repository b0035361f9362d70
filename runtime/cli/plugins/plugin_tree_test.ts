// None of these plugins is anywhere: what is told comes from the lockfile alone.

import { assertEquals, assertStringIncludes } from "@std/assert";
import { Lockfile } from "../../../core/tools.ts";
import { lockedPlugin, withProject } from "./locked_project_test.ts";

const NET = lockedPlugin("2.0.0", {
  description: "Networks.",
  dependencies: { "acme.gates": "^1.0.0", "acme.lost": "*" },
  optionalDependencies: { "acme.plots": "^3.0.0" },
  capabilities: ["Operators", "Telemetry"],
});
const PLUGINS = {
  "acme.core": lockedPlugin("1.2.0"),
  "acme.better": lockedPlugin("0.3.0", {
    dependencies: { "acme.core": "1" },
    provides: { "acme.gates": "1.4.0" },
  }),
  "acme.net": NET,
};

Deno.test("spiral plugin tree draws what the lockfile says, also what is missing", async () => {
  await withProject(PLUGINS, async (run) => {
    const text = await run("tree");
    assertEquals(
      text.out,
      [
        "acme.net 2.0.0",
        "├─ acme.better 0.3.0 (as acme.gates ^1.0.0)",
        "│  └─ acme.core 1.2.0 (1)",
        "└─ acme.lost missing (*)",
        "",
      ].join("\n"),
    );
    const { out } = await run("tree --json");
    assertEquals(JSON.parse(out).plugins[2], {
      id: "acme.net",
      version: "2.0.0",
      dependencies: [
        {
          id: "acme.gates",
          range: "^1.0.0",
          found: "1.4.0",
          substitute: "acme.better",
        },
        { id: "acme.lost", range: "*", found: null },
      ],
    });
    assertStringIncludes(
      (await run("tree --format dot")).out,
      '"acme.net" -> "acme.better"',
    );
    assertStringIncludes((await run("tree --format mermaid")).out, "-.->");
  });
});

Deno.test("spiral plugin tree ends where plugins need one another in a circle", async () => {
  const plugins = {
    "acme.a": lockedPlugin("1.0.0", { dependencies: { "acme.b": "1" } }),
    "acme.b": lockedPlugin("1.0.0", { dependencies: { "acme.a": "1" } }),
  };
  await withProject(plugins, async (run) => {
    assertStringIncludes(
      (await run("tree")).out,
      "└─ acme.b 1.0.0 (1)\n   └─ acme.a 1.0.0, again (1)\n",
    );
    assertEquals((await run("why acme.a")).out, "acme.b -> acme.a\n");
    const audit = await run("audit");
    assertEquals(audit.exitCode, 1);
    assertStringIncludes(audit.out, "need one another in a circle");
  });
});

Deno.test("spiral plugin why names every way to a plugin", async () => {
  await withProject(PLUGINS, async (run) => {
    assertEquals(
      (await run("why acme.core")).out,
      "acme.net -> acme.better -> acme.core\n",
    );
    assertEquals(
      (await run("why acme.net")).out,
      "acme.net was added itself\n",
    );
  });
});

Deno.test("spiral plugin explain tells what a plugin is, offers, needs and may do", async () => {
  await withProject(PLUGINS, async (run) => {
    const { out } = await run("explain acme.net");
    for (
      const line of [
        /is +Networks\./,
        /offers +Telemetry/,
        /may +nothing/,
        /needs +acme\.gates \^1\.0\.0, found 1\.4\.0 in acme\.better/,
        /needs +acme\.lost \*, found nothing/,
        /can use +acme\.plots \^3\.0\.0/,
      ]
    ) {
      assertEquals(out.match(line)?.length, 1, `${line} in\n${out}`);
    }
    const better = await run("explain acme.better");
    assertStringIncludes(better.out, "acme.gates 1.4.0");
    const json = JSON.parse((await run("explain acme.core --json")).out);
    assertEquals(json.dependents, ["acme.better", "acme.net"]);
    const unknown = await run("explain acme.cor");
    assertEquals(unknown.exitCode, 2);
    assertStringIncludes(unknown.err, '(did you mean "acme.core"?)');
  });
});

Deno.test("spiral plugin audit finds dependencies that are not met", async () => {
  const plugins = {
    ...PLUGINS,
    "acme.plots": lockedPlugin("1.0.0"),
  };
  await withProject(plugins, async (run) => {
    const { out, exitCode } = await run("audit --json");
    assertEquals(exitCode, 1);
    const { findings } = JSON.parse(out);
    assertEquals(
      findings.map(({ found }: { readonly found: string }) => found),
      [
        "needs acme.lost, found none",
        "needs acme.plots ^3.0.0, found 1.0.0",
      ],
    );
  });
});

Deno.test("spiral plugin remove keeps what another plugin needs, unless it is forced", async () => {
  await withProject(PLUGINS, async (run, file) => {
    const needed = await run("remove acme.core --json");
    assertEquals(needed.exitCode, 2);
    assertEquals(JSON.parse(needed.out).error.code, "DEPENDENCY_MISSING");
    // What was missing before keeps nobody here.
    assertEquals((await run("remove acme.net")).exitCode, 0);
    assertEquals((await run("remove acme.core --force")).exitCode, 0);
    const left = await new Lockfile(file, { frozen: true }).read();
    assertEquals([...left.keys()], ["https://nowhere.invalid/acme.better.ts"]);
  });
});
