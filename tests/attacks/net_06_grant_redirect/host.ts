import { assertEquals } from "@std/assert";
import { createEcosystem } from "@spiraltorch/spiraltorch";
import type { HostAct } from "../attack_case.ts";
import { grantedPlugin, startTwoServers } from "../two_servers.ts";

const ATTEMPTS = `
  "the address": async () => (await fetch("http://" + granted + "/hello")).text(),
  "a redirect": async () => (await fetch("http://" + granted + "/on")).text(),
`;

/** What is granted answers; where it sends on to is not reached. */
export const act: HostAct = async ({ scene: { folder } }) => {
  await using servers = startTwoServers();
  const file = `${folder}/net_06.js`;
  await Deno.writeTextFile(file, grantedPlugin(servers, ATTEMPTS));
  const lines: string[] = [];
  await using ecosystem = await createEcosystem({
    log: ({ source, message }) =>
      void (source === "attack" && lines.push(message)),
    policy: {
      allow: { net: [`127.0.0.1:${servers.granted}`] },
      privateNetwork: true,
    },
  });
  await ecosystem.loader.load(`file://${file}`);
  assertEquals(lines.filter((line) => line.startsWith("open")), [
    "open: the address: hello",
  ]);
  assertEquals([lines.length, servers.hits()], [2, 0]);
};
