// What plugins in workers may touch, in programs started with the flag that this takes.

import { assertEquals } from "@std/assert";

/** A plugin that tells what it could not do. */
const PLUGIN = `
  const TRIES = {
    env: () => Deno.env.get("HOME"),
    read: () => Deno.readTextFile("/etc/hostname"),
    run: () => new Deno.Command("true").output(),
    write: () => Deno.makeTempFile(),
  };
  export default {
    metadata: { id: "acme.curious", version: "1.0.0" },
    async onLoad(context) {
      const refused = [];
      for (const [name, attempt] of Object.entries(TRIES)) {
        try {
          await attempt();
        } catch (error) {
          if (error instanceof Deno.errors.NotCapable) refused.push(name);
        }
      }
      context.publish({ kind: "Custom", eventType: "acme.refused", data: refused });
    },
  };
`;

/** Loads the plugin and prints what it tells, and what its report says. */
const PROGRAM = `
  import { createEcosystem } from "${new URL("../mod.ts", import.meta.url)}";
  const [url, workerPermissions] = Deno.args;
  const options = { backend: "reference", workerPermissions };
  await using ecosystem = await createEcosystem(options);
  const refused = new Promise((resolve) => {
    ecosystem.events.subscribe("acme.refused", ({ data }) => resolve(data));
  });
  await ecosystem.loader.load(url, { isolation: "worker" });
  const [{ limitsNotInForce }] = ecosystem.loader.reports();
  const isHeld = !limitsNotInForce.includes("permissions");
  console.log(JSON.stringify({ refused: await refused, isHeld }));
`;

Deno.test.each([
  { workerPermissions: "none", refused: ["env", "read", "run", "write"] },
  { workerPermissions: "inherit", refused: [] },
])(
  "workerPermissions: $workerPermissions refuses a plugin $refused",
  async ({ workerPermissions, refused }) => {
    const folder = await Deno.makeTempDir();
    await using _folder = {
      [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
    };
    await Deno.writeTextFile(`${folder}/plugin.js`, PLUGIN);
    await Deno.writeTextFile(`${folder}/main.js`, PROGRAM);
    const config = new URL("../deno.json", import.meta.url).pathname;
    const { stdout, stderr, code } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-check",
        "--quiet",
        "--allow-all",
        "--unstable-worker-options",
        `--config=${config}`,
        `${folder}/main.js`,
        `file://${folder}/plugin.js`,
        workerPermissions,
      ],
    }).output();
    const [out, complaints] = [stdout, stderr].map((bytes) =>
      new TextDecoder().decode(bytes)
    );
    assertEquals(code, 0, complaints);
    const isHeld = workerPermissions === "none";
    assertEquals(JSON.parse(out!), { refused, isHeld });
  },
);
