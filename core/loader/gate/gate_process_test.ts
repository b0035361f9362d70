// The gate as plugins have it, and the processes that ask servers for them.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { SYSTEM_CLOCK } from "../../base/mod.ts";
import { createLoaderHost, createModuleFile } from "../loader_host_test.ts";
import { parseResource } from "../policy/resource.ts";
import { fetchInChild, type FetchOptions } from "./fetch_in_child.ts";

/** A server that answers, sends on, says much, and echoes. */
function startServer() {
  const asked: string[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      asked.push(`${request.method} ${pathname}`);
      if (pathname === "/on") {
        const headers = { location: "/v1/there" };
        return new Response(null, { status: 302, headers });
      }
      if (pathname === "/much") return new Response("x".repeat(2000));
      return new Response(`<${await request.text()}>`);
    },
  );
  return {
    asked,
    origin: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function ask(
  url: string,
  { method = "GET", text, ...options }: Partial<FetchOptions> & {
    readonly method?: string;
    readonly text?: string;
  } = {},
) {
  const resource = parseResource("fetch", url);
  if (typeof resource === "string") throw new Error(resource);
  const body = text === undefined ? undefined : new TextEncoder().encode(text);
  return fetchInChild({ url, method, headers: {}, resource, body }, {
    clock: SYSTEM_CLOCK,
    timeMs: 10_000,
    bytesMax: 1000,
    privateNetwork: true,
    ...options,
  });
}

Deno.test("fetchInChild() asks a server and brings its answer", async () => {
  await using server = startServer();
  const answer = await ask(`${server.origin}/v1`, {
    method: "POST",
    text: "é",
  });
  assert(typeof answer !== "string", String(answer));
  assertEquals(answer.status, 200);
  assertEquals(new TextDecoder().decode(answer.body), "<é>");
  assertEquals(server.asked, ["POST /v1"]);
});

Deno.test("fetchInChild() goes nowhere that a server sends it to", async () => {
  await using server = startServer();
  const answer = await ask(`${server.origin}/on`);
  assert(typeof answer !== "string", String(answer));
  assertEquals([answer.status, answer.headers["location"]], [302, "/v1/there"]);
  assertEquals(server.asked, ["GET /on"]);
});

Deno.test("fetchInChild() connects to no private address unless it may", async () => {
  await using server = startServer();
  for (const host of ["127.0.0.1", "localhost"]) {
    const url = server.origin.replace("127.0.0.1", host);
    const answer = await ask(url, { privateNetwork: false });
    assertStringIncludes(String(answer), "net access");
  }
  assertEquals(server.asked, []);
});

Deno.test("fetchInChild() says when there is too much, and when nobody answers", async () => {
  await using server = startServer();
  assertEquals(await ask(`${server.origin}/much`), "more than 1000 bytes");
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const late = await ask(`http://127.0.0.1:${free.addr.port}`, { timeMs: 300 });
  assertEquals(late, "no answer, timeout");
  free.close();
});

Deno.test("the same plugin goes through the gate in every isolation, and is refused alike", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  await using server = startServer();
  try {
    await Deno.writeTextFile(`${folder}/a.txt`, "A");
    await Deno.symlink("/etc/hostname", `${folder}/out`);
    const permissions = {
      files: [folder],
      fetch: [`${server.origin}/v1`],
    };
    await using file = await createModuleFile(`export default {
      metadata: {
        id: "acme.a",
        version: "1.0.0",
        permissions: ${JSON.stringify(permissions)},
      },
      async onLoad({ services, log }) {
        const gate = services.require("core/gate");
        const attempts = [
          () => gate.readFile("${folder}/a.txt"),
          () => gate.readFile("${folder}/out"),
          () => gate.fetch("${server.origin}/v1/x").then(({ body }) => body),
          () => gate.fetch("${server.origin}/v2"),
          () => gate.fetch("${server.origin}/v1", { method: "POST" }),
        ];
        for (const attempt of attempts) {
          log.info(await attempt().catch((error) => error.code));
        }
      },
    };`);
    for (const isolation of ["inline", "worker", "process"] as const) {
      const refused: string[] = [];
      await using host = createLoaderHost({
        policy: { allow: permissions, privateNetwork: true },
        audit: ({ decision, resource }) => {
          if (decision === "refused") refused.push(resource);
        },
      });
      await host.loader.load(file.url, { isolation });
      assertEquals(host.log.map(({ message }) => message), [
        "A",
        "GATE_DENIED",
        "<>",
        "GATE_DENIED",
        "GATE_DENIED",
      ], isolation);
      assertEquals(refused, [
        "files /etc/hostname",
        `fetch ${server.origin}/v2`,
        `send ${server.origin}/v1`,
      ]);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a plugin that asks for nothing of it sees no gate, and nobody that of another plugin", async () => {
  await using host = createLoaderHost({
    consent: () => Promise.resolve(true),
  });
  const source = (id: string, permissions: object) =>
    `export default {
      metadata: { id: "${id}", version: "1.0.0", permissions: ${
      JSON.stringify(permissions)
    } },
      onLoad: ({ services, log }) => log.info(services.list().join()),
    };`;
  await host.loader.load([
    host.serve("a.js", source("a", { files: ["/srv/data"] })),
    host.serve("b.js", source("b", { net: ["api.example:443"] })),
  ]);
  const seen = host.log.map(({ source, message }) => [source, message]);
  assertEquals(seen.sort(), [["a", "core/gate"], ["b", ""]]);
});
