import { assertEquals } from "@std/assert";
import { manifestForNode } from "./npm_manifest.ts";

Deno.test("manifestForNode() leaves out what needs Deno, and adds what fills gaps of Node", () => {
  const door = (file: string) => ({ types: "", default: file });
  const { exports, dependencies, engines, name } = manifestForNode({
    name: "@acme/one",
    version: "1.0.0",
    exports: { ".": door("./mod.js"), "./cli": door("./runtime/cli/main.js") },
    dependencies: { commander: "^15.0.0", zod: "^4.0.0" },
  });
  assertEquals(name, "@acme/one");
  assertEquals(Object.keys(exports), ["."]);
  assertEquals(Object.keys(dependencies), [
    "zod",
    "@petamoriken/float16",
    "core-js",
  ]);
  assertEquals(engines.node, ">=20.16");
});
