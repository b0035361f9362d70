// The oracle is a file that Python has packed after the format's description (tools/gguf_golden.py), and what
// it has worked out of it. Broken files are cut and overwritten copies of that one.

import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { OptionError } from "../../core/base/mod.ts";
import { NnError } from "../errors.ts";
import type { ByteSource } from "../read_exactly.ts";
import { readGguf } from "./read_gguf.ts";

const FIXTURES = new URL("../../tests/fixtures/gguf/", import.meta.url);
const FILE = await Deno.readFile(new URL("small.gguf", FIXTURES));
const EXPECTED: {
  metadata: Record<string, unknown>;
  tensors: Record<string, { type: number; shape: number[]; data: number[] }>;
} = JSON.parse(await Deno.readTextFile(new URL("small.json", FIXTURES)));

/** Bytes as a source that remembers what was read of it. */
function sourceOf(bytes: Uint8Array): ByteSource & { readonly ends: number[] } {
  const ends: number[] = [];
  return {
    ends,
    size: bytes.length,
    read(start, end) {
      ends.push(end);
      return Promise.resolve(bytes.subarray(start, end));
    },
  };
}

/** The file with some bytes replaced. */
function changed(at: number, ...values: readonly number[]): Uint8Array {
  const copy = FILE.slice();
  copy.set(values, at);
  return copy;
}

/** Where a text begins in the file. */
function placeOf(text: string): number {
  const wanted = new TextEncoder().encode(text);
  return FILE.findIndex((_, i) =>
    wanted.every((byte, j) => FILE[i + j] === byte)
  );
}

Deno.test("readGguf() reads notes, types and shapes as Python has written them", async () => {
  const { metadata, tensors } = await readGguf(sourceOf(FILE));
  assertEquals(Object.fromEntries(metadata), EXPECTED.metadata);
  assertEquals(
    Array.from(tensors, ([name, { shape }]) => [name, [...shape]]),
    Object.entries(EXPECTED.tensors).map(([name, { shape }]) => [name, shape]),
  );
  assertEquals(tensors.get("blocks.q6_k"), {
    stored: "type 14",
    dtype: undefined,
    shape: [256],
  });
});

Deno.test.each(
  Object.entries(EXPECTED.tensors).filter(([, { type }]) => type !== 14)
    .map(([name, tensor]) => ({ name, tensor })),
)("readGguf() reads $name as Python has worked it out", async ({
  name,
  tensor,
}) => {
  const reader = await readGguf(sourceOf(FILE));
  const { shape, data, dtype } = await reader.read(name);
  assertEquals([...shape], tensor.shape);
  assertEquals(dtype, reader.tensors.get(name)!.dtype);
  assertEquals(data.length, tensor.data.length);
  for (const [i, wanted] of tensor.data.entries()) {
    // A product and a sum, each rounded to float32.
    const isClose = Math.abs(data[i]! - wanted) <= 3e-7 * Math.abs(wanted) +
        1e-8;
    assert(isClose, `${name}[${i}]: ${data[i]} for ${wanted}`);
  }
});

Deno.test("readGguf() reads rows, and no more of the file than it needs", async () => {
  const source = sourceOf(FILE);
  const reader = await readGguf(source);
  const whole = await reader.read("blocks.q4_0");
  source.ends.length = 0;
  const rows = await reader.read("blocks.q4_0", { rows: [1, 3] });
  assertEquals([...rows.shape], [2, 64]);
  assertEquals(rows.data, whole.data.slice(64));
  assertEquals(source.ends.length, 1);
  for (const range of [[0, 4], [2, 1], [-1, 0]] as [number, number][]) {
    await assertRejects(
      () => reader.read("blocks.q4_0", { rows: range }),
      OptionError,
    );
  }
  await assertRejects(
    () => reader.read("blocks.q5_1", { rows: [1, 3] }),
    OptionError,
    "where blocks begin",
  );
});

