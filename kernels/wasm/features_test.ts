import { assertEquals } from "@std/assert";
import { hasRelaxedSimd, hasSimd } from "./features.ts";

Deno.test("hasSimd() and hasRelaxedSimd() agree with what the engine validates", () => {
  // (func (param v128) local.get 0 local.get 0 … drop), written by hand.
  const accepts = (body: number[]) =>
    WebAssembly.validate(Uint8Array.from([
      ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 1, 123, 0, 3, 2, 1, 0],
      ...[10, body.length + 4, 1, body.length + 2, 0, ...body, 11],
    ]));
  assertEquals(hasSimd(), accepts([32, 0, 32, 0, 253, 228, 1, 26]));
  assertEquals(
    hasRelaxedSimd(),
    accepts([32, 0, 32, 0, 32, 0, 253, 133, 2, 26]),
  );
});
