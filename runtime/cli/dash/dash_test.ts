import { assert, assertEquals, assertMatch } from "@std/assert";
import { runJson, runSpiral } from "../fake_io_test.ts";

/** A temporary folder, for as long as something is done there. */
async function withFolder(
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What a dashboard tells first. */
async function firstFrame(url: string): Promise<Record<string, unknown>> {
  const live = await fetch(url.replace("/?", "/live?"));
  const reader = live.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.endsWith("\n\n")) text += (await reader.read()).value;
  await reader.cancel();
  return JSON.parse(text.slice("data: ".length));
}

const TRAIN = ["train", "examples/circles.yaml", "--epochs", "2"];

Deno.test("spiral train --log writes what spiral dash shows, until Ctrl-C", () =>
  withFolder(async (folder) => {
    const log = `${folder}/run.jsonl`;
    const trained = await runJson([...TRAIN, "--log", log]);
    assertEquals(trained.data["log"], log);
    const stop = new AbortController();
    let told = Promise.resolve();
    const { exitCode, out } = await runSpiral(["dash", log, "--json"], {
      signal: stop.signal,
      onWrite(text) {
        const { url, port } = JSON.parse(text);
        assertEquals(Number(new URL(url).port), port);
        told = firstFrame(url).then((frame) => {
          const { title, run, curves, plugins, kernels, graph } = frame;
          assertEquals(title, log);
          assertEquals(Object(run).status, "completed");
          assertEquals([Object(run).epoch, Object(run).step], [2, 24]);
          assert(Array.isArray(curves) && curves.length >= 7);
          assertEquals(plugins, []);
          assert(Object(kernels).kernels.length > 5);
          assert(Object(graph).boxes.length > 5);
        }).finally(() => stop.abort());
      },
    });
    await told;
    assertEquals([exitCode, out.trimEnd().includes("\n")], [0, false]);
  }));

Deno.test("spiral train --dash shows the training, and stays until Ctrl-C", async () => {
  const stop = new AbortController();
  let told = Promise.resolve();
  const { exitCode, out, err } = await runSpiral(
    [...TRAIN, "--dash", "--json"],
    {
      signal: stop.signal,
      // The result: training is over.
      onWrite: () => {
        told = Promise.resolve().then(() => stop.abort());
      },
    },
  );
  await told;
  assertEquals(exitCode, 0);
  const { dashboard } = JSON.parse(err);
  assertMatch(dashboard.url, /^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/);
  const plain = await runJson(TRAIN);
  const losses = (data: { epochs: { loss: number }[] }) =>
    data.epochs.map(({ loss }) => loss);
  // Looking at it changes nothing.
  assertEquals(
    losses(JSON.parse(out)),
    losses(plain.data as { epochs: { loss: number }[] }),
  );
});

Deno.test("spiral dash says what is wrong with a log before it serves anything", async () => {
  const missing = await runSpiral(["dash", "no/such.jsonl"]);
  assertEquals(missing.exitCode, 2);
  assertMatch(missing.err, /^error\[CLI_FILE_UNREADABLE\]: .*such\.jsonl/);
  const foreign = await runSpiral(["dash", "README.md"]);
  assertMatch(foreign.err, /^error\[RECORD_INVALID\]: /);
  assertEquals([missing.out, foreign.out], ["", ""]);
});

Deno.test("spiral dash refuses a port that there is not", async () => {
  const { exitCode, err } = await runSpiral(["dash", "--port", "70000"]);
  assertEquals(exitCode, 2);
  assertMatch(err, /^error\[CLI_USAGE\]: .*--port 70000/);
});
