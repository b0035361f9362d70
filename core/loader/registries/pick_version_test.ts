import { assertEquals } from "@std/assert";
import { pickVersion } from "./pick_version.ts";

Deno.test("pickVersion() picks the newest that will do, by number and not by text", () => {
  const versions = ["1.9.0", "1.10.0", "2.0.0-beta.1", "0.1.0", "latest"];
  assertEquals(pickVersion(versions, "^1.0.0"), "1.10.0");
  assertEquals(pickVersion(versions, "*"), "1.10.0");
  assertEquals(pickVersion(versions, "^3.0.0"), undefined);
});
