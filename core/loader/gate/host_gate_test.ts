import { assert, assertEquals, assertRejects } from "@std/assert";
import { OptionError } from "../../base/mod.ts";
import { PluginError } from "../../errors.ts";
import type { AuditRecord } from "../policy/audit.ts";
import { parseLists } from "../policy/policy.ts";
import type { PermissionLists } from "../../plugin/isolation.ts";
import type { FetchAnswer, FetchRequest } from "./fetch_in_child.ts";
import { GateJudge } from "./gate_judge.ts";
import { createHostGate, type HostGate } from "./host_gate.ts";

/** A gate, and what it lets through and tells. */
class Scene {
  readonly asked: FetchRequest[] = [];
  readonly audited: AuditRecord[] = [];
  readonly gate: HostGate;
  answer: FetchAnswer | string | Promise<FetchAnswer> = {
    status: 200,
    headers: { "x-a": "1" },
    body: new TextEncoder().encode("fine"),
  };

  constructor(granted: PermissionLists, denied: PermissionLists = {}) {
    const judge = new GateJudge({
      url: "https://plugins.example/a.ts",
      pluginId: "a",
      granted: parseLists("granted", granted),
      denied: parseLists("denied", denied),
      audit: (record) => this.audited.push(record),
    });
    this.gate = createHostGate({
      judge,
      pluginId: "a",
      bytesMax: 100,
      ask: async (request) => {
        this.asked.push(request);
        return await this.answer;
      },
    });
  }

  async refusal(work: (gate: HostGate) => Promise<unknown>): Promise<unknown> {
    const { code, details } = await assertRejects(
      () => work(this.gate),
      PluginError,
    );
    return [code, details["rule"] ?? details["found"]];
  }
}

const URL_GRANTED = "https://api.example/v1/items?all";

Deno.test("HostGate.fetch() asks what was granted, and gives the answer as text", async () => {
  const { gate, asked } = new Scene({ fetch: ["https://api.example/v1/"] });
  assertEquals(await gate.fetch(URL_GRANTED, { headers: { accept: "*/*" } }), {
    status: 200,
    headers: { "x-a": "1" },
    body: "fine",
  });
  const { body } = await gate.fetch(URL_GRANTED, { encoding: "base64" });
  assertEquals(body, btoa("fine"));
  assertEquals(asked[0], {
    url: URL_GRANTED,
    method: "GET",
    headers: { accept: "*/*" },
    body: undefined,
    resource: {
      kind: "fetch",
      parts: ["https://api.example:443", "v1", "items"],
      text: "https://api.example:443/v1/items",
    },
  });
});

Deno.test("HostGate.fetch() refuses each call that was not granted, and tells of it", async () => {
  const scene = new Scene(
    { fetch: ["https://api.example/v1"], send: ["https://api.example/v1/in"] },
    { net: ["other.example"], fetch: ["https://api.example/v1/secret"] },
  );
  for (
    const [url, method, rule] of [
      ["https://api.example/v2", "GET", "default"],
      ["https://api.example/v1", "POST", "default"],
      ["https://api.example/v1/in/../out", "POST", "default"],
      ["https://other.example/", "GET", "deny:net other.example"],
      [
        "https://api.example/v1/secret/a",
        "GET",
        "deny:fetch https://api.example:443/v1/secret",
      ],
    ] as const
  ) {
    const refused = await scene.refusal((gate) => gate.fetch(url, { method }));
    assertEquals(refused, ["GATE_DENIED", rule]);
    const { decision, pluginIds, ...record } = scene.audited.at(-1)!;
    assertEquals([decision, pluginIds], ["refused", ["a"]]);
    assertEquals(record.rule, rule);
  }
  assertEquals(scene.asked, []);
  await scene.gate.fetch("https://api.example/v1/in/1", {
    method: "POST",
    body: "x",
  });
  assertEquals(scene.asked.length, 1);
  assertEquals(scene.audited.length, 5);
});

Deno.test("HostGate.fetch() says what kept an answer from coming", async () => {
  const scene = new Scene({ fetch: ["https://api.example/"] });
  scene.answer = "no route\u001b[2K";
  assertEquals(await scene.refusal((gate) => gate.fetch(URL_GRANTED)), [
    "GATE_FAILED",
    "no route[2K",
  ]);
});

