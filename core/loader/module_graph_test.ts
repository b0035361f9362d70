import { assertEquals, assertRejects } from "@std/assert";
import { PluginError } from "../errors.ts";
import type { ModuleReader } from "../sandbox/module_reader.ts";
import type { Fetch } from "./fetch_options.ts";
import { FETCH_LIMITS, type FetchLimits } from "./limits.ts";
import { fetchModuleGraph, type ModuleGraph } from "./module_graph.ts";
import { ModuleStore } from "./module_store.ts";

/** Reads modules that are lists of what they import, one a line. */
const LINE_READER: ModuleReader = {
  read: (_url, source, { isTypeScript }) =>
    Promise.resolve({
      code: isTypeScript ? `ts ${source}` : source,
      imports: source.split("\n").filter((line) => line !== "")
        .map((specifier) => ({ specifier, isSpecial: false })),
    }),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

type Answer =
  | string
  | ((signal: AbortSignal | null | undefined) => Response | Promise<Response>);

/** A server that is a table, and what it was asked for. */
class FakeServer {
  readonly asked: string[] = [];
  readonly #answers: Readonly<Record<string, Answer>>;

  constructor(answers: Readonly<Record<string, Answer>>) {
    this.#answers = answers;
  }

  readonly fetch: Fetch = async (url, { signal }) => {
    this.asked.push(url);
    const answer = this.#answers[url];
    if (answer === undefined) return new Response("", { status: 404 });
    return typeof answer === "string" ? module(answer) : await answer(signal);
  };
}

function module(text: BodyInit, type = "text/javascript"): Response {
  return new Response(text, { headers: { "content-type": type } });
}

function redirect(location: string): () => Response {
  return () => new Response(null, { status: 302, headers: { location } });
}

const A = "https://a.example/";

function fetchFrom(
  server: FakeServer,
  limits: Partial<FetchLimits> = {},
  entry = `${A}mod.js`,
): Promise<ModuleGraph> {
  return fetchModuleGraph(entry, {
    store: new ModuleStore(LINE_READER),
    fetch: server.fetch,
    limits: { ...FETCH_LIMITS, ...limits },
  });
}

Deno.test("fetchModuleGraph() fetches each module of a graph with cycles once", async () => {
  const server = new FakeServer({
    [`${A}mod.js`]: "./x.js\n./y.js\n@spiraltorch/spiraltorch/plugin",
    [`${A}x.js`]: "./y.js\n./mod.js",
    [`${A}y.js`]: "./x.js#again",
  });
  const { entry, modules, aliases, digest } = await fetchFrom(server);
  assertEquals(entry, `${A}mod.js`);
  assertEquals([...modules.keys()].sort(), [
    `${A}mod.js`,
    `${A}x.js`,
    `${A}y.js`,
  ]);
  assertEquals(modules.get(`${A}y.js`), "./x.js#again");
  assertEquals([...aliases], []);
  assertEquals(server.asked.sort(), [`${A}mod.js`, `${A}x.js`, `${A}y.js`]);
  assertEquals(digest.length, 51);
});

Deno.test("fetchModuleGraph() shares what one store has fetched", async () => {
  const server = new FakeServer({
    [`${A}a.js`]: "./shared.js",
    [`${A}b.js`]: "./shared.js",
    [`${A}shared.js`]: "",
  });
  const store = new ModuleStore(LINE_READER);
  const { fetch } = server;
  await fetchModuleGraph(`${A}a.js`, { store, fetch });
  await fetchModuleGraph(`${A}b.js`, { store, fetch });
  assertEquals(server.asked, [`${A}a.js`, `${A}shared.js`, `${A}b.js`]);
});

Deno.test("fetchModuleGraph() follows redirects within the origin and names where they end", async () => {
  const server = new FakeServer({
    [`${A}mod.js`]: redirect("/v2/mod.js"),
    [`${A}v2/mod.js`]: "./x.js",
    [`${A}v2/x.js`]: redirect("../v3/x.js#top"),
    [`${A}v3/x.js`]: "",
  });
  const { entry, modules, aliases } = await fetchFrom(server);
  assertEquals(entry, `${A}v2/mod.js`);
  assertEquals([...modules.keys()], [`${A}v2/mod.js`, `${A}v3/x.js`]);
  assertEquals([...aliases], [
    [`${A}mod.js`, `${A}v2/mod.js`],
    [`${A}v2/x.js`, `${A}v3/x.js`],
  ]);
});

Deno.test.each([
  ["text/javascript", "1"],
  ["application/javascript; charset=UTF-8", "1"],
  ["text/typescript", "ts 1"],
  ["video/mp2t", "ts 1"],
])("fetchModuleGraph() takes %s", async (type, want) => {
  const server = new FakeServer({
    [`${A}mod.js`]: () => module("", type),
  });
  const { modules } = await fetchFrom(server);
  assertEquals(modules.get(`${A}mod.js`), want.replace("1", ""));
});

Deno.test.each<
  { name: string; answer: Answer; found: string; status?: number }
>([
  {
    name: "a missing module",
    answer: () => new Response("", { status: 404 }),
    found: "status 404",
    status: 404,
  },
  {
    name: "a page",
    answer: () => module("", "text/html"),
    found: 'media type "text/html"',
  },
  {
    name: "text without a type",
    answer: () => new Response(Uint8Array.of(49)),
    found: "no media type",
  },
  {
    name: "another character set",
    answer: () => module("", "text/javascript; charset=utf-16"),
    found: "text in charset=utf-16",
  },
  {
    name: "text that is not UTF-8",
    answer: () => module(Uint8Array.of(255, 254)),
    found: "text that is not UTF-8",
  },
  {
    name: "a redirect to another host",
    answer: redirect("https://b.example/mod.js"),
    found: 'a redirect to "https://b.example/mod.js", another origin',
    status: 302,
  },
  {
    name: "a redirect to a file",
    answer: redirect("file:///etc/passwd"),
    found: 'a redirect to "file:///etc/passwd", another origin',
    status: 302,
  },
  {
    name: "a redirect to nowhere",
    answer: redirect("https://"),
    found: 'a redirect to "https://", another origin',
    status: 302,
  },
  {
    name: "no server",
    answer: () => Promise.reject(new TypeError("connection refused")),
    found: "connection refused",
  },
])("fetchModuleGraph() refuses $name", async ({ answer, found, status }) => {
  const server = new FakeServer({ [`${A}mod.js`]: answer });
  const error = await assertRejects(() => fetchFrom(server), PluginError);
  assertEquals(error.code, "FETCH_FAILED");
  assertEquals(error.details.found, found);
  assertEquals(error.details.status, status);
  assertEquals(error.details.url, `${A}mod.js`);
});

Deno.test("fetchModuleGraph() lets go of a body that it refuses", async () => {
  let isCancelled = false;
  const body = new ReadableStream({ cancel: () => void (isCancelled = true) });
  const server = new FakeServer({
    [`${A}mod.js`]: () => new Response(body),
  });
  await assertRejects(() => fetchFrom(server), PluginError);
  assertEquals(isCancelled, true);
});

/** A body that never ends. */
function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(1000)),
  });
}

