/** Reading some of a file. Oracle: reading all of it. */
import { assertEquals, assertRejects } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { NnError } from "../errors.ts";
import { encodeSafetensors } from "./encode_safetensors.ts";
import type { HostTensor } from "./format.ts";
import { parseSafetensors } from "./parse_safetensors.ts";
import type { ByteSource } from "../read_exactly.ts";
import { readSafetensors } from "./read_safetensors.ts";

const TENSORS = new Map<string, HostTensor>([
  ["table", {
    dtype: "float32",
    shape: [3, 2],
    data: Float32Array.of(1, 2, 3, 4, 5, 6),
  }],
  ["scale", { dtype: "float32", shape: [], data: Float32Array.of(7) }],
  ["none", { dtype: "int8", shape: [0, 4], data: new Int8Array() }],
]);
const FILE = encodeSafetensors(TENSORS, {
  metadata: new Map([["by", "hand"]]),
});

/** A file that counts what is read of it. */
class Counted implements ByteSource {
  readonly size = FILE.length;
  bytes = 0;

  read(start: number, end: number): Promise<Uint8Array> {
    this.bytes += end - start;
    return Promise.resolve(FILE.subarray(start, end));
  }
}

Deno.test("readSafetensors() reads what parseSafetensors() reads", async () => {
  const want = parseSafetensors(FILE);
  const reader = await readSafetensors(new Counted());
  assertEquals(reader.metadata, want.metadata);
  for (const [name, tensor] of want.tensors) {
    assertEquals(await reader.read(name), tensor);
    const { dtype, shape } = reader.tensors.get(name)!;
    assertEquals({ dtype, shape }, {
      dtype: tensor.dtype,
      shape: tensor.shape,
    });
  }
  assertEquals([...reader.tensors.keys()], [...want.tensors.keys()]);
});

Deno.test("readSafetensors() reads no more than what is asked for", async () => {
  const file = new Counted();
  const reader = await readSafetensors(file);
  assertEquals(file.bytes, FILE.length - 7 * 4);
  file.bytes = 0;
  const rows = await reader.read("table", { rows: [1, 2] });
  assertEquals(rows, {
    dtype: "float32",
    shape: [1, 2],
    data: Float32Array.of(3, 4),
  });
  assertEquals(file.bytes, 8);
  assertEquals((await reader.read("table", { rows: [3, 3] })).shape, [0, 2]);
});

Deno.test.each<{ name: string; rows?: [number, number] }>([
  { name: "tabel" },
  { name: "scale", rows: [0, 1] },
  { name: "table", rows: [2, 1] },
  { name: "table", rows: [0, 4] },
  { name: "table", rows: [0.5, 1] },
  { name: "table", rows: [-1, 1] },
])("readSafetensors() refuses $name $rows", async ({ name, rows }) => {
  const reader = await readSafetensors(new Counted());
  const error = await assertRejects(
    () => reader.read(name, rows ? { rows } : {}),
    OptionError,
  );
  assertEquals(error.code, "INVALID_OPTION");
});

Deno.test("readSafetensors() refuses a file that is cut off", async () => {
  const cut = FILE.subarray(0, FILE.length - 1);
  const source: ByteSource = {
    size: cut.length,
    read: (start, end) => Promise.resolve(cut.subarray(start, end)),
  };
  const error = await assertRejects(
    () => readSafetensors(source),
    NnError,
  );
  assertEquals(error.code, "SAFETENSORS_INVALID");
});

Deno.test.each([0, 8, 100])(
  "readSafetensors() refuses a source that gives too little from byte %i on",
  async (from) => {
    const error = await assertRejects(async () => {
      const reader = await readSafetensors({
        size: FILE.length,
        read: (start, end) =>
          Promise.resolve(FILE.subarray(start, start >= from ? end - 1 : end)),
      });
      await reader.read("table");
    }, NnError);
    assertEquals(error.code, "SAFETENSORS_INVALID");
  },
);
