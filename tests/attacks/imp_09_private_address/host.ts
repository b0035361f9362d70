import { assert, assertEquals } from "@std/assert";
import { isCoded } from "../../../core/base/mod.ts";
import { publicFetch } from "../../../core/loader/public_fetch.ts";
import type { HostAct } from "../attack_case.ts";
import { codesOf, failureOf, messageOf } from "../failures.ts";

/** Nobody is asked who is not of the public network, whatever was answered first. */
export const act: HostAct = async ({ ecosystem, scene: { port } }) => {
  const hosts = [
    "localhost",
    "127.0.0.1",
    "0x7f.1",
    "2130706433",
    "0",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "10.0.0.1",
    "169.254.169.254",
  ];
  for (const host of hosts) {
    const load = () => ecosystem.loader.load(`https://${host}:${port}/mod.js`);
    const error = await failureOf(load);
    assertEquals(isCoded(error) && error.code, "SOURCE_DENIED", host);
    assert(messageOf(error).includes("private-address"), messageOf(error));
  }
  // A name that stands for something else each time: what was judged is what is connected to.
  const answers = [["203.0.113.7"], ["127.0.0.1"]];
  const connected: string[] = [];
  const fetch = publicFetch({
    trusted: [],
    lookUp: () => Promise.resolve(answers.shift()!),
    fetchFrom: (address) => {
      connected.push(address);
      return Promise.resolve(new Response());
    },
    mayReachAll: () => Promise.resolve(true),
  });
  await fetch("https://rebound.example/mod.js", {});
  const again = () => fetch("https://rebound.example/mod.js", {});
  assertEquals(await codesOf(again), ["SOURCE_DENIED"]);
  assertEquals(connected, ["203.0.113.7"]);
};
