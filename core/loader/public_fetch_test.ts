import { assertEquals, assertRejects } from "@std/assert";
import { PluginError } from "../errors.ts";
import { publicFetch } from "./public_fetch.ts";

/** A fetch over a network that is made up: what it is asked, and by which address. */
function network(addresses: Readonly<Record<string, readonly string[]>>) {
  const asked: string[] = [];
  const fetch = publicFetch({
    trusted: ["https://registry.example/"],
    lookUp: (host) => Promise.resolve(addresses[host] ?? []),
    fetchFrom: (address, url) => {
      asked.push(`${url} at ${address}`);
      return Promise.resolve(new Response());
    },
    fetch: (url) => {
      asked.push(url);
      return Promise.resolve(new Response());
    },
    mayReachAll: () => Promise.resolve(true),
  });
  return { asked, fetch: (url: string) => fetch(url, {}) };
}

Deno.test("publicFetch() connects to the address that it has judged", async () => {
  const { asked, fetch } = network({
    "plugins.example": ["203.0.113.7", "2606:4700::1"],
  });
  await fetch("https://plugins.example/mod.js");
  assertEquals(asked, ["https://plugins.example/mod.js at 203.0.113.7"]);
});

Deno.test.each([
  { name: "this machine", found: ["127.0.0.1"] },
  { name: "a private network", found: ["10.1.2.3"] },
  { name: "what clouds tell their machines", found: ["169.254.169.254"] },
  {
    name: "one private address among others",
    found: ["203.0.113.7", "192.168.0.1"],
  },
  { name: "this machine in version 6", found: ["::1"] },
  { name: "a private network in version 6", found: ["fd00::1"] },
  { name: "a link in version 6", found: ["fe80::1"] },
  { name: "version 4 inside of version 6", found: ["::ffff:127.0.0.1"] },
  { name: "version 4 behind a translator", found: ["64:ff9b::7f00:1"] },
  { name: "version 4 in a tunnel", found: ["2002:7f00:1::"] },
])("publicFetch() refuses a name that stands for $name", async ({ found }) => {
  const { asked, fetch } = network({ "plugins.example": found });
  const error = await assertRejects(
    () => fetch("https://plugins.example/mod.js"),
    PluginError,
  );
  assertEquals(error.code, "SOURCE_DENIED");
  assertEquals(asked, []);
});

Deno.test("publicFetch() looks nothing up for what says itself that it is private", async () => {
  for (const host of ["localhost", "a.internal", "127.0.0.1", "[::1]"]) {
    const { fetch } = network({ [host]: ["203.0.113.7"] });
    await assertRejects(() => fetch(`https://${host}/`), PluginError, host[1]);
  }
  const { asked, fetch } = network({ "2606:4700::1": ["2606:4700::1"] });
  await fetch("https://[2606:4700::1]/");
  assertEquals(asked, ["https://[2606:4700::1]/ at 2606:4700::1"]);
});

Deno.test("publicFetch() leaves alone what the host has named, and what names this machine only", async () => {
  const { asked, fetch } = network({ "registry.example": ["10.0.0.1"] });
  const urls = ["https://registry.example/a", "http://127.0.0.1:9/b"];
  for (const url of urls) await fetch(url);
  assertEquals(asked, urls);
});

Deno.test("publicFetch() lets the platform say that a name has no address", async () => {
  const { asked, fetch } = network({});
  await fetch("https://nowhere.example/");
  assertEquals(asked, ["https://nowhere.example/"]);
});

Deno.test("publicFetch() takes a host for named that is all that a process may reach", async () => {
  const asked: string[] = [];
  const fetch = publicFetch({
    trusted: [],
    lookUp: () => Promise.reject(new Error("not permitted")),
    fetch: (url) => {
      asked.push(url);
      return Promise.resolve(new Response());
    },
    mayReachAll: () => Promise.resolve(false),
  });
  await fetch("https://plugins.example/", {});
  assertEquals(asked, ["https://plugins.example/"]);
});
