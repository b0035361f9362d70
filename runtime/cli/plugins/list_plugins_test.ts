import { assertEquals } from "@std/assert";
import { trustOf } from "./list_plugins.ts";
import { lockedPlugin } from "./locked_project_test.ts";

Deno.test.each<{ url: string; signer?: string; trust: string }>([
  { url: "https://a.example/a.ts", signer: "sha256-key", trust: "signed" },
  { url: "npm:swish", signer: "sha256-key", trust: "signed" },
  { url: "npm:swish@^1.0.0", trust: "registry" },
  { url: "jsr:@acme/swish", trust: "registry" },
  { url: "https://a.example/npm:a.ts", trust: "digest" },
  { url: "file:///srv/a.ts", trust: "digest" },
])("trustOf() is $trust for $url", ({ url, signer, trust }) => {
  const entry = {
    digest: "",
    modules: new Map(),
    redirects: new Map(),
    plugins: new Map([["acme.a", lockedPlugin("1.0.0")]]),
    grants: [],
    ...signer === undefined ? {} : { signer },
  };
  assertEquals(trustOf({ url, entry }), trust);
});
