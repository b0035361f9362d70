import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../base/mod.ts";
import { checkKeepOptions, type KeepOptions } from "./keep_options.ts";

Deno.test("checkKeepOptions() gives what is there and nothing else", () => {
  const options = {
    lockfile: "a",
    frozen: true,
    readOnly: false,
    cacheDir: "b",
    cacheBytesMax: 7,
    consentDir: "c",
  };
  assertEquals(
    checkKeepOptions({ ...options, log: 1 } as KeepOptions),
    options,
  );
  assertEquals(checkKeepOptions({}), {});
});

Deno.test.each<{ name: string; options: Record<string, unknown> }>([
  { name: "a lockfile without a name", options: { lockfile: "" } },
  { name: "a folder that is no text", options: { cacheDir: 7 } },
  { name: "a folder for consents without a name", options: { consentDir: "" } },
  {
    name: "a frozen that is no truth value",
    options: { frozen: "yes", lockfile: "a" },
  },
  { name: "a size of nothing", options: { cacheBytesMax: 0 } },
  { name: "a size that is no number", options: { cacheBytesMax: NaN } },
  { name: "frozen without a lockfile", options: { frozen: true } },
  {
    name: "a readOnly that is no truth value",
    options: { readOnly: 1, lockfile: "a" },
  },
  { name: "readOnly without a lockfile", options: { readOnly: true } },
])("checkKeepOptions() refuses $name", ({ options }) => {
  assertThrows(() => checkKeepOptions(options), OptionError);
});
