import { assertEquals } from "@std/assert";
import { threadCounts } from "./scaling.ts";

Deno.test.each([
  { cores: 1, want: [1] },
  { cores: 2, want: [1, 2] },
  { cores: 6, want: [1, 2, 4, 6] },
  { cores: 8, want: [1, 2, 4, 8] },
])("threadCounts() of $cores cores", ({ cores, want }) => {
  assertEquals(threadCounts(cores), want);
});
