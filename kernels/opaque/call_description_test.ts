import { assertEquals } from "@std/assert";
import {
  type CodeCall,
  descriptionBytes,
  writeDescription,
} from "./call_description.ts";

Deno.test("writeDescription() leaves nothing of what lay where it writes, and writes nowhere else", () => {
  const call: CodeCall = {
    types: [
      { dtype: "float32", shape: [3] },
      { dtype: "int8", shape: [] },
    ],
    settings: [1.5],
  };
  const bytes = descriptionBytes(call);
  const buffer = new ArrayBuffer(bytes + 32);
  new Uint8Array(buffer).fill(0xa5);
  writeDescription(call, { buffer, at: 16, origin: 16, arrays: [0, 0] });
  const words = [...new Int32Array(buffer, 16, bytes / 4)];
  assertEquals(words, [
    ...[1, 64, 1],
    ...[0, 3, 0, 1, 80],
    ...[0, 1, 2, 0, 96],
    ...[0, 0, 0],
    // The setting, then sizes.
    ...[0, 0x3ff80000, 0, 0],
    ...[3, 0, 0, 0],
  ]);
  const guards = new Uint8Array(buffer);
  assertEquals([guards[15], guards[bytes + 16]], [0xa5, 0xa5]);
});
