import { assertEquals } from "@std/assert";
import { terminalConsent } from "./terminal_consent.ts";

const QUESTION = {
  url: "https://plugins.example/mod.ts",
  pluginIds: ["acme.a"],
  wishes: ["send to and receive from api.example:443", "use the GPU"],
};

/** A terminal that is typed into. */
function typed(answer: string | null, isTerminal = true) {
  const written: string[] = [];
  return {
    isTerminal,
    written,
    write: (text: string) => void written.push(text),
    readLine: () => Promise.resolve(answer),
  };
}

Deno.test.each<[string | null, boolean]>([
  ["y", true],
  ["YES", true],
  ["", false],
  ["n", false],
  ["yes please", false],
  [null, false],
])("terminalConsent() takes %s for %s", async (answer, want) => {
  const terminal = typed(answer);
  assertEquals(await terminalConsent(terminal)(QUESTION), want);
  assertEquals(terminal.written, [
    `Plugin "acme.a" from https://plugins.example/mod.ts asks to
  - send to and receive from api.example:443
  - use the GPU
Allow all of it, from now on? [y/N] `,
  ]);
});

Deno.test("terminalConsent() says no without a terminal, and asks nothing", async () => {
  const terminal = typed("y", false);
  assertEquals(await terminalConsent(terminal)(QUESTION), false);
  assertEquals(terminal.written, []);
});
