import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseOptions } from "./options.ts";

Deno.test("parseOptions() asks for everything, thoroughly, by default", () => {
  const { only, ...options } = parseOptions([]);
  assert(only.test("any row"));
  assertEquals(options, {
    peers: false,
    quick: false,
    json: false,
    gate: false,
    backend: "wasm",
    threads: 1,
  });
});

Deno.test("parseOptions() reads what follows the separator of a task", () => {
  const { only, quick, threads } = parseOptions(
    ["--peers", "--", "--quick", "--only", "^sum", "--threads", "2"],
  );
  assertEquals([only.test("sum all"), only.test("a sum")], [true, false]);
  assertEquals([quick, threads], [true, 2]);
});

Deno.test.each([
  { args: ["--fast"] },
  { args: ["--threads", "0"] },
  { args: ["--threads", "many"] },
  { args: ["--backend", "cuda"] },
  { args: ["matmul"] },
])("parseOptions() refuses $args", ({ args }) => {
  assertThrows(() => parseOptions(args), TypeError);
});
