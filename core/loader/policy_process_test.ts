// What reaches a plugin's process of what it asked for, and what is remembered of it.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { countWithHeap } from "../sandbox/processes_test.ts";
import {
  createLoaderHost,
  type LoaderHost,
  loadFailure,
  MIB,
  plugin,
} from "./loader_host_test.ts";
import type { AuditRecord } from "./policy/audit.ts";
import type { PermissionRequest } from "../plugin/isolation.ts";

/** A plugin that asks for something, tries expressions and logs what came of each. */
function trying(
  permissions: PermissionRequest,
  attempts: readonly string[] = [],
): string {
  const tries = attempts.map((code) => `async () => ${code}`);
  return `export default {
    metadata: { id: "acme.a", version: "1.0.0", permissions: ${
    JSON.stringify(permissions)
  } },
    async onLoad({ log }) {
      for (const attempt of [${tries}]) {
        try { log.info("open: " + JSON.stringify(await attempt())); }
        catch { log.info("closed"); }
      }
    },
  };`;
}

function linesOf({ log }: LoaderHost): string[] {
  return log.map(({ message }) => message);
}

/** A folder with a file in it, that no link leads to. */
async function createFolder() {
  const path = await Deno.realPath(await Deno.makeTempDir());
  await Deno.mkdir(`${path}/data/secret`, { recursive: true });
  await Deno.writeTextFile(`${path}/data/a.txt`, "A");
  await Deno.writeTextFile(`${path}/data/secret/b.txt`, "B");
  return {
    path,
    data: `${path}/data`,
    lockfile: `${path}/spiral.lock`,
    cacheDir: `${path}/cache`,
    consentDir: `${path}/consents`,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

Deno.test("policy: plugins that are loaded together are asked about one after the other", async () => {
  let open = 0;
  const asked: string[] = [];
  await using host = createLoaderHost({
    consent: async ({ pluginIds }) => {
      assertEquals(++open, 1);
      asked.push(...pluginIds);
      await new Promise((resolve) => setTimeout(resolve, 20));
      open--;
      return true;
    },
  });
  const urls = ["acme.a", "acme.b", "acme.c"].map((id) =>
    host.serve(
      `${id}.js`,
      `export default { metadata: { id: "${id}", version: "1.0.0", permissions: { env: ["SPIRALTORCH_TOKEN"] } } };`,
    )
  );
  const handles = await host.loader.load(urls);
  assertEquals(handles.map(({ id }) => id), ["acme.a", "acme.b", "acme.c"]);
  assertEquals(asked.sort(), ["acme.a", "acme.b", "acme.c"]);
});

Deno.test("policy: a plugin gets the files, the variable and the address that it was granted, and no others", async () => {
  await using folder = await createFolder();
  const { data, path } = folder;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response("hello"),
  );
  const other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  Deno.env.set("SPIRALTORCH_TOKEN", "token");
  try {
    const address = `127.0.0.1:${server.addr.port}`;
    const asked = { net: [address], read: [data], env: ["SPIRALTORCH_TOKEN"] };
    await using host = createLoaderHost({
      policy: {
        allow: asked,
        deny: { read: [`${data}/secret`] },
        privateNetwork: true,
      },
    });
    const url = host.serve(
      "mod.js",
      trying(asked, [
        `(await fetch("http://${address}")).text()`,
        `Deno.readTextFile("${data}/a.txt")`,
        `Deno.env.get("SPIRALTORCH_TOKEN")`,
        `(await fetch("http://127.0.0.1:${other.addr.port}")).text()`,
        `Deno.readTextFile("${data}/secret/b.txt")`,
        `Deno.readTextFile("${path}/spiral.lock")`,
        `Deno.writeTextFile("${data}/a.txt", "")`,
        `Deno.env.get("HOME")`,
        `new Deno.Command("/bin/true").outputSync()`,
        `new Function("name", "return import(name)")("http://${address}/m.js")`,
      ]),
    );
    await host.loader.load(url);
    assertEquals(linesOf(host), [
      'open: "hello"',
      'open: "A"',
      'open: "token"',
      ...Array(7).fill("closed"),
    ]);
  } finally {
    Deno.env.delete("SPIRALTORCH_TOKEN");
    other.close();
    await server.shutdown();
  }
});

Deno.test("policy: without a policy a plugin that asks is refused, no process is left, and the trail says why", async () => {
  const trail: AuditRecord[] = [];
  await using host = createLoaderHost({
    audit: (record) => void trail.push(record),
    limits: { heapBytesMax: 119 * MIB },
  });
  const url = host.serve("mod.js", trying({ net: ["api.example:443"] }));
  const error = await loadFailure(host, url);
  assertEquals(error.code, "PERMISSION_REFUSED");
  assertEquals(error.details.missing, [{
    resource: "net api.example:443",
    rule: "default",
  }]);
  assertEquals(trail, [{
    url,
    pluginIds: ["acme.a"],
    resource: "net api.example:443",
    decision: "refused",
    rule: "default",
  }]);
  assertEquals(await countWithHeap(119), 0);
});

Deno.test("policy: what one load permits is a limit, not a grant", async () => {
  await using folder = await createFolder();
  const { data } = folder;
  const asked = { read: [data] };
  await using host = createLoaderHost({ policy: { allow: asked } });
  const url = host.serve("mod.js", trying(asked));
  const error = await loadFailure(host, url, { permissions: {} });
  assertEquals(error.code, "PERMISSION_REFUSED");
  await host.loader.load(url, { permissions: { allow: asked } });
});

Deno.test("policy: consent is asked for once, and remembered in the lockfile", async () => {
  await using folder = await createFolder();
  const { lockfile, cacheDir, consentDir, data } = folder;
  let questions = 0;
  const consent = () => Promise.resolve(++questions === 1);
  await using host = createLoaderHost({
    lockfile,
    cacheDir,
    consentDir,
    consent,
  });
  const source = trying({ read: [data] }, [
    `Deno.readTextFile("${data}/a.txt")`,
  ]);
  const url = host.serve("mod.js", source);
  await host.loader.load(url);
  await host.registry.unregister("acme.a");
  const locked = await Deno.readTextFile(lockfile);
  assertMatch(locked, /,"grant","read","[^"]*\/data"\]$/m);
  await host.loader.load(url);
  await host.registry.unregister("acme.a");
  assertEquals(questions, 1);
  assertEquals(linesOf(host), ['open: "A"', 'open: "A"']);

  // A new version that asks for more is asked about, and the answer is no this time.
  host.serve("mod.js", trying({ read: [data], gpu: true }));
  const error = await loadFailure(host, url, { update: true });
  assertEquals(error.details.missing, [{
    resource: "gpu",
    rule: "consent-refused",
  }]);
  assertEquals(questions, 2);
  assertEquals(await Deno.readTextFile(lockfile), locked);
});

Deno.test("policy: what only the lockfile says was granted is asked for, refused, or a policy's to count", async () => {
  await using folder = await createFolder();
  const { lockfile, cacheDir, consentDir, data } = folder;
  await using host = createLoaderHost({
    lockfile,
    cacheDir,
    consentDir,
    policy: { allow: { env: ["SPIRALTORCH_TOKEN"] } },
  });
  const asked = { env: ["SPIRALTORCH_TOKEN"], optional: { read: [data] } };
  const url = host.serve("mod.js", trying(asked));
  await host.loader.load(url);
  const before = await Deno.readTextFile(lockfile);
  const line = before.split("\n").find((line) => line.includes('"grant"'))!;
  const widened = line.replace('"env","SPIRALTORCH_TOKEN"', `"read","${data}"`);
  await Deno.writeTextFile(
    lockfile,
    before.replace(line, `${line}\n${widened}`),
  );

  async function rulesWith(
    options: Parameters<typeof createLoaderHost>[0],
  ): Promise<string[]> {
    const trail: AuditRecord[] = [];
    await using other = createLoaderHost({
      lockfile,
      cacheDir,
      consentDir,
      audit: (record) => void trail.push(record),
      ...options,
    });
    await other.loader.load(url);
    return trail.map(({ resource, rule }) =>
      `${resource.split(" ")[0]} ${rule}`
    );
  }
  assertEquals(await rulesWith({}), ["env lock", "read lock-unconfirmed"]);
  const policy = { lockedGrants: true };
  assertEquals(await rulesWith({ policy }), ["env lock", "read lock"]);
  // Whoever counts what others have written down has granted nothing of it.
  assertEquals(await rulesWith({}), ["env lock", "read lock-unconfirmed"]);
  await using stranger = createLoaderHost({
    lockfile,
    cacheDir,
    consentDir: `${folder.path}/none`,
  });
  const elsewhere = await loadFailure(stranger, url);
  assertEquals(elsewhere.details.missing, [{
    resource: "env SPIRALTORCH_TOKEN",
    rule: "lock-unconfirmed",
  }]);
  const consent = () => Promise.resolve(true);
  const yes = { consent, frozen: true };
  assertEquals(await rulesWith(yes), ["env lock", "read consent"]);
  assertEquals(await rulesWith({}), ["env lock", "read lock"]);
});

Deno.test("policy: what a policy denies is not had by consent of old", async () => {
  await using folder = await createFolder();
  const { lockfile, cacheDir, consentDir, data } = folder;
  const consent = () => Promise.resolve(true);
  await using host = createLoaderHost({
    lockfile,
    cacheDir,
    consentDir,
    consent,
  });
  const url = host.serve("mod.js", trying({ read: [data] }));
  await host.loader.load(url);
  await using strict = createLoaderHost({
    lockfile,
    cacheDir,
    consentDir,
    consent,
    policy: { deny: { read: [folder.path] } },
  });
  const error = await loadFailure(strict, url);
  assertEquals(error.details.missing, [{
    resource: `read ${data}`,
    rule: `deny:read ${folder.path}`,
  }]);
});

Deno.test("policy: a frozen lockfile grants what it says and no more", async () => {
  await using folder = await createFolder();
  const { lockfile, cacheDir, consentDir, data } = folder;
  const policy = { allow: { read: [data] } };
  await using host = createLoaderHost({
    lockfile,
    cacheDir,
    consentDir,
    policy,
  });
  const url = host.serve("mod.js", trying({ optional: { read: [data] } }));
  await host.loader.load(url);
  const text = await Deno.readTextFile(lockfile);
  const lines = text.split("\n").filter((line) => !line.includes('"grant"'));
  await Deno.writeTextFile(lockfile, lines.join("\n"));
  const trail: AuditRecord[] = [];
  await using frozen = createLoaderHost({
    lockfile,
    cacheDir,
    consentDir,
    policy,
    frozen: true,
    audit: (record) => void trail.push(record),
  });
  await frozen.loader.load(url);
  assertEquals(trail.map(({ rule }) => rule), ["frozen"]);
});

Deno.test("loader: metadata ≠ manifest: a plugin that says something else once it has what it wants is refused", async () => {
  await using folder = await createFolder();
  const { data } = folder;
  await using host = createLoaderHost({ policy: { allow: { read: [data] } } });
  const permissions = JSON.stringify({ read: [data] });
  const url = host.serve(
    "mod.js",
    `let version = "1.0.0";
     try { Deno.readTextFileSync("${data}/a.txt"); version = "2.0.0"; } catch {}
     export default {
       metadata: { id: "acme.a", version, permissions: ${permissions} },
     };`,
  );
  const error = await loadFailure(host, url);
  assertEquals(error.code, "MANIFEST_MISMATCH");
});

Deno.test("policy: plugins come from the hosts that it lists, and nothing is fetched from others", async () => {
  const trail: AuditRecord[] = [];
  await using host = createLoaderHost({
    policy: { hosts: ["127.0.0.1", "plugins.example"] },
    audit: (record) => void trail.push(record),
  });
  const url = host.serve("mod.js", plugin("acme.a"));
  await host.loader.load(url);
  await host.registry.unregister("acme.a");
  const elsewhere = url.replace("127.0.0.1", "localhost");
  const asked = host.asked.length;
  const error = await loadFailure(host, elsewhere);
  assertEquals([error.code, error.details.rule], ["SOURCE_DENIED", "hosts"]);
  assertEquals(host.asked.length, asked);
  assertEquals(trail.map(({ rule }) => rule), ["hosts:127.0.0.1", "hosts"]);
  const port = await loadFailure(host, url, {
    permissions: { hosts: ["127.0.0.1:1"] },
  });
  assert(port.code === "SOURCE_DENIED");
});

Deno.test("policy: http: is for this machine, and for hosts that it is said of", async () => {
  const asked: string[] = [];
  const source = `export default { metadata: { id: "a", version: "1.0.0" } };`;
  const fetch = (url: string) => {
    asked.push(url);
    const headers = { "content-type": "text/javascript" };
    return Promise.resolve(new Response(source, { headers }));
  };
  const url = "http://intranet.example/mod.js";
  await using closed = createLoaderHost({ fetch });
  const error = await loadFailure(closed, url);
  assertEquals([error.code, asked], ["SPECIFIER_INVALID", []]);
  await using open = createLoaderHost({
    fetch,
    policy: { httpHosts: ["intranet.example"] },
  });
  const [handle] = await open.loader.load(url);
  assertEquals([handle?.id, asked], ["a", [url]]);
});
