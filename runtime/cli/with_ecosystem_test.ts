import {
  assert,
  assertEquals,
  assertMatch,
  assertStrictEquals,
} from "@std/assert";
import { workObserver } from "../../core/base/mod.ts";
import { CommandOptions } from "./command_options.ts";
import type { CommandInput } from "./command.ts";
import { runJson, runSpiral } from "./fake_io_test.ts";
import { BACKEND_TEMPLATE } from "./scaffold/backend_template.ts";
import { pluginNames } from "./scaffold/plugin_names.ts";
import { withEcosystem } from "./with_ecosystem.ts";

function inputWith(env: Readonly<Record<string, string>>): CommandInput {
  const sink = { isTerminal: false, columns: 80, write() {} };
  return {
    args: [],
    options: new CommandOptions({}),
    progress: undefined,
    io: {
      out: sink,
      err: sink,
      signal: new AbortController().signal,
      env: (name) => env[name],
      consent: () => Promise.resolve(false),
      inspect: () => Promise.reject(new Error("not here")),
    },
  };
}

Deno.test("withEcosystem() tells OpenTelemetry what is done while Deno sends it, and only then", async () => {
  const isWatched = () => workObserver("train.step") !== undefined;
  assert(await withEcosystem(inputWith({ OTEL_DENO: "true" }), isWatched));
  assertStrictEquals(isWatched(), false);
  assert(!await withEcosystem(inputWith({ OTEL_DENO: "false" }), isWatched));
  assert(!await withEcosystem(inputWith({}), isWatched));
});

/** A plugin whose backend is the interpreter. */
const COUNTING = BACKEND_TEMPLATE.module(pluginNames("acme.counting"));

/** A file with that plugin, for as long as something is done with it. */
async function withPlugin<T>(work: (path: string) => Promise<T>): Promise<T> {
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(path, COUNTING);
    return await work(path);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("spiral train computes on the backend of a plugin", () =>
  withPlugin(async (path) => {
    const line = ["train", "examples/circles.yaml", "--epochs", "1"];
    const chosen = ["--inline", path, "--backend", "acme:counting"];
    const { exitCode, data } = await runJson([...line, ...chosen]);
    assertEquals([exitCode, data["outcome"]], [0, "completed"]);
    const unknown = await runSpiral([...line, "--backend", "acme:counting"]);
    assertEquals(unknown.exitCode, 2);
    assertMatch(unknown.err, /^error\[BACKEND_UNKNOWN\]: .*"acme:counting"/);
  }));

Deno.test("spiral doctor starts the backends of plugins", () =>
  withPlugin(async (path) => {
    const counting = await runSpiral(["doctor", "--inline", path]);
    assertEquals(counting.exitCode, 0);
    assertMatch(
      counting.out,
      /^ok +backend +acme:counting of acme\.counting: use/m,
    );
    const broken = "./tests/fixtures/plugins/brings_backend/plugin.ts";
    const { exitCode, out } = await runSpiral(["doctor", "--inline", broken]);
    assertEquals(exitCode, 1);
    assertMatch(out, /^PROBLEM +backend +far:none .*create threw TypeError/m);
  }));

Deno.test("spiral bench refuses a backend that nobody brings", async () => {
  const { exitCode, err } = await runSpiral(["bench", "--backend", "acme:x"]);
  assertEquals(exitCode, 2);
  assertMatch(err, /^error\[BACKEND_UNKNOWN\]: /);
});
