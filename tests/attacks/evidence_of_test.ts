import { assertEquals } from "@std/assert";
import { evidenceOf } from "./evidence_of.ts";

const CASE = { name: "x", title: "", verdict: "" };

Deno.test("evidenceOf() says what runs assert, each fact once, and what the case says itself", () => {
  const run = {
    act: "call",
    expect: {
      code: "A",
      orCode: "B",
      reason: ["c", "d"],
      details: { signal: "SIGKILL" },
      says: "hop",
    },
    then: ["C", "D"],
    failsWithinMs: 300,
    heldBytesMax: 2 ** 21,
  } as const;
  const runs = [run, run, { act: "load", closed: 3, clean: true }] as const;
  const evidence = "Nothing is there.";
  assertEquals(
    evidenceOf({ ...CASE, runs, evidence }),
    "`A` or `B` (c or d, SIGKILL); within 300 ms; names `hop`; the next call is `C` or `D`; " +
      "the host holds at most 2 MiB more; 3 attempts, each refused by what it meets; " +
      "its texts have at most 1.5 KiB, and no character that moves or hides others. Nothing is there.",
  );
  assertEquals(evidenceOf({ ...CASE, runs: [{ act: "host" }] }), "");
});
