import { assertEquals, assertStringIncludes } from "@std/assert";
import { runSpiral } from "../fake_io_test.ts";

Deno.test("spiral plugin prune takes old modules out of the store, unless it is only to tell", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const place = `${folder}/cache/modules/ab`;
    await Deno.mkdir(place, { recursive: true });
    const file = `${place}/${"0".repeat(62)}`;
    await Deno.writeTextFile(file, "x".repeat(2000));
    await Deno.utime(file, 0, 0);
    const where = ["--cache", `${folder}/cache`, "--lock", `${folder}/lock`];
    const run = (...args: readonly string[]) =>
      runSpiral(["plugin", "prune", ...where, ...args]);
    const dry = await run("--dry-run");
    assertEquals(dry.out, "1 modules would go, 2 KiB\n0 modules left, 0 KiB\n");
    const gone = await run("--json");
    assertEquals(JSON.parse(gone.out), {
      folder: `${folder}/cache`,
      dryRun: false,
      removed: 1,
      removedBytes: 2000,
      kept: 0,
      keptBytes: 0,
      lockfiles: [],
    });
    const again = await run();
    assertStringIncludes(again.out, "0 modules gone");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
