import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../base/mod.ts";
import { parsePolicy } from "./policy.ts";

Deno.test("parsePolicy() reads what is allowed, denied and where from", () => {
  const { rules, hosts, privateNetwork } = parsePolicy({
    allow: { net: ["Api.Example:443"], gpu: true },
    deny: { read: ["/etc"] },
    hosts: ["plugins.example"],
  });
  assertEquals(rules.allow.map(({ kind, text }) => [kind, text]), [
    ["net", "api.example:443"],
    ["gpu", ""],
  ]);
  assertEquals(rules.deny.map(({ text }) => text), ["/etc"]);
  assertEquals(hosts?.map(({ text }) => text), ["plugins.example"]);
  assertEquals(privateNetwork, false);
});

Deno.test("parsePolicy() takes what is missing for nothing", () => {
  const { rules, hosts } = parsePolicy({});
  assertEquals(rules, { allow: [], deny: [] });
  assertEquals(hosts, undefined);
});

Deno.test.each<[string, unknown]>([
  ["null", null],
  ["an unknown name", { alow: {} }],
  ["programs", { allow: { run: ["git"] } }],
  ["libraries", { allow: { ffi: ["/lib/x.so"] } }],
  ["imports", { allow: { import: ["x.example"] } }],
  ["the system", { allow: { sys: ["hostname"] } }],
  ["everything", { allow: { net: true } }],
  ["an empty name", { allow: { net: [""] } }],
  ["null for a list", { allow: { net: null } }],
  ["null for lists", { allow: null }],
  ["a number in a list", { allow: { env: [1] } }],
  ["all files", { allow: { read: ["/"] } }],
  ["text for the GPU", { allow: { gpu: "yes" } }],
  ["text for private networks", { privateNetwork: "yes" }],
  ["text for locked grants", { lockedGrants: "yes" }],
  ["a URL for a host of http:", { httpHosts: ["http://a.example"] }],
  ["text for hosts", { hosts: "plugins.example" }],
])("parsePolicy() refuses %s", (_, policy) => {
  assertThrows(() => parsePolicy(policy as object), OptionError);
});
