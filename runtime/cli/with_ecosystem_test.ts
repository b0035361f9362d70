import { assert, assertStrictEquals } from "@std/assert";
import { workObserver } from "../../core/base/mod.ts";
import { CommandOptions } from "./command_options.ts";
import type { CommandInput } from "./command.ts";
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
