import { assertEquals } from "@std/assert";
import { didYouMean, suggest } from "./suggest.ts";

const NAMES = ["linear", "conv2d", "relu", "gelu", "selu", "celu", "layerNorm"];

Deno.test.each<{ mistake: string; name: string; want: string[] }>([
  { mistake: "swapped letters", name: "linaer", want: ["linear"] },
  { mistake: "a missing letter", name: "linar", want: ["linear"] },
  { mistake: "an extra letter", name: "linnear", want: ["linear"] },
  { mistake: "another case", name: "LAYERNORM", want: ["layerNorm"] },
  { mistake: "three of nine letters", name: "lyrNrm", want: [] },
  { mistake: "a third of a long name", name: "layxrNxrx", want: ["layerNorm"] },
  { mistake: "nothing like it", name: "dropout", want: [] },
  {
    mistake: "several at one distance",
    name: "elu",
    want: ["celu", "gelu", "relu"],
  },
  {
    mistake: "the nearest first",
    name: "selux",
    want: ["selu", "celu", "gelu"],
  },
])("suggest() $mistake: $name", ({ name, want }) => {
  assertEquals(suggest(name, NAMES), want);
});

Deno.test("suggest() counts a swap as one mistake, not as two", () => {
  // Two swaps; without them three letters would have to change.
  assertEquals(suggest("badcef", ["abcdef"]), ["abcdef"]);
});

Deno.test("suggest() looks through some hundred names of the same length, not through any number", () => {
  const others = Array.from({ length: 5000 }, (_, i) => `x${10_000 + i}`);
  assertEquals(suggest("linaer", [...others.slice(0, 300), "linear"]), [
    "linear",
  ]);
  assertEquals(suggest("linaer", [...others, "linear"]), []);
});

Deno.test("suggest() gives up on a name that nobody would type", () => {
  assertEquals(suggest("a".repeat(129), ["a".repeat(129)]), []);
  assertEquals(suggest("a".repeat(128), ["a".repeat(128)]), ["a".repeat(128)]);
});

Deno.test.each([
  { suggestions: [], want: "" },
  { suggestions: ["a"], want: 'did you mean "a"?' },
  { suggestions: ["a", 'b"'], want: 'did you mean "a" or "b\\""?' },
])("didYouMean() $want", ({ suggestions, want }) => {
  assertEquals(didYouMean(suggestions), want);
});
