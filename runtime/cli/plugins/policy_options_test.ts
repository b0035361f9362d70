import { assertEquals, assertThrows } from "@std/assert";
import { CommandOptions } from "../command_options.ts";
import { CliError } from "../errors.ts";
import { policyOf } from "./policy_options.ts";

Deno.test("policyOf() gathers rules by kind", () => {
  const options = new CommandOptions({
    allow: ["net=a.example:443", "gpu", "net=b.example:80", "env=KEY"],
    deny: ["read=/srv/a=b"],
    host: ["plugins.example"],
    httpHost: ["intranet", "a.example:8000"],
    lockedGrants: true,
    privateNetwork: true,
  });
  assertEquals(policyOf(options), {
    allow: { net: ["a.example:443", "b.example:80"], gpu: true, env: ["KEY"] },
    deny: { read: ["/srv/a=b"] },
    hosts: ["plugins.example"],
    httpHosts: ["intranet", "a.example:8000"],
    lockedGrants: true,
    privateNetwork: true,
  });
});

Deno.test("policyOf() has nothing to say where the command line has nothing", () => {
  assertEquals(policyOf(new CommandOptions({})), undefined);
});

Deno.test.each(["run=deno", "net", "net=", "ffi", "gpu=1"].map((rule) => ({
  rule,
})))("policyOf() refuses the rule $rule", ({ rule }) => {
  assertThrows(
    () => policyOf(new CommandOptions({ allow: [rule] })),
    CliError,
    `found --allow "${rule}", wanted net=host:port`,
  );
});
