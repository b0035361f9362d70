import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { Json } from "../base/mod.ts";
import {
  encodeFrame,
  type Frame,
  FrameDecoder,
  ProtocolViolation,
} from "./frame.ts";
import { isPlainData } from "./plain_data.ts";

const MAX = 2 ** 20;

/** What a decoder makes of bytes that arrive in pieces. */
function decode(pieces: readonly Uint8Array[]): Frame[] {
  const decoder = new FrameDecoder(MAX);
  return pieces.flatMap((piece) => [...decoder.push(piece)]);
}

/** Cuts bytes at the given places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [...places.map((place) => place % (bytes.length + 1)), 0]
    .sort((a, b) => a - b);
  return at.map((start, i) => bytes.subarray(start, at[i + 1]));
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const anyJson: fc.Arbitrary<Json> = fc.json({ maxDepth: 5 })
  .map((text): Json => JSON.parse(text)).filter(isPlainData);
const anyFrame = fc.record({
  header: anyJson,
  bytes: fc.uint8Array({ maxLength: 50 }),
});

Deno.test("FrameDecoder finds the frames, wherever the stream is cut", () => {
  fc.assert(
    fc.property(
      fc.array(anyFrame, { maxLength: 5 }),
      fc.array(fc.nat(), { maxLength: 20 }),
      (frames, places) => {
        const stream = join(
          frames.map(({ header, bytes }) => encodeFrame(header, bytes)),
        );
        const found = decode(cut(stream, places));
        assertEquals(
          found.map(({ header }) => JSON.stringify(header)),
          frames.map(({ header }) => JSON.stringify(header)),
        );
        assertEquals(
          found.map(({ bytes }) => [...bytes]),
          frames.map(({ bytes }) => [...bytes]),
        );
      },
    ),
    { seed: 1 },
  );
});

Deno.test("FrameDecoder answers changed bytes with frames or a violation, never otherwise", () => {
  fc.assert(
    fc.property(
      fc.array(anyFrame, { minLength: 1, maxLength: 3 }),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      fc.array(fc.nat(), { maxLength: 8 }),
      (frames, changes, places) => {
        const stream = join(
          frames.map(({ header, bytes }) => encodeFrame(header, bytes)),
        );
        for (const [place, value] of changes) {
          stream[place % stream.length] = value;
        }
        try {
          decode(cut(stream, places));
        } catch (error) {
          assert(error instanceof ProtocolViolation, String(error));
        }
      },
    ),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("FrameDecoder tells whether a frame is under way", () => {
  const decoder = new FrameDecoder(MAX);
  const frame = encodeFrame({ a: 1 }, Uint8Array.of(7));
  assertEquals(decoder.isInsideFrame, false);
  assertEquals([...decoder.push(frame.subarray(0, 3))], []);
  assertEquals(decoder.isInsideFrame, true);
  assertEquals([...decoder.push(frame.subarray(3, 12))], []);
  assertEquals(decoder.isInsideFrame, true);
  assertEquals([...decoder.push(frame.subarray(12))].length, 1);
  assertEquals(decoder.isInsideFrame, false);
});

/** A frame whose lengths are what they are said to be, whatever follows. */
function lengths(header: number, bytes: number): Uint8Array {
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setUint32(0, header, true);
  new DataView(prefix.buffer).setUint32(4, bytes, true);
  return prefix;
}

Deno.test.each([
  {
    name: "text",
    bytes: new TextEncoder().encode("hello, world\n"),
    rule: "protocol",
  },
  {
    name: "an attachment too large",
    bytes: lengths(2, MAX),
    rule: "message-size",
  },
  {
    name: "a header too large",
    bytes: lengths(MAX + 1, 0),
    rule: "message-size",
  },
])("FrameDecoder refuses $name by its first 8 bytes", ({ bytes, rule }) => {
  const error = assertThrows(() => decode([bytes]), ProtocolViolation);
  assertEquals(error.rule, rule);
});

Deno.test("FrameDecoder refuses a header beyond 8 MiB even where messages may be larger", () => {
  const decoder = new FrameDecoder(64 * MAX);
  const claim = lengths(8 * MAX + 1, 0);
  assertThrows(() => [...decoder.push(claim)], ProtocolViolation);
});

/** A frame with a header that no `encodeFrame` makes. */
function rawFrame(header: string | Uint8Array): Uint8Array {
  const text = typeof header === "string"
    ? new TextEncoder().encode(header)
    : header;
  return join([lengths(text.length, 0), text]);
}

Deno.test.each([
  { name: "no JSON", header: "{" },
  { name: "no UTF-8", header: Uint8Array.of(34, 255, 34) },
])("FrameDecoder refuses a header with $name", ({ header }) => {
  const error = assertThrows(
    () => decode([rawFrame(header)]),
    ProtocolViolation,
  );
  assertEquals(error.rule, "protocol");
});

Deno.test("FrameDecoder hands on what JSON can say, for others to look at", () => {
  const text = `${"[".repeat(1e5)}${"]".repeat(1e5)}`;
  const frames = decode([rawFrame(text), rawFrame('{"__proto__":1}')]);
  assertEquals(frames.map(({ bytes }) => bytes.length), [0, 0]);
  assert(Object.hasOwn(Object(frames[1]?.header), "__proto__"));
});