Deno.test("readGguf() reads a header that is longer than the first bytes", async () => {
  const name = placeOf("general.architecture");
  const value = placeOf("tiny");
  const long = new TextEncoder().encode("x".repeat(200_000));
  const grown = new Uint8Array(FILE.length + long.length - 4 + 64);
  grown.set(FILE.subarray(0, value));
  new DataView(grown.buffer).setBigUint64(value - 8, BigInt(long.length), true);
  grown.set(long, value);
  grown.set(FILE.subarray(value + 4), value + long.length);
  assert(name > 0);
  const { metadata } = await readGguf(sourceOf(grown));
  assertEquals(String(metadata.get("general.architecture")).length, 200_000);
});

Deno.test.each<{ name: string; bytes: () => Uint8Array; says: string }>([
  { name: "nothing", bytes: () => new Uint8Array(), says: "no end" },
  { name: "another file", bytes: () => changed(0, 80), says: "no GGUF file" },
  { name: "another version", bytes: () => changed(4, 1), says: "version 1" },
  {
    name: "bytes in another order",
    bytes: () => changed(4, 0, 0, 0, 3),
    says: "version 50331648",
  },
  {
    name: "more tensors than there can be",
    bytes: () => changed(8, 0, 0, 0, 0, 0, 0, 0, 128),
    says: "tensors, wanted at most",
  },
  {
    name: "a header that is cut off",
    bytes: () => FILE.slice(0, 300),
    says: "no end of the header",
  },
  {
    name: "tensors that are cut off",
    bytes: () => FILE.slice(0, FILE.length - 300),
    says: "blocks.q6_k",
  },
  {
    name: "a name twice",
    bytes: () =>
      changed(
        placeOf("plain.f16"),
        ...[..."plain.f32"].map((c) => c.charCodeAt(0)),
      ),
    says: "twice",
  },
  {
    name: "a text that is no UTF-8",
    bytes: () => changed(placeOf("tiny"), 255),
    says: "UTF-8",
  },
  {
    name: "a bool of two",
    bytes: () => changed(placeOf("a.bool") + 10, 2),
    says: "as a bool",
  },
  {
    name: "another alignment",
    bytes: () => changed(placeOf("general.alignment") + 21, 7),
    says: "alignment 7",
  },
  {
    name: "rows of no whole blocks",
    bytes: () => changed(placeOf("blocks.q4_1") + 15, 31),
    says: "a multiple of 32",
  },
])("readGguf() refuses $name", async ({ bytes, says }) => {
  const error = await assertRejects(
    () => readGguf(sourceOf(bytes())),
    NnError,
    says,
  );
  assertEquals(error.code, "GGUF_INVALID");
});

Deno.test("readGguf() refuses tensors that it cannot read, and names that are not there", async () => {
  const reader = await readGguf(sourceOf(FILE));
  const error = await assertRejects(() => reader.read("blocks.q6_k"), NnError);
  assertEquals(error.code, "GGUF_INVALID");
  await assertRejects(
    () => reader.read("plain.f23"),
    OptionError,
    "plain.f32",
  );
  const broken = sourceOf(FILE);
  const other = await readGguf({
    ...broken,
    read: (start, end) => broken.read(start, Math.min(end, 2000)),
  }).catch((error) => error);
  assertEquals(other.code, "GGUF_INVALID");
});

Deno.test("readGguf() refuses or reads whatever bytes are changed, and fails in no other way", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(fc.nat(1500), fc.integer({ min: 0, max: 255 })),
        { minLength: 1, maxLength: 4 },
      ),
      async (changes) => {
        const copy = FILE.slice();
        for (const [at, value] of changes) copy[at] = value;
        try {
          const reader = await readGguf(sourceOf(copy));
          for (const name of reader.tensors.keys()) await reader.read(name);
        } catch (error) {
          assert(error instanceof NnError, String(error));
          assertEquals(error.code, "GGUF_INVALID");
        }
      },
    ),
    { seed: 5, numRuns: 1500 },
  );
});
