import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { NnError } from "../errors.ts";
import { CharacterVocabulary } from "./character_vocabulary.ts";
import { SequenceDataset } from "./sequence_dataset.ts";

Deno.test("CharacterVocabulary gives back what it was given, also beyond 16 bits", () => {
  const text = "zoë 🐋 sings\n";
  const vocabulary = new CharacterVocabulary(text);
  assertEquals(vocabulary.decode(vocabulary.encode(text)), text);
  assertEquals(vocabulary.size, new Set([...text]).size);
  assertEquals(vocabulary.encode("🐋").length, 1);
});

Deno.test("CharacterVocabulary tells line and column of what it does not know", () => {
  const vocabulary = new CharacterVocabulary("ab🐋\n");
  const error = assertThrows(() => vocabulary.encode("ab\n🐋c"), NnError);
  assertEquals(error.code, "DATA_INVALID");
  assertEquals(error.details, { character: "c", line: 2, column: 2 });
  for (const number of [4, -1, 0.5]) {
    assertThrows(
      () => vocabulary.decode([number]),
      NnError,
      `number ${number}`,
    );
  }
});

Deno.test.each([
  { numbers: 7, length: 3, stride: 3, starts: [0, 3] },
  { numbers: 7, length: 3, stride: 1, starts: [0, 1, 2, 3] },
  { numbers: 4, length: 3, stride: 2, starts: [0] },
  { numbers: 3, length: 3, stride: 1, starts: [] },
])(
  "SequenceDataset cuts $numbers numbers",
  async ({ numbers, length, stride, starts }) => {
    const sequence = Int32Array.from({ length: numbers }, (_, i) => 10 * i);
    const dataset = new SequenceDataset(sequence, { length, stride });
    assertEquals(dataset.size, starts.length);
    using batch = dataset.batch(Int32Array.from(starts.keys()));
    const piece = (
      start: number,
    ) => [...sequence.subarray(start, start + length)];
    if (starts.length === 0) return;
    assertEquals(await batch.inputs.array(), starts.map(piece));
    assertEquals(
      await batch.targets.array(),
      starts.map((start) => piece(start + 1)),
    );
  },
);

Deno.test("SequenceDataset refuses what is not there", () => {
  const numbers = Int32Array.of(1, 2, 3);
  const dataset = new SequenceDataset(numbers, { length: 1 });
  for (const index of [-1, 2]) {
    assertThrows(() => dataset.batch(Int32Array.of(index)), NnError);
  }
  for (const options of [{ length: 0 }, { length: 1, stride: 0.5 }]) {
    assertThrows(() => new SequenceDataset(numbers, options), OptionError);
  }
});
