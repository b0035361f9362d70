import { assert, assertEquals } from "@std/assert";
import type { LogRecord } from "@spiraltorch/spiraltorch";
import { terminalConsent } from "../../../runtime/terminal_consent.ts";
import type { HostAct } from "../attack_case.ts";

/** What stands on the terminal is the host's; what the plugin says comes later, under its own name. */
export const act: HostAct = async ({ open, moduleOf }) => {
  let shown = "";
  const log: LogRecord[] = [];
  const said: number[] = [];
  const consent = terminalConsent({
    isTerminal: true,
    write: (text) => void (shown += text),
    readLine: () => {
      said.push(log.length);
      return Promise.resolve("n");
    },
  });
  await using ecosystem = await open({
    log: (record) => void log.push(record),
    consent,
  });
  await ecosystem.loader.load(moduleOf());
  const lines = shown.split("\n");
  assertEquals([lines.length, said], [3, [0]]);
  assert(lines[0]!.startsWith('Plugin "attack" from '), shown);
  const own = log.filter(({ message }) => message.includes("Allow all of it"));
  assertEquals(own.length, 2);
  for (const { source, message } of own) {
    assertEquals([source, message.includes("\n")], ["attack", false]);
  }
};
