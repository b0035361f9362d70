import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../../core/base/mod.ts";
import { assertClose, computeElements } from "../../../testing/mod.ts";
import { ZSpaceError } from "../errors.ts";
import { LanguageWaveEncoder } from "./language_wave_encoder.ts";

Deno.test("encode() gives the published values", async () => {
  const cases = [
    ["ab", { geometry: "exact" }, [.699718264, 0, -.268320238, 0]],
    ["ab", { geometry: "classic" }, [.699718264, 0, -.268320238, 0]],
    [
      "ab",
      { curvature: -4, geometry: "classic" },
      [.447474205, 0, -.27903895, 0],
    ],
    [
      "ab",
      { curvature: -4, geometry: "exact" },
      [.416557264, 0, -.259759558, 0],
    ],
    [
      "é😀z",
      { temperature: .5, geometry: "exact" },
      [.679246226, 0, -.186190107, -.052475322, -.186190107, .052475322],
    ],
  ] as const;
  for (const [text, options, want] of cases) {
    const y = new LanguageWaveEncoder(options).encode(text);
    assertEquals(y.shape, [1, want.length]);
    assertClose(await computeElements(y), want, { tolerance: 1e-8 });
    assertClose(await y.data(), want, { tolerance: 1e-5 });
  }
});

Deno.test("encode() refuses no text, half characters and too many", () => {
  const encoder = new LanguageWaveEncoder({ maxScalars: 3 });
  assertEquals(encoder.encode("a😀b").shape, [1, 6]);
  for (
    const [text, code, details] of [
      ["", "EMPTY_INPUT", { operation: "encode text" }],
      ["a😀\ud800", "INVALID_TEXT", { index: 3 }],
      ["abcd", "TEXT_TOO_LONG", { length: 4, lengthMax: 3 }],
    ] as const
  ) {
    const error = assertThrows(() => encoder.encode(text), ZSpaceError);
    assertEquals(error.code, code);
    assertEquals(error.details, details);
  }
});

Deno.test("LanguageWaveEncoder refuses numbers out of range", () => {
  assertThrows(() => new LanguageWaveEncoder({ curvature: 0 }), ZSpaceError);
  const error = assertThrows(
    () => new LanguageWaveEncoder({ temperature: 0 }),
    ZSpaceError,
  );
  assertEquals(error.code, "NON_POSITIVE_TEMPERATURE");
  assertThrows(() => new LanguageWaveEncoder({ maxScalars: 0 }), OptionError);
});
