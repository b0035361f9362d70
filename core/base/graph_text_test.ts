import { assertEquals } from "@std/assert";
import { dotText, mermaidText } from "./graph_text.ts";

Deno.test("dotText() quotes, and escapes quotes and backslashes", () => {
  assertEquals(dotText('a"b\\c'), '"a\\"b\\\\c"');
});

Deno.test("mermaidText() leaves nothing that means something to Mermaid", () => {
  assertEquals(mermaidText('a["b"]'), "a#91;#34;b#34;#93;");
});

Deno.test("dotText() and mermaidText() drop what cannot be printed", () => {
  assertEquals(dotText("a\u202eb\u0007"), '"ab"');
  assertEquals(mermaidText("a\u202eb\u0007"), "ab");
});
