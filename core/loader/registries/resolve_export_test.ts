import { assertEquals } from "@std/assert";
import { resolveExport } from "./resolve_export.ts";

const CASES: [exports: unknown, path: string, file: string | undefined][] = [
  ["./mod.js", ".", "./mod.js"],
  ["./mod.js", "./sub", undefined],
  [{ import: "./a.mjs", require: "./a.cjs" }, ".", "./a.mjs"],
  [{ require: "./a.cjs", default: "./a.js" }, ".", "./a.js"],
  [{ require: "./a.cjs" }, ".", undefined],
  [
    { ".": { types: "./a.d.ts", import: { default: "./a.js" } } },
    ".",
    "./a.js",
  ],
  [{ ".": "./a.js", "./sub": "./b.js" }, "./sub", "./b.js"],
  [{ ".": "./a.js" }, "./sub", undefined],
  [{ "./*": "./lib/*.js" }, "./x/y", "./lib/x/y.js"],
  [{ "./*.js": { import: "./lib/*.mjs" } }, "./x.js", "./lib/x.mjs"],
  [{ "./internal/*": null, "./*": "./*.js" }, "./internal/x", undefined],
  [{ ".": 7 }, ".", undefined],
  [undefined, ".", undefined],
];

Deno.test.each(CASES)(
  "resolveExport() finds in %j what %s is: %s",
  (exports, path, file) => {
    assertEquals(resolveExport(exports, path), file);
  },
);