/** A server that never answers, until it is told that nobody waits. */
const silence: Answer = (signal) =>
  new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason));
  });

Deno.test.each<{
  limit: string;
  limits: Partial<FetchLimits>;
  answers: Record<string, Answer>;
}>([
  {
    limit: "modules",
    limits: { modulesMax: 2 },
    answers: {
      [`${A}mod.js`]: "./x.js",
      [`${A}x.js`]: "./y.js",
      [`${A}y.js`]: "",
    },
  },
  {
    limit: "bytes",
    limits: { bytesMax: 20 },
    answers: { [`${A}mod.js`]: "./x.js", [`${A}x.js`]: "\n".repeat(15) },
  },
  {
    limit: "bytes",
    limits: { bytesMax: 5000 },
    answers: {
      [`${A}mod.js`]: () =>
        new Response(endless(), {
          headers: { "content-type": "text/javascript" },
        }),
    },
  },
  {
    limit: "redirects",
    limits: {},
    answers: { [`${A}mod.js`]: redirect("/mod.js") },
  },
  {
    limit: "timeMs",
    limits: { timeMs: 30 },
    answers: { [`${A}mod.js`]: silence },
  },
])("fetchModuleGraph() keeps to the limit on $limit", async (row) => {
  const { limit, limits, answers } = row;
  const server = new FakeServer(answers);
  const error = await assertRejects(
    () => fetchFrom(server, limits),
    PluginError,
  );
  assertEquals([error.code, error.details.limit], ["FETCH_LIMIT", limit]);
});

Deno.test("fetchModuleGraph() asks for 3 redirects and not for a fourth", async () => {
  const server = new FakeServer({ [`${A}mod.js`]: redirect("/mod.js") });
  await assertRejects(() => fetchFrom(server), PluginError);
  assertEquals(server.asked.length, 4);
});

Deno.test("fetchModuleGraph() stops at 257 modules", async () => {
  const server = new FakeServer({});
  const chain: Fetch = (url) => {
    server.asked.push(url);
    return Promise.resolve(module(`./${server.asked.length}.js`));
  };
  const store = new ModuleStore(LINE_READER);
  const error = await assertRejects(
    () => fetchModuleGraph(`${A}mod.js`, { store, fetch: chain }),
    PluginError,
  );
  assertEquals(error.code, "FETCH_LIMIT");
  assertEquals(server.asked.length, 256);
});

Deno.test("fetchModuleGraph() refuses a graph with an import that is not allowed", async () => {
  const server = new FakeServer({
    [`${A}mod.js`]: "./x.js",
    [`${A}x.js`]: "file:///etc/passwd",
  });
  const error = await assertRejects(() => fetchFrom(server), PluginError);
  assertEquals([error.code, error.details.url], ["IMPORT_REFUSED", `${A}x.js`]);
});
