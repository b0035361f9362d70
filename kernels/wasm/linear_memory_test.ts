import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { BackendError } from "../ir/mod.ts";
import { createLinearMemory } from "./linear_memory.ts";

Deno.test("createLinearMemory() reserves what is asked for, in whole pages", () => {
  const { memory, pages, bytes, int32, float32 } = createLinearMemory(
    2 ** 20 + 5,
  );
  assertEquals(pages, 16);
  assertEquals(bytes.length, 2 ** 20);
  assertEquals(int32.length, float32.length);
  assertThrows(() => memory.grow(1), RangeError);
});

Deno.test("createLinearMemory() takes half where the system refuses the whole", () => {
  const { Memory } = WebAssembly;
  const asked: number[] = [];
  try {
    WebAssembly.Memory = class extends Memory {
      constructor(descriptor: WebAssembly.MemoryDescriptor) {
        asked.push(descriptor.initial);
        if (descriptor.initial > 2 ** 14) throw new RangeError("no room");
        super(descriptor);
      }
    };
    assertEquals(createLinearMemory().pages, 2 ** 14);
    assertEquals(asked, [2 ** 16, 2 ** 15, 2 ** 14]);
    const error = assertThrows(
      () => createLinearMemory(2 ** 31),
      BackendError,
      'Cannot start backend "wasm": the system refuses 2147483648 bytes',
    );
    assertEquals(error.code, "BACKEND_UNAVAILABLE");
  } finally {
    WebAssembly.Memory = Memory;
  }
});

Deno.test.each([{ bytes: 0 }, { bytes: 2 ** 20 - 1 }, { bytes: 2 ** 34 + 1 }, {
  bytes: 2 ** 20 + 0.5,
}, { bytes: NaN }])(
  "createLinearMemory() refuses $bytes bytes",
  ({ bytes }) => {
    const error = assertThrows(() => createLinearMemory(bytes), OptionError);
    assertEquals(error.code, "INVALID_OPTION");
  },
);
