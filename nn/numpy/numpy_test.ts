// Files that NumPy 2.4 wrote, and back.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DTypeError, ShapeError } from "../../core/base/mod.ts";
import { NnError } from "../errors.ts";
import type { HostTensor } from "../safetensors/format.ts";
import { encodeNpy } from "./encode_npy.ts";
import { encodeNpz, parseNpz } from "./npz.ts";
import { parseNpy } from "./parse_npy.ts";

function bytesOf(file: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(file);
}

interface Case {
  readonly name: string;
  readonly dtype: HostTensor["dtype"];
  readonly shape: readonly number[];
  readonly want: readonly number[];
  readonly file: string;
}

const CASES: readonly Case[] = [
  {
    name: "float32",
    dtype: "float32",
    shape: [2, 3],
    want: [1.5, -2, 3, 4, 5, Infinity],
    file:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAMA/AAAAwAAAQEAAAIBAAACgQAAAgH8=",
  },
  {
    name: "float64 in Fortran's order",
    dtype: "float32",
    shape: [2, 3, 4],
    want: [
      0,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      9,
      10,
      11,
      12,
      13,
      14,
      15,
      16,
      17,
      18,
      19,
      20,
      21,
      22,
      23,
    ],
    file:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMywgNCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAAAAAAAAAChAAAAAAAAAEEAAAAAAAAAwQAAAAAAAACBAAAAAAAAANEAAAAAAAADwPwAAAAAAACpAAAAAAAAAFEAAAAAAAAAxQAAAAAAAACJAAAAAAAAANUAAAAAAAAAAQAAAAAAAACxAAAAAAAAAGEAAAAAAAAAyQAAAAAAAACRAAAAAAAAANkAAAAAAAAAIQAAAAAAAAC5AAAAAAAAAHEAAAAAAAAAzQAAAAAAAACZAAAAAAAAAN0A=",
  },
  {
    name: "big-endian int32",
    dtype: "int32",
    shape: [3],
    want: [1, -2, 70000],
    file:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPmk0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAB/////gABEXA=",
  },
  {
    name: "int64",
    dtype: "int32",
    shape: [2, 1],
    want: [-5, 7],
    file:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDEpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAr7/////////wcAAAAAAAAA",
  },
  {
    name: "uint8",
    dtype: "int32",
    shape: [2],
    want: [0, 255],
    file:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoA/w==",
  },
  {
    name: "bool",
    dtype: "bool",
    shape: [2],
    want: [1, 0],
    file:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnfGIxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAA==",
  },
  {
    name: "float16",
    dtype: "float16",
    shape: [2],
    want: [0.5, 65504],
    file:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGYyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAOP97",
  },
  {
    name: "a scalar",
    dtype: "float32",
    shape: [],
    want: [3.25],
    file:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAFBA",
  },
  {
    name: "nothing",
    dtype: "float32",
    shape: [0, 2],
    want: [],
    file:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDAsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAo=",
  },
];

/** `numpy.savez_compressed(file, x=int32 [1, 2], y=float32 [[0.5]])`. */
const ARCHIVE =
  "UEsDBC0AAAAIAAAAIQAL+aot//////////8FABQAeC5ucHkBABAAiAAAAAAAAABLAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TaaKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6mjoKtQoUAC5GBgYGJiAGAFBLAwQtAAAACAAAACEAt+uW2P//////////BQAUAHkubnB5AQAQAIQAAAAAAAAASgAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2airqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RqGOgqGmjoKtQpkAy4GBgZ7AFBLAQItAy0AAAAIAAAAIQAL+aotSwAAAIgAAAAFAAAAAAAAAAAAAACAAQAAAAB4Lm5weVBLAQItAy0AAAAIAAAAIQC365bYSgAAAIQAAAAFAAAAAAAAAAAAAACAAYIAAAB5Lm5weVBLBQYAAAAAAgACAGYAAAADAQAAAAA=";
/** `numpy.array([2 ** 40])`. */
const TOO_LARGE =
  "k05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAEAAA==";
