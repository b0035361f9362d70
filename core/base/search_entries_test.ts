import { assertEquals } from "@std/assert";
import { searchEntries } from "./search_entries.ts";

Deno.test("searchEntries() puts names before descriptions, and wants every word", () => {
  const entries = [
    { name: "sum_pool", description: "adds" },
    { name: "add", description: "a sum" },
    { name: "sum", description: "of all" },
    { name: "norm", description: "divides", category: "Sum" },
  ];
  const found = (query: string) =>
    searchEntries(entries, query).map(({ name }) => name);
  assertEquals(found("Sum"), ["sum", "sum_pool", "add", "norm"]);
  assertEquals(found("sum adds"), ["sum_pool"]);
  assertEquals(found("product"), []);
});
