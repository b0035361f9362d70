// What the sandbox takes for granted about Deno. A test that fails after a change of the pinned version
// means: what rests on it has to be thought through again.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { createSecret, runChild } from "./locked_child.ts";

Deno.test("deno: a literal import in a child's own entry reads any file, a computed one does not", async () => {
  await using secret = await createSecret();
  const text = 'with { type: "text" }';
  const literal = await runChild(
    `import x from "${secret.url}" ${text}; console.log(x)`,
    { flags: ["--deny-read"] },
  );
  const computed = await runChild(
    `console.log(await attempt(() => import(["${secret.url}"].join(""), { with: { type: "text" } })))`,
  );
  // Why plugins are never entries: their sources come over the pipe.
  assertEquals(literal.out, "S3CR3T");
  assertMatch(computed.out, /^closed /);
});

Deno.test("deno: a locked-down child reaches no file, variable, program, library, signal, registry or GPU", async () => {
  await using secret = await createSecret();
  const { out } = await runChild(`
    const load = (name, options) => import(name, options);
    console.log(JSON.stringify(await Promise.all([
      () => Deno.readTextFileSync("/proc/self/environ"),
      () => Deno.readTextFileSync("${secret.folder}/secret.txt"),
      () => process.kill(Deno.ppid, 0),
      () => process.kill(0, 0),
      () => fetch("http://127.0.0.1:9"),
      () => Deno.env.get("HOME"),
      () => Deno.connect({ transport: "unix", path: "/x" }),
      () => new Deno.Command("/bin/true").outputSync(),
      () => Deno.dlopen("/x", {}),
      () => load(["npm:sem", "ver@7"].join("")),
      () => load(["jsr:@s", "td/assert"].join("")),
      () => load(["http://127.0.0.1", ":9/m.js"].join("")),
      async () => (await navigator.gpu.requestAdapter()) ?? Promise.reject(Error("null")),
    ].map(attempt))))`);
  const results: string[] = JSON.parse(out);
  assertEquals(results.length, 13);
  assertEquals(results.filter((line) => !line?.startsWith?.("closed")), []);
});

Deno.test("deno: a locked-down child may signal itself, nest workers, evaluate text and change flags of V8", async () => {
  const { out } = await runChild(`
    console.log(JSON.stringify(await Promise.all([
      () => process.kill(process.pid, 0),
      () => new Worker("data:text/javascript,", { type: "module" }).terminate(),
      async () => (await import("data:text/javascript,export default 7")).default,
      () => Deno.cwd(),
      async () => (await import("node:v8")).setFlagsFromString("--stack-size=900"),
      async () => typeof (await import("node:module")).registerHooks,
    ].map(attempt))));
    Deno.exit(0)`);
  // Why limits and framing are the library's own.
  assert(!out.includes("closed"), out);
  assertEquals(JSON.parse(out).at(-1), "function");
});

Deno.test("deno: a child that listens for SIGTERM ends by SIGKILL all the same", async () => {
  const { code, signal } = await runChild(
    `Deno.addSignalListener("SIGTERM", () => {}); process.kill(Deno.pid, "SIGKILL");`,
  );
  assertEquals([code, signal], [137, "SIGKILL"]);
});

Deno.test("deno: a full heap ends the process with status 133", async () => {
  const { code } = await runChild(
    "const a = []; for (;;) a.push(new Array(1e5).fill(1.5));",
    { through: ["/bin/sh", "-c", 'ulimit -c 0; exec "$@"', "sh"] },
  );
  assertEquals(code, 133);
});

Deno.test("deno: buffers do not count as heap, so that 256 MB of them fit beside a heap of 64", async () => {
  const { out } = await runChild(
    "const a = []; for (let i = 0; i < 4; i++) a.push(new Uint8Array(64e6).fill(1)); console.log(a.length)",
  );
  assertEquals(out, "4");
});

Deno.test("deno: caches and localStorage have no place where DENO_DIR is a device", async () => {
  const { out } = await runChild(
    `console.log(await attempt(() => caches.open("x")), await attempt(() => localStorage.length))`,
  );
  assertEquals(out.match(/closed/g)?.length, 2);
});

Deno.test("deno: hooks of node:module hand a child its modules, and pass by literal node: imports", async () => {
  const { out } = await runChild(`
    import { registerHooks, stripTypeScriptTypes } from "node:module";
    const U = "https://p.test/";
    const graph = {
      [U + "m.ts"]: 'import { h } from "./h.ts"; export const v: string = h(1) + import.meta.url;',
      [U + "h.ts"]: 'import * as m from "./m.ts"; export const h = (x: number) => x + 1 + typeof m;',
      [U + "n.ts"]: 'export { readFileSync as v } from "node:fs"',
    };
    registerHooks({
      resolve(specifier, { parentURL }) {
        const url = URL.canParse(specifier) ? specifier : new URL(specifier, parentURL).href;
        if (url in graph) return { url, format: "module", shortCircuit: true };
        throw Error("not in graph " + specifier);
      },
      load: (url) => ({ format: "module", source: stripTypeScriptTypes(graph[url]), shortCircuit: true }),
    });
    console.log(
      await attempt(async () => (await import([U + "m.ts"].join(""))).v),
      await attempt(() => import(["node:", "v8"].join(""))),
      await attempt(async () => typeof (await import([U + "n.ts"].join(""))).v),
    )`);
  // Why the border is the process, and why literal imports are looked at before.
  assertMatch(
    out,
    /^2objecthttps:\/\/p.test\/m.ts closed .*not in graph node:v8.* function$/,
  );
});

Deno.test("deno: an address is granted exactly, and a denied range holds for what a name resolves to", async () => {
  let hits = 0;
  const options = { port: 0, hostname: "127.0.0.1", onListen() {} };
  await using server = Deno.serve(options, () => {
    hits++;
    return new Response();
  });
  const { port } = server.addr;
  const ask =
    `console.log(await attempt(async () => (await fetch("http://localhost:${port}")).status))`;
  const grant = `--allow-net=localhost:${port}`;
  const granted = await runChild(ask, { flags: [grant] });
  const denied = await runChild(ask, {
    flags: [grant, "--deny-net=127.0.0.0/8,[::1]"],
  });
  assertEquals(granted.out, "200");
  assertMatch(denied.out, /^closed /);
  assertEquals(hits, 1);
});

Deno.test("deno: a granted folder follows the links that are in it", async () => {
  await using secret = await createSecret();
  const { folder } = secret;
  await Deno.mkdir(`${folder}/granted`);
  await Deno.symlink(`${folder}/secret.txt`, `${folder}/granted/link`);
  const { out } = await runChild(
    `console.log(Deno.readTextFileSync("${folder}/granted/link"))`,
    { flags: [`--allow-read=${folder}/granted`] },
  );
  // Why a folder is looked through for links before it is granted.
  assertEquals(out, "S3CR3T");
});

Deno.test("deno: ranges of version 6 addresses cannot be denied", async () => {
  const { code } = await runChild("", { flags: ["--deny-net=[fc00::]/7"] });
  assertEquals(code, 1);
});

Deno.test("deno: a nested worker that asks for permissions ends the process with status 70", async () => {
  const { code } = await runChild(
    `new Worker("data:text/javascript,", { type: "module", deno: { permissions: "none" } })`,
  );
  assertEquals(code, 70);
});
