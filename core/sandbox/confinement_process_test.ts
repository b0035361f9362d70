// What a plugin tries inside its process, and what comes of it.

import { assert, assertEquals } from "@std/assert";
import { createToyHost } from "./toy_host_test.ts";
import { start } from "./toy_start_test.ts";

const CANARY = "canary-5f1d7c";

/** A place outside the sandbox with things to steal, and a count of who came. */
async function createOutside() {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/secret.txt`, CANARY);
  await Deno.writeTextFile(`${folder}/mod.js`, `export default "${CANARY}"`);
  Deno.env.set("SPIRALTORCH_CANARY", CANARY);
  let hits = 0;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => {
      hits++;
      return new Response(`export default "${CANARY}"`, {
        headers: { "content-type": "text/javascript" },
      });
    },
  );
  return {
    folder,
    port: server.addr.port,
    hits: () => hits,
    async [Symbol.asyncDispose]() {
      Deno.env.delete("SPIRALTORCH_CANARY");
      await server.shutdown();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** The environment of a process, as the system sees it. */
async function environmentOf(pid: number): Promise<string> {
  const { stdout } = await new Deno.Command("/bin/cat", {
    args: [`/proc/${pid}/environ`],
  }).output();
  return new TextDecoder().decode(stdout);
}

type Outside = Awaited<ReturnType<typeof createOutside>>;

/** Attempts that must throw, as expressions. `load` imports by a name that no scan can see. */
function attempts({ folder, port }: Outside): Record<string, string> {
  return {
    "a file as text":
      `load("file://${folder}/secret.txt", { with: { type: "text" } })`,
    "a file as a module": `load("file://${folder}/mod.js")`,
    "a module over HTTP": `load("http://127.0.0.1:${port}/mod.js")`,
    "a package of npm": `load(["npm:sem", "ver@7"].join(""))`,
    "a package of JSR": `load(["jsr:@std", "/assert"].join(""))`,
    "a module of node": `load("node:fs")`,
    "a data URL": `load("data:text/javascript,export default 1")`,
    "a bare name": `load("semver")`,
    "a file": `Deno.readTextFileSync("${folder}/secret.txt")`,
    "a temporary file": `Deno.makeTempFileSync()`,
    "its own environment file": `Deno.readTextFileSync("/proc/self/environ")`,
    "a variable of the host": `Deno.env.get("SPIRALTORCH_CANARY")`,
    "all variables": `Deno.env.toObject()`,
    "a request": `fetch("http://127.0.0.1:${port}/")`,
    "a connection": `Deno.connect({ hostname: "127.0.0.1", port: ${port} })`,
    "a listener": `Deno.listen({ port: 0 })`,
    "a process": `new Deno.Command("/bin/true").outputSync()`,
    "a library": `Deno.dlopen("/lib/x.so", {})`,
    "its parent's end": `process.kill(Deno.ppid, 0)`,
    "its group's end": `process.kill(0, 0)`,
    "a cache": `caches.open("x")`,
    "a storage": `localStorage.setItem("a", "b")`,
    "a host name": `Deno.hostname()`,
    "a file by a nested worker": `nested("file://${folder}/mod.js")`,
    "a module by a nested worker": `nested("http://127.0.0.1:${port}/mod.js")`,
    "a package by a nested worker": `nested("npm:semver@7")`,
    "a GPU":
      `navigator.gpu.requestAdapter().then((gpu) => gpu ?? Promise.reject(Error("none")))`,
  };
}

Deno.test("a sandboxed plugin reaches nothing outside its process", async () => {
  await using outside = await createOutside();
  await using host = createToyHost();
  const tries = Object.entries(attempts(outside))
    .map(([name, code]) => `[${JSON.stringify(name)}, () => ${code}]`);
  await using sandbox = await start(
    host,
    `
      const load = new Function("name", "options", "return import(name, options)");
      function nested(url) {
        const source = "import x from " + JSON.stringify(url) + "; postMessage(x)";
        const worker = new Worker("data:text/javascript," + encodeURIComponent(source), { type: "module" });
        return new Promise((resolve, reject) => {
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = (event) => { event.preventDefault(); reject(event) };
        });
      }
      async function attempt([name, run]) {
        try { return [name, "open: " + JSON.stringify(await run())]; }
        catch (error) { return [name, "closed"]; }
      }
      export default {
        metadata: { id: "acme.thief", version: "1.0.0" },
        async onLoad(context) {
          const results = await Promise.all([${tries}].map(attempt));
          results.push(["where it stands", Deno.cwd()]);
          context.operators.register({ name: JSON.stringify(results) });
        },
      };`,
    // Three more isolates have to fit in.
    { limits: { rssBytesMax: 2 ** 31 } },
  );
  const [plugin] = sandbox.plugins;
  await host.registry.register(plugin!);
  const [report] = host.entries.keys();
  const results: [string, string][] = JSON.parse(report!);
  assertEquals(results.at(-1), ["where it stands", "/"]);
  const open = results.slice(0, -1).filter(([, result]) => result !== "closed");
  assertEquals(open, []);
  assertEquals(outside.hits(), 0);
  const environment = await environmentOf(sandbox.pid);
  assert(environment.includes("NO_COLOR=1"));
  assert(!environment.includes(CANARY) && !environment.includes("HOME="));
  assert(!report!.includes(CANARY));
});

Deno.test("a sandboxed plugin's literal import of a file is not loaded either", async () => {
  await using outside = await createOutside();
  await using host = createToyHost();
  const url = `file://${outside.folder}/mod.js`;
  const source = `import stolen from "${url}"; export default stolen`;
  const error = await start(host, source).catch((error: unknown) => error);
  assert(error instanceof Error);
  assertEquals(Reflect.get(error, "code"), "PLUGIN_IMPORT_FAILED");
  assert(!error.message.includes(CANARY));
});
