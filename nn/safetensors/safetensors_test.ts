import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { isCoded, sizeOf } from "../../core/base/mod.ts";
import { NnError } from "../errors.ts";
import { encodeSafetensors } from "./encode_safetensors.ts";
import type { HostTensor } from "./format.ts";
import { parseSafetensors } from "./parse_safetensors.ts";

/** A file made of a header and bytes, as the format describes it. */
function file(header: string | object, data: readonly number[] = []) {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const bytes = new TextEncoder().encode(text);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(bytes.length), true);
  return Uint8Array.from([...length, ...bytes, ...data]);
}

/** Codes of the issues that a file is refused for. */
function refusals(bytes: Uint8Array): unknown[] {
  const error = assertThrows(
    () => parseSafetensors(bytes),
    NnError,
    "Cannot read safetensors: ",
  );
  assertEquals(error.code, "SAFETENSORS_INVALID");
  const { issues } = error.details;
  assert(Array.isArray(issues));
  return issues.map(({ code }) => code);
}

const ONE = { dtype: "F32", shape: [1], "data_offsets": [0, 4] };

Deno.test("parseSafetensors() reads a file written by hand", () => {
  const header = {
    __metadata__: { format: "pt" },
    flags: { dtype: "BOOL", shape: [3], "data_offsets": [8, 11] },
    bias: { dtype: "F32", shape: [1], "data_offsets": [4, 8] },
    counts: { dtype: "I32", shape: [1, 1], "data_offsets": [0, 4] },
    none: { dtype: "F32", shape: [0, 5], "data_offsets": [8, 8] },
  };
  const data = [0xfe, 0xff, 0xff, 0xff, 0, 0, 0x80, 0x3f, 1, 0, 1];
  const { tensors, metadata } = parseSafetensors(file(header, data));
  assertEquals([...metadata], [["format", "pt"]]);
  assertEquals([...tensors], [
    ["counts", { dtype: "int32", shape: [1, 1], data: Int32Array.of(-2) }],
    ["bias", { dtype: "float32", shape: [1], data: Float32Array.of(1) }],
    ["none", { dtype: "float32", shape: [0, 5], data: new Float32Array() }],
    ["flags", { dtype: "bool", shape: [3], data: Uint8Array.of(1, 0, 1) }],
  ]);
});

// The bytes of torch.tensor([1, -2.5]) in each dtype.
Deno.test.each(
  [
    { dtype: "float16", format: "F16", bytes: [0x00, 0x3c, 0x00, 0xc1] },
    { dtype: "bfloat16", format: "BF16", bytes: [0x80, 0x3f, 0x20, 0xc0] },
  ] as const,
)("safetensors hold $format", ({ dtype, format, bytes }) => {
  const header = { x: { dtype: format, shape: [2], data_offsets: [0, 4] } };
  const { tensors } = parseSafetensors(file(header, bytes));
  const data = Float32Array.of(1, -2.5);
  assertEquals([...tensors], [["x", { dtype, shape: [2], data }]]);
  const written = encodeSafetensors(tensors);
  assertEquals([...written.slice(-4)], [...bytes]);
  assertEquals(parseSafetensors(written).tensors, tensors);
});

Deno.test("safetensors hold I8", () => {
  const header = { x: { dtype: "I8", shape: [3], data_offsets: [0, 3] } };
  const { tensors } = parseSafetensors(file(header, [0x80, 0xff, 0x7f]));
  const data = Int8Array.of(-128, -1, 127);
  assertEquals([...tensors], [["x", { dtype: "int8", shape: [3], data }]]);
  assertEquals(parseSafetensors(encodeSafetensors(tensors)).tensors, tensors);
});

Deno.test("parseSafetensors() reads from the middle of a buffer", () => {
  const bytes = file({ x: ONE }, [0, 0, 0x80, 0x3f]);
  const larger = new Uint8Array(bytes.length + 3);
  larger.set(bytes, 3);
  const { tensors } = parseSafetensors(larger.subarray(3));
  assertEquals(tensors.get("x")!.data, Float32Array.of(1));
});

Deno.test("parseSafetensors() gives copies", () => {
  const bytes = file({ x: ONE }, [0, 0, 0x80, 0x3f]);
  const { tensors } = parseSafetensors(bytes);
  bytes.fill(0);
  assertEquals(tensors.get("x")!.data, Float32Array.of(1));
});

