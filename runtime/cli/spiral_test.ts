import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { VERSION } from "../version.ts";
import { COMMANDS } from "./commands.ts";
import type { CommandDefinition } from "./command.ts";
import { runJson, runSpiral } from "./fake_io_test.ts";

/** Commands that do something, with their full names. */
function* leaves(
  commands: readonly CommandDefinition[],
  path: readonly string[] = [],
): Generator<{ name: string; command: CommandDefinition }> {
  for (const command of commands) {
    const inner = [...path, command.name];
    if (command.run) yield { name: inner.join(" "), command };
    yield* leaves(command.commands ?? [], inner);
  }
}

Deno.test("spiral() without anything lists its commands", async () => {
  const { exitCode, out } = await runSpiral([]);
  assertEquals(exitCode, 0);
  for (const { name } of COMMANDS) assertStringIncludes(out, `\n  ${name}`);
});

Deno.test("spiral() --version writes the version", async () => {
  const ran = await runSpiral(["--version"]);
  assertEquals(ran, { exitCode: 0, out: `${VERSION}\n`, err: "" });
});

Deno.test.each([...leaves(COMMANDS)])(
  "spiral() $name --help has a description and an example",
  async ({ name, command }) => {
    const { exitCode, out } = await runSpiral([...name.split(" "), "--help"]);
    assertEquals(exitCode, 0);
    assertStringIncludes(out, `Usage: spiral ${name}`);
    assertStringIncludes(out, "\nExamples:\n  $ spiral ");
    assert(command.description.endsWith("."));
  },
);

Deno.test.each([
  {
    args: ["tarin"],
    message: "Cannot read the command line: unknown command 'tarin'",
    hint: "did you mean train?",
  },
  {
    args: ["ops", "--jsno"],
    message: "Cannot read the command line: unknown option '--jsno'",
    hint: "did you mean --json?",
  },
  {
    args: ["graph"],
    message: "Cannot read the command line: missing required argument 'config'",
    hint: "see spiral --help",
  },
  {
    args: ["train", "a.yaml", "--epochs", "0"],
    message:
      "Cannot read the command line: option '--epochs <count>' argument '0' is invalid. Wanted a whole number above 0",
    hint: "see spiral --help",
  },
  {
    args: ["train", "a.yaml", "--resume"],
    message:
      "Cannot read the command line: found --resume alone, wanted --checkpoint with it",
    hint: "see spiral --help",
  },
])("spiral() $args is told to be wrong in one line", async (row) => {
  const { args, message, hint } = row;
  const ran = await runSpiral(args);
  const line = `error[CLI_USAGE]: ${message} (${hint})\n`;
  assertEquals(ran, { exitCode: 2, out: "", err: line });
  const { exitCode, data } = await runJson(args);
  assertEquals(exitCode, 2);
  const { details, ...error } = data["error"] as Record<string, unknown>;
  assertEquals(error, { code: "CLI_USAGE", message, hint });
  assertEquals(typeof details, "object");
});

Deno.test("spiral() shows the stack with --debug only", async () => {
  const args = ["graph", "no/such/file.yaml"];
  const plain = await runSpiral(args);
  assertEquals(plain.exitCode, 2);
  assertEquals(plain.err.split("\n").length, 2);
  const debug = await runSpiral([...args, "--debug"]);
  assertStringIncludes(debug.err, "\n    at ");
  const { data } = await runJson([...args, "--debug"]);
  const { stack } = data["error"] as Record<string, unknown>;
  assertStringIncludes(String(stack), "\n    at ");
});

Deno.test("spiral() colors on a terminal only, and not where that is refused", async () => {
  const args = ["modules", "show", "linear"];
  async function isColored(
    more: readonly string[],
    options: Parameters<typeof runSpiral>[1],
  ): Promise<boolean> {
    return (await runSpiral([...args, ...more], options)).out.includes("\x1b[");
  }
  assertEquals(await isColored([], { isTerminal: true }), true);
  assertEquals(await isColored([], {}), false);
  assertEquals(await isColored(["--no-color"], { isTerminal: true }), false);
  const env = { NO_COLOR: "1" };
  assertEquals(await isColored([], { isTerminal: true, env }), false);
});
