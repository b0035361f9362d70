import { assertEquals } from "@std/assert";
import { init } from "es-module-lexer";
import { withStandIns } from "./with_stand_ins.ts";

await init;

Deno.test("withStandIns() has imports of @std from the package, from wherever they are", () => {
  const source = `
import { parse } from "@std/semver";
import { abortable } from "@std/async/abortable";
import { z } from "zod";
const { pooledMap } = await import("@std/async");
const text = 'import "@std/semver"';
`;
  assertEquals(
    withStandIns(source, "core/resolve/a.js"),
    `
import { parse } from "../../vendor/std/semver/mod.js";
import { abortable } from "../../vendor/std/async/abortable.js";
import { z } from "zod";
const { pooledMap } = await import("../../vendor/std/async/mod.js");
const text = 'import "@std/semver"';
`,
  );
  assertEquals(
    withStandIns('import "@std/semver";', "mod.js"),
    'import "./vendor/std/semver/mod.js";',
  );
});
