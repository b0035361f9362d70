import { assertEquals, assertThrows } from "@std/assert";
import { PluginError } from "../../errors.ts";
import type { LockEntries } from "../lockfile/lock_entry.ts";
import { toLockedPlugin } from "../lockfile/locked_plugin.ts";
import { parseBareSpecifier } from "./bare_specifier.ts";
import { pickIndexed } from "./pick_indexed.ts";

const SIGNER = "sha256-signer";

function digestOf(version: string): string {
  return `sha256-${version}`;
}

function pick(
  specifier: string,
  { versions, yanked = [], signer = "", locked, isUpdated = false }: {
    readonly versions: readonly string[];
    readonly yanked?: readonly string[];
    readonly signer?: string;
    readonly locked?: { version: string; signer?: string; digest?: string };
    readonly isUpdated?: boolean;
  },
): string {
  const entries: LockEntries = new Map(
    locked
      ? [["https://a.example/old.js", {
        digest: locked.digest ?? digestOf(locked.version),
        modules: new Map(),
        redirects: new Map(),
        plugins: new Map([[
          "acme.a",
          toLockedPlugin({ id: "acme.a", version: locked.version }),
        ]]),
        grants: [],
        ...locked.signer === undefined ? {} : { signer: locked.signer },
      }]]
      : [],
  );
  const index = {
    serial: 1,
    expiresMs: Infinity,
    versions: versions.map((version) => ({
      id: "acme.a",
      version,
      url: `https://a.example/${version}.js`,
      digest: digestOf(version),
      description: "",
      isYanked: yanked.includes(version),
    })),
  };
  const read = { index, seen: { serial: 1, signer } };
  const wanted = parseBareSpecifier(specifier)!;
  return pickIndexed(wanted, read, { entries, isUpdated }).version;
}

Deno.test("parseBareSpecifier() reads ids and ranges, and nothing that is a place", () => {
  assertEquals(parseBareSpecifier("acme.a@^1.2.0"), {
    id: "acme.a",
    range: "^1.2.0",
    isRanged: true,
  });
  assertEquals(parseBareSpecifier("acme.a")?.isRanged, false);
  for (
    const other of [
      "./a.js",
      "jsr:@acme/a",
      "acme",
      "https://a.b",
      "a.b@no",
      "",
    ]
  ) assertEquals(parseBareSpecifier(other), undefined, other);
});

Deno.test("pickIndexed() picks what is locked, else the newest that was not taken back", () => {
  const versions = ["1.0.0", "1.2.0", "2.0.0"];
  assertEquals(pick("acme.a", { versions }), "2.0.0");
  assertEquals(pick("acme.a", { versions, yanked: ["2.0.0"] }), "1.2.0");
  assertEquals(pick("acme.a@^1.0.0", { versions }), "1.2.0");
  const locked = { version: "1.0.0" };
  assertEquals(pick("acme.a", { versions, locked }), "1.0.0");
  assertEquals(
    pick("acme.a", { versions, locked, yanked: ["1.0.0"] }),
    "1.0.0",
  );
  assertEquals(pick("acme.a", { versions, locked, isUpdated: true }), "2.0.0");
  // Who names a version has it, an older one too.
  assertEquals(
    pick("acme.a@1.0.0", { versions, locked: { version: "2.0.0" } }),
    "1.0.0",
  );
});

Deno.test.each<
  {
    name: string;
    code: string;
    specifier?: string;
    options: Parameters<typeof pick>[1];
  }
>([
  { name: "no version", code: "PLUGIN_NOT_INDEXED", options: { versions: [] } },
  {
    name: "no version in the range",
    code: "PLUGIN_NOT_INDEXED",
    specifier: "acme.a@^3.0.0",
    options: { versions: ["1.0.0"] },
  },
  {
    name: "a plugin that is not signed any more",
    code: "TRUST_DOWNGRADE",
    options: {
      versions: ["1.0.0"],
      locked: { version: "1.0.0", signer: SIGNER },
    },
  },
  {
    name: "another signer",
    code: "SIGNER_CHANGED",
    options: {
      versions: ["1.0.0"],
      signer: "sha256-other",
      locked: { version: "1.0.0", signer: SIGNER },
    },
  },
  {
    name: "another digest than is locked",
    code: "INTEGRITY_MISMATCH",
    options: {
      versions: ["1.0.0"],
      locked: { version: "1.0.0", digest: "sha256-edited" },
    },
  },
  {
    name: "an older version as the newest",
    code: "VERSION_DOWNGRADE",
    options: {
      versions: ["1.0.0"],
      locked: { version: "2.0.0" },
      isUpdated: true,
    },
  },
])("pickIndexed() refuses $name", ({ code, specifier = "acme.a", options }) => {
  const error = assertThrows(() => pick(specifier, options), PluginError);
  assertEquals(error.code, code);
});
