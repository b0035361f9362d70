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

Deno.test("terminalConsent() takes what was typed before the question for no answer", async () => {
  const lines = [{ text: "y", afterMs: 0 }, { text: "y", afterMs: 149 }, {
    text: "n",
    afterMs: 900,
  }];
  let nowMs = 0;
  let asked = 0;
  const consent = terminalConsent({
    isTerminal: true,
    write: () => void asked++,
    readLine() {
      const { text, afterMs } = lines.shift()!;
      nowMs += afterMs;
      return Promise.resolve(text);
    },
    nowMs: () => nowMs,
  });
  assertEquals(await consent(QUESTION), false);
  assertEquals(asked, 3);
});

Deno.test("terminalConsent() shows where an id ends", async () => {
  const terminal = typed("n");
  const id = 'good" from https://trusted.example asks to';
  await terminalConsent(terminal)({ ...QUESTION, pluginIds: [id] });
  const [line] = terminal.written.join("").split("\n");
  assertEquals(
    line,
    `Plugin "good\\" from https://trusted.example asks to" from https://plugins.example/mod.ts asks to`,
  );
});