/** `numpy.array(["a"], dtype=object)`. */
const OBJECTS =
  "k05VTVBZAQB2AHsnZGVzY3InOiAnfE8nLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMSwpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAqABJWNAAAAAAAAAIwWbnVtcHkuX2NvcmUubXVsdGlhcnJheZSMDF9yZWNvbnN0cnVjdJSTlIwFbnVtcHmUjAduZGFycmF5lJOUSwCFlEMBYpSHlFKUKEsBSwGFlGgDjAVkdHlwZZSTlIwCTziUiYiHlFKUKEsDjAF8lE5OTkr/////Sv////9LP3SUYoldlIwBYZRhdJRiLg==";

Deno.test.each(CASES)(
  "parseNpy() reads $name",
  ({ file, dtype, shape, want }) => {
    const array = parseNpy(bytesOf(file), { name: "x" });
    assertEquals([array.dtype, array.shape, [...array.data]], [
      dtype,
      shape,
      want,
    ]);
  },
);

Deno.test.each(CASES)(
  "encodeNpy() writes $name so that it is read again",
  ({ file }) => {
    const array = parseNpy(bytesOf(file), { name: "x" });
    assertEquals(parseNpy(encodeNpy(array), { name: "x" }), array);
  },
);

Deno.test("encodeNpy() writes the very bytes of NumPy", () => {
  const file = bytesOf(CASES[0]!.file);
  assertEquals(encodeNpy(parseNpy(file, { name: "x" })), file);
});

Deno.test("parseNpz() reads what NumPy compressed", async () => {
  const arrays = await parseNpz(bytesOf(ARCHIVE), { name: "x" });
  assertEquals(
    arrays,
    new Map<string, HostTensor>([
      ["x", { dtype: "int32", shape: [2], data: Int32Array.of(1, 2) }],
      ["y", { dtype: "float32", shape: [1, 1], data: Float32Array.of(0.5) }],
    ]),
  );
  const again = await encodeNpz(arrays);
  assertEquals(await encodeNpz(arrays), again);
  assertEquals(await parseNpz(again, { name: "x" }), arrays);
});

Deno.test.each<{ name: string; bytes: Uint8Array; problem: string }>([
  { name: "nothing", bytes: new Uint8Array(), problem: "no NumPy file" },
  {
    name: "objects",
    bytes: bytesOf(OBJECTS),
    problem: "wanted numbers with a shape",
  },
  {
    name: "a number that does not fit",
    bytes: bytesOf(TOO_LARGE),
    problem: "found 1099511627776",
  },
  {
    name: "a file cut off",
    bytes: bytesOf(CASES[0]!.file).slice(0, -1),
    problem: "wanted 152",
  },
  {
    name: "a header cut off",
    bytes: bytesOf(CASES[0]!.file).slice(0, 60),
    problem: "wanted numbers",
  },
])("parseNpy() refuses $name", ({ bytes, problem }) => {
  const error = assertThrows(
    () => parseNpy(bytes, { name: "x.npy" }),
    NnError,
    problem,
  );
  assertEquals(error.code, "DATA_UNREADABLE");
  assert(error.message.startsWith("Cannot read x.npy: "));
});

Deno.test("parseNpz() refuses what is no archive, and says which array is wrong", async () => {
  await assertRejects(
    () => parseNpz(Uint8Array.of(1, 2, 3), { name: "x" }),
    NnError,
    "no ZIP archive",
  );
  const { zipSync } = await import("fflate");
  const broken = zipSync({ "w.npy": Uint8Array.of(1) });
  await assertRejects(
    () => parseNpz(broken, { name: "x.npz" }),
    NnError,
    "Cannot read x.npz/w.npy",
  );
});

Deno.test("encodeNpy() refuses what NumPy does not have, and what does not fit", () => {
  const data = Float32Array.of(1);
  assertThrows(
    () => encodeNpy({ dtype: "bfloat16", shape: [1], data }),
    DTypeError,
  );
  assertThrows(
    () => encodeNpy({ dtype: "float32", shape: [2], data }),
    ShapeError,
  );
});
