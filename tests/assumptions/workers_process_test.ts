// What the tier of workers takes for granted about Deno: why a worker is tidiness and no defence.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { createSecret, runChild } from "./locked_child.ts";

/** What a host may do that has workers with permissions of their own. */
const FLAGS = ["--allow-all", "--unstable-worker-options"];

/** In a child: starts a worker without permissions, and gives what it says first. */
const WORKERS = `
const start = (code, type = "text/javascript") =>
  new Worker("data:" + type + "," + encodeURIComponent(code), {
    type: "module",
    deno: { permissions: "none" },
  });
const once = (worker) => new Promise((resolve) => {
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    resolve("failed " + event.message);
  };
});
`;

Deno.test("deno: terminate() does not stop a worker that computes", async () => {
  const { out } = await runChild(
    `${WORKERS}
    const cells = new Int32Array(new SharedArrayBuffer(8));
    const worker = start(\`onmessage = ({ data }) => {
      postMessage("counting");
      while (Atomics.load(data, 1) === 0) Atomics.add(data, 0, 1);
    }\`);
    worker.postMessage(cells);
    await once(worker);
    worker.terminate();
    const seen = Atomics.load(cells, 0);
    let turns = 0;
    while (Atomics.load(cells, 0) === seen && ++turns < 5000) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    console.log(turns < 5000 ? "it goes on" : "it has stopped");
    Atomics.store(cells, 1, 1);`,
    { flags: FLAGS },
  );
  assertEquals(out, "it goes on");
});

Deno.test("deno: a worker whose heap is full ends the whole process", async () => {
  const { code } = await runChild(
    `${WORKERS} await once(start("const a = []; for (;;) a.push(new Array(1e5).fill(1.5));"));`,
    {
      flags: FLAGS,
      through: ["/bin/sh", "-c", 'ulimit -c 0; exec "$@"', "sh"],
    },
  );
  assertEquals(code, 133);
});

Deno.test("deno: a worker without permissions may signal its process, listen for signals, print, and talk on channels", async () => {
  const { out } = await runChild(
    `${WORKERS}
    console.log(JSON.stringify(await once(start(\`
      const attempt = async (work) => {
        try { return String(await work()); } catch (error) { return "closed " + error.message; }
      };
      postMessage(await Promise.all([
        () => process.kill(process.pid, 0),
        () => Deno.addSignalListener("SIGUSR2", () => {}),
        () => Deno.stdout.writeSync(new Uint8Array(0)),
        () => new BroadcastChannel("any").name,
      ].map(attempt)));
    \`))));
    Deno.exit(0);`,
    { flags: FLAGS },
  );
  const open: string[] = JSON.parse(out);
  assertEquals(open.length, 4);
  assertEquals(open.filter((line) => line.startsWith("closed")), []);
});

Deno.test("deno: a worker's own entry is loaded with the host's permissions, a blob that it imports is not", async () => {
  await using secret = await createSecret();
  const source =
    `import x from "${secret.url}" with { type: "text" }; postMessage(x);`;
  const { out } = await runChild(
    `${WORKERS}
    const source = ${JSON.stringify(source)};
    const late = start(\`onmessage = async ({ data }) => {
      const url = URL.createObjectURL(new Blob([data], { type: "text/javascript" }));
      await import(url).catch((error) => postMessage("closed " + error.message));
    }\`);
    const said = Promise.all([once(start(source)), once(late)]);
    late.postMessage(source);
    console.log(JSON.stringify(await said));
    Deno.exit(0);`,
    { flags: FLAGS },
  );
  const [entry, blob] = JSON.parse(out);
  // Why a plugin is never the entry of a worker.
  assertEquals(entry, "S3CR3T");
  assertMatch(blob, /^closed /);
});

Deno.test("deno: an error that a worker does not catch ends its host, unless that prevents it", async () => {
  const worker =
    `const worker = new Worker("data:text/javascript,throw 1", { type: "module" });`;
  const ends = await runChild(
    `${worker} setTimeout(() => console.log("alive"), 60_000);`,
  );
  const lives = await runChild(
    `${worker} worker.onerror = (event) => {
      event.preventDefault();
      setTimeout(() => console.log("alive"), 50);
    };`,
  );
  assertEquals([ends.code, ends.out], [1, ""]);
  assertEquals([lives.code, lives.out], [0, "alive"]);
});

Deno.test("deno: structured clones keep keys of prototypes, cycles, absurd lengths and memory that is shared", () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const long: unknown[] = [];
  long.length = 2 ** 32 - 1;
  const shared = new SharedArrayBuffer(8, { maxByteLength: 64 });
  const { port1, port2 } = new MessageChannel();
  const own = JSON.parse('{"__proto__":{"x":1}}');
  const copy = structuredClone({ own, cycle, long, at: new Date(0) });
  assert(Object.hasOwn(copy.own, "__proto__"));
  assert(copy.cycle.self === copy.cycle);
  assertEquals(copy.long.length, 2 ** 32 - 1);
  assert(copy.at instanceof Date);
  const { promise, resolve } = Promise.withResolvers<SharedArrayBuffer>();
  port2.onmessage = ({ data }) => resolve(data);
  port1.postMessage(shared);
  return promise.then((received) => {
    shared.grow(64);
    // Why messages are copied into plain data before anything else looks at them.
    assertEquals(received.byteLength, 64);
    port1.close();
    port2.close();
  });
});
