// The list of modules that run in a sandbox says what the guest's imports say.

import { assert, assertEquals } from "@std/assert";
import { guestPaths } from "../tools/guest_sources.ts";
import { GUEST_SOURCES } from "../runtime/guest_sources.ts";
import { makeGuestSdk } from "../runtime/guest_sdk.ts";

Deno.test("GUEST_SOURCES lists what a sandbox's entries can reach", async () => {
  assertEquals(
    Object.keys(GUEST_SOURCES),
    await guestPaths(),
    "run tools/guest_sources.ts",
  );
});

Deno.test("makeGuestSdk() brings no backend and no package into a sandbox", async () => {
  const { modules, entry, main } = await makeGuestSdk();
  assert(modules.has(entry) && modules.has(main));
  for (const [url, source] of modules) {
    assert(!/\bkernels\/(wasm|reference)/.test(url), url);
    assert(!/^import .* from "(?!\.)/m.test(source), url);
  }
});
