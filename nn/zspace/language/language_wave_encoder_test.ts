import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../../core/base/mod.ts";
import { assertClose, computeElements } from "../../../testing/mod.ts";
import { ZSpaceError } from "../errors.ts";
import { LANGUAGE_VECTORS } from "./language_vectors_test.ts";
import { LanguageWaveEncoder } from "./language_wave_encoder.ts";

for (const { name, tensor, want } of LANGUAGE_VECTORS) {
  Deno.test(`encode() gives the published value of ${name}`, async () => {
    assertEquals(tensor().shape, [1, want.length]);
    assertClose(await computeElements(tensor()), want, { tolerance: 1e-8 });
    assertClose(await tensor().data(), want, { tolerance: 1e-5 });
  });
}

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