Deno.test.each<{ name: string; options: Record<string, unknown> }>([
  { name: "a method in small letters", options: { method: "get" } },
  { name: "CONNECT", options: { method: "CONNECT" } },
  { name: "another host", options: { headers: { Host: "a" } } },
  { name: "a proxy", options: { headers: { "Proxy-Authorization": "a" } } },
  { name: "two lines in a header", options: { headers: { a: "b\r\nc: d" } } },
  { name: "a header that is no text", options: { headers: { a: 1 } } },
  { name: "a body that is no text", options: { body: 1 } },
  { name: "another encoding", options: { encoding: "utf-16" } },
])("HostGate.fetch() refuses $name", async ({ options }) => {
  const { gate, asked } = new Scene({
    fetch: ["https://api.example/"],
    send: ["https://api.example/"],
  });
  await assertRejects(() => gate.fetch(URL_GRANTED, options), OptionError);
  assertEquals(asked, []);
});

Deno.test("HostGate answers four calls at a time", async () => {
  const scene = new Scene({ fetch: ["https://api.example/"] });
  const answer = Promise.withResolvers<FetchAnswer>();
  scene.answer = answer.promise;
  const open = Array.from({ length: 4 }, () => scene.gate.fetch(URL_GRANTED));
  const [code] = await scene.refusal((gate) => gate.fetch(URL_GRANTED)) as [
    string,
  ];
  assertEquals(code, "SERVICE_BUSY");
  answer.resolve({ status: 204, headers: {}, body: new Uint8Array() });
  await Promise.all(open);
  assertEquals((await scene.gate.fetch(URL_GRANTED)).status, 204);
});

Deno.test("HostGate tells of a hundred refusals, and says that it stops", async () => {
  const scene = new Scene({});
  for (let i = 0; i < 120; i++) {
    await scene.refusal((gate) => gate.fetch(URL_GRANTED));
  }
  assertEquals(scene.audited.length, 100);
  assertEquals(
    scene.audited.at(-1)!.rule,
    "default, further refusals are not recorded",
  );
});

/** A folder with files and links, that no link leads to. */
async function createFolder() {
  const path = await Deno.realPath(await Deno.makeTempDir());
  await Deno.mkdir(`${path}/data/sub`, { recursive: true });
  await Deno.writeTextFile(`${path}/data/a.txt`, "é");
  await Deno.writeTextFile(`${path}/data/large.txt`, "x".repeat(101));
  await Deno.writeTextFile(`${path}/secret.txt`, "S3CR3T");
  await Deno.symlink(`${path}/data/a.txt`, `${path}/data/sub/inside`);
  await Deno.symlink(`${path}/secret.txt`, `${path}/data/outside`);
  await Deno.symlink(`${path}`, `${path}/data/up`);
  return {
    path,
    data: `${path}/data`,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

Deno.test("HostGate.readFile() reads a folder with links, and follows those that stay inside", async () => {
  await using folder = await createFolder();
  const { gate } = new Scene({ files: [folder.data] });
  assertEquals(await gate.readFile(`${folder.data}/a.txt`), "é");
  assertEquals(await gate.readFile(`${folder.data}/sub/inside`), "é");
  const base64 = { encoding: "base64" } as const;
  assertEquals(await gate.readFile(`${folder.data}/a.txt`, base64), "w6k=");
});

Deno.test("HostGate.readFile() refuses what lies elsewhere, however it is named", async () => {
  await using folder = await createFolder();
  const { path, data } = folder;
  const scene = new Scene(
    { files: [data] },
    { read: [`${data}/sub`] },
  );
  for (
    const [name, rule] of [
      [`${path}/secret.txt`, "default"],
      [`${data}/../secret.txt`, "default"],
      [`${data}/outside`, "default"],
      [`${data}/up/secret.txt`, "default"],
      [`${data}/sub/inside`, `deny:read ${data}/sub`],
    ] as const
  ) {
    const refused = await scene.refusal((gate) => gate.readFile(name));
    assertEquals(refused, ["GATE_DENIED", rule], name);
  }
  assertEquals(scene.audited.length, 5);
  assert(scene.audited[2]!.resource.endsWith("/secret.txt"));
});

Deno.test("HostGate.readFile() says what kept it from reading", async () => {
  await using folder = await createFolder();
  const scene = new Scene({ files: [folder.data] });
  for (
    const [name, found] of [
      ["none.txt", "nothing there"],
      ["large.txt", "more than 100 bytes"],
      ["sub", "no file"],
    ] as const
  ) {
    const failed = await scene.refusal((gate) =>
      gate.readFile(`${folder.data}/${name}`)
    );
    assertEquals(failed, ["GATE_FAILED", found]);
  }
});