Deno.test.each<{ name: string; bytes: Uint8Array; want: string[] }>([
  { name: "nothing", bytes: new Uint8Array(), want: ["HEADER_LENGTH"] },
  {
    name: "a header longer than the file",
    bytes: Uint8Array.from([3, 0, 0, 0, 0, 0, 0, 0, 123, 125]),
    want: ["HEADER_LENGTH"],
  },
  {
    name: "a header of 2^64 bytes",
    bytes: new Uint8Array(64).fill(255),
    want: ["HEADER_LENGTH"],
  },
  { name: "no header", bytes: file(""), want: ["HEADER"] },
  { name: "a header that is no JSON", bytes: file("{"), want: ["HEADER"] },
  { name: "a header that is a list", bytes: file("[]"), want: ["HEADER"] },
  { name: "a header behind a mark", bytes: file("\ufeff{}"), want: ["HEADER"] },
  {
    name: "a header that is no UTF-8",
    bytes: file('{"__metadata__":{"a":"?"}}')
      .map((byte) => byte === 0x3f ? 0xff : byte),
    want: ["HEADER"],
  },
  {
    name: "lists nested a million deep",
    bytes: file("[".repeat(1e6)),
    want: ["HEADER"],
  },
  {
    name: "a name twice",
    bytes: file(
      `{"x":${JSON.stringify(ONE)},"\\u0078":${JSON.stringify(ONE)}}`,
      [0, 0, 0, 0],
    ),
    want: ["DUPLICATE"],
  },
  {
    name: "notes that are numbers",
    bytes: file({ __metadata__: { a: 1 } }),
    want: ["METADATA"],
  },
  {
    name: "notes that are text",
    bytes: file({ __metadata__: "a" }),
    want: ["METADATA"],
  },
  {
    name: "the prototype as a name",
    bytes: file(`{"__proto__":${JSON.stringify(ONE)}}`, [0, 0, 0, 0]),
    want: ["NAME"],
  },
  {
    name: "an unknown dtype",
    bytes: file({ x: { ...ONE, dtype: "C64" } }, [0, 0, 0, 0]),
    want: ["DTYPE"],
  },
  {
    name: "a tensor without offsets",
    bytes: file({ x: { dtype: "F32", shape: [1] } }),
    want: ["ENTRY"],
  },
  {
    name: "a tensor with more keys",
    bytes: file({ x: { ...ONE, more: 1 } }, [0, 0, 0, 0]),
    want: ["ENTRY"],
  },
  {
    name: "a tensor with a prototype",
    bytes: file(
      '{"x":{"dtype":"F32","shape":[],"data_offsets":[0,4],"__proto__":{}}}',
      [0, 0, 0, 0],
    ),
    want: ["ENTRY"],
  },
  {
    name: "negative and fractional numbers",
    bytes: file({ x: { ...ONE, shape: [-1], "data_offsets": [0.5, 4] } }),
    want: ["ENTRY", "ENTRY"],
  },
  {
    name: "a size beyond whole numbers",
    bytes: file({ x: { ...ONE, shape: [2 ** 60] } }, [0, 0, 0, 0]),
    want: ["ENTRY"],
  },
  {
    name: "sizes whose product overflows",
    bytes: file({ x: { ...ONE, shape: Array(32).fill(2 ** 52) } }, [
      0,
      0,
      0,
      0,
    ]),
    want: ["SIZE"],
  },
  {
    name: "more axes than anybody needs",
    bytes: file({ x: { ...ONE, shape: Array(33).fill(1) } }, [0, 0, 0, 0]),
    want: ["ENTRY"],
  },
  {
    name: "bytes that are not there",
    bytes: file({ x: ONE }, [0, 0, 0]),
    want: ["OFFSET"],
  },
  {
    name: "bytes that belong to nobody",
    bytes: file({ x: ONE }, [0, 0, 0, 0, 0]),
    want: ["OFFSET"],
  },
  {
    name: "a gap",
    bytes: file({ x: { ...ONE, "data_offsets": [1, 5] } }, [0, 0, 0, 0, 0]),
    want: ["OFFSET"],
  },
  {
    name: "overlapping tensors",
    bytes: file({ x: ONE, y: ONE }, [0, 0, 0, 0]),
    want: ["OFFSET"],
  },
  {
    name: "offsets in the wrong order",
    bytes: file({ x: { ...ONE, "data_offsets": [4, 0] } }, [0, 0, 0, 0]),
    want: ["SIZE", "OFFSET", "OFFSET"],
  },
  {
    name: "fewer bytes than the shape says",
    bytes: file({ x: { ...ONE, shape: [2] } }, [0, 0, 0, 0]),
    want: ["SIZE"],
  },
  {
    name: "a bool that is 2",
    bytes: file({ x: { dtype: "BOOL", shape: [1], "data_offsets": [0, 1] } }, [
      2,
    ]),
    want: ["ELEMENT"],
  },
])("parseSafetensors() refuses $name", ({ bytes, want }) => {
  assertEquals(refusals(bytes), want);
});

Deno.test("parseSafetensors() reads no header beyond the format's limit", () => {
  const bytes = new Uint8Array(100_000_016);
  new DataView(bytes.buffer).setBigUint64(0, 100_000_001n, true);
  assertEquals(refusals(bytes), ["HEADER_LENGTH"]);
});

