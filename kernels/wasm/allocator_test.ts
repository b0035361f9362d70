import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InvariantError } from "../../core/base/mod.ts";
import { Allocator } from "./allocator.ts";

Deno.test("Allocator gives aligned blocks that never overlap, and joins what is freed", () => {
  const total = 1 << 16;
  const action = fc.record({
    bytes: fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 20_000 })),
    drop: fc.option(fc.nat()),
  });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 120 }), (actions) => {
      const allocator = new Allocator(64, total);
      const live: { address: number; bytes: number }[] = [];
      for (const { bytes, drop } of actions) {
        if (drop !== null && live.length > 0) {
          const [gone] = live.splice(drop % live.length, 1);
          allocator.free(gone!.address);
        }
        const address = allocator.allocate(bytes);
        if (address === undefined) continue;
        assertEquals(address % 64, 0);
        assert(address >= 64 && address + bytes <= 64 + total);
        for (const other of live) {
          const isApart = address + bytes <= other.address ||
            other.address + other.bytes <= address;
          assert(isApart || bytes === 0);
          assert(address !== other.address);
        }
        live.push({ address, bytes });
      }
      for (const { address } of live) allocator.free(address);
      assertEquals(allocator.freeBlocks, 1);
      assertEquals(allocator.usedBytes, 0);
      assertEquals(allocator.allocate(total), 64);
    }),
    { seed: 1 },
  );
});

Deno.test("Allocator.allocate() uses freed memory again", () => {
  const allocator = new Allocator(0, 1 << 20);
  const first = allocator.allocate(1000)!;
  const second = allocator.allocate(1000)!;
  allocator.free(first);
  assertEquals(allocator.allocate(1000), first);
  assertEquals(allocator.usedBytes, 2048);
  allocator.free(second);
});

Deno.test("Allocator.allocate() finds the one block of a full class that fits", () => {
  // Blocks of 1024 and of 1088 bytes are of one class, and the latter is the last to be freed.
  const allocator = new Allocator(0, 20 * (1024 + 64) + 1088);
  const small = Array.from({ length: 20 }, () => {
    const address = allocator.allocate(1024)!;
    allocator.allocate(64);
    return address;
  });
  const fitting = allocator.allocate(1088)!;
  small.forEach((address) => allocator.free(address));
  allocator.free(fitting);
  assertEquals(allocator.freeBlocks, 21);
  assertEquals(allocator.allocate(1088), fitting);
});

Deno.test("Allocator.allocate() has no room beyond its end", () => {
  const allocator = new Allocator(64, 128);
  assertEquals(allocator.allocate(129), undefined);
  assertEquals(allocator.allocate(65), 64);
  assertEquals(allocator.allocate(1), undefined);
});

Deno.test("Allocator.free() stops at what is not in use", () => {
  const allocator = new Allocator(0, 1024);
  const address = allocator.allocate(10)!;
  allocator.free(address);
  assertThrows(
    () => allocator.free(address),
    InvariantError,
    "memory is freed once",
  );
});

Deno.test("Allocator.allocate() finds what is left, however far apart sizes lie", () => {
  const total = 2 ** 20;
  const allocator = new Allocator(64, total);
  // All but one block is used up; then that one, and nothing more.
  assertEquals(allocator.allocate(total - 64), 64);
  assertEquals(allocator.allocate(1), total);
  assertEquals(allocator.allocate(1), undefined);
  allocator.free(total);
  assertEquals(allocator.allocate(128), undefined);
  allocator.free(64);
  assertEquals(allocator.allocate(64), 64);
  assertEquals(allocator.usedBytes, 64);
});