Deno.test("parseSafetensors() reports a bounded number of issues, in clean text", () => {
  const header = Object.fromEntries(
    Array.from({ length: 1000 }, (_, i) => [`\u001b[2K${i}`, 0]),
  );
  assertEquals(refusals(file(header)).length, 100);
  const error = assertThrows(() => parseSafetensors(file(header)), NnError);
  assert(!error.message.includes("\u001b"));
  assert(error.message.endsWith("and 80 more"));
});

Deno.test("encodeSafetensors() writes the bytes that the format describes", () => {
  const bytes = encodeSafetensors(
    new Map<string, HostTensor>([
      ["flag", { dtype: "bool", shape: [1], data: Uint8Array.of(1) }],
      ["b", { dtype: "int32", shape: [], data: Int32Array.of(3) }],
      ["a", { dtype: "float32", shape: [1], data: Float32Array.of(1) }],
    ]),
    { metadata: new Map([["format", "st"]]) },
  );
  const text =
    '{"__metadata__":{"format":"st"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},' +
    '"b":{"dtype":"I32","shape":[],"data_offsets":[4,8]},' +
    '"flag":{"dtype":"BOOL","shape":[1],"data_offsets":[8,9]}}';
  const padded = text.padEnd(Math.ceil(text.length / 8) * 8, " ");
  const data = [0, 0, 0x80, 0x3f, 3, 0, 0, 0, 1];
  assertEquals(bytes, file(padded, data));
});

Deno.test("encodeSafetensors() does not depend on the order of tensors", () => {
  const a: HostTensor = { dtype: "int32", shape: [1], data: Int32Array.of(1) };
  const b: HostTensor = { dtype: "int32", shape: [1], data: Int32Array.of(2) };
  assertEquals(
    encodeSafetensors(new Map([["a", a], ["b", b]])),
    encodeSafetensors(new Map([["b", b], ["a", a]])),
  );
});

Deno.test("encodeSafetensors() refuses every tensor that does not fit", () => {
  const tensor: HostTensor = {
    dtype: "float32",
    shape: [2],
    data: Float32Array.of(1),
  };
  const names = ["a", "__metadata__", "__proto__"];
  const error = assertThrows(
    () => encodeSafetensors(new Map(names.map((name) => [name, tensor]))),
    NnError,
    "Cannot write safetensors: a: Found 1 elements, wanted 2 for shape [2]",
  );
  assertEquals(error.code, "SAFETENSORS_INVALID");
  const { issues } = error.details;
  assert(Array.isArray(issues) && issues.length === 5);
});

const shape = fc.array(fc.nat({ max: 3 }), { maxLength: 3 });
const hostTensor: fc.Arbitrary<HostTensor> = shape.chain((shape) => {
  const length = { minLength: sizeOf(shape), maxLength: sizeOf(shape) };
  return fc.oneof(
    fc.float32Array(length).map((data): HostTensor => ({
      dtype: "float32",
      shape,
      data,
    })),
    fc.int32Array(length).map((data): HostTensor => ({
      dtype: "int32",
      shape,
      data,
    })),
    fc.uint8Array({ ...length, max: 1 }).map((data): HostTensor => ({
      dtype: "bool",
      shape,
      data,
    })),
  );
});
const name = fc.string({ unit: "binary", maxLength: 12 })
  .filter((name) => name.isWellFormed() && !name.startsWith("__"));

Deno.test("parseSafetensors() gives back what encodeSafetensors() wrote", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(name, hostTensor), { maxLength: 5 }),
      fc.array(fc.tuple(name, fc.string()), { maxLength: 3 }),
      (entries, notes) => {
        const tensors = new Map(entries);
        const metadata = new Map(notes);
        const bytes = encodeSafetensors(tensors, { metadata });
        const read = parseSafetensors(bytes);
        assertEquals(read.tensors, tensors);
        assertEquals(read.metadata, metadata);
      },
    ),
    { seed: 1 },
  );
});

Deno.test("parseSafetensors() refuses broken files with a code", () => {
  const good = encodeSafetensors(
    new Map<string, HostTensor>([
      ["w", { dtype: "float32", shape: [2], data: Float32Array.of(1, 2) }],
      ["f", { dtype: "bool", shape: [2], data: Uint8Array.of(1, 0) }],
    ]),
  );
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })),
        {
          minLength: 1,
          maxLength: 4,
        },
      ),
      fc.nat({ max: good.length }),
      (changes, length) => {
        const bytes = good.slice(0, good.length - length % 3);
        for (const [place, byte] of changes) bytes[place] = byte;
        try {
          parseSafetensors(bytes);
        } catch (error) {
          assert(isCoded(error) && error.code === "SAFETENSORS_INVALID");
        }
      },
    ),
    { seed: 1 },
  );
});
