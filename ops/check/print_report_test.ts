import { assertEquals } from "@std/assert";
import { printOpcheck } from "./print_report.ts";

Deno.test("printOpcheck() writes a line for each property, and what fails in full", () => {
  const text = printOpcheck({
    operator: "acme:swish",
    seed: 7,
    ok: false,
    results: [
      { property: "schema", status: "passed", cases: 1 },
      {
        property: "firstGradient",
        status: "failed",
        cases: 2,
        worstError: 0.125,
        failure: {
          message: "found slope 3, wanted 2",
          advice: "correct the vjp",
          sample: 1,
          output: 2,
          inputs: [
            { dtype: "float32", shape: [2], elements: [1, "-0"] },
            { dtype: "int32", shape: [0], elements: [] },
          ],
          attributes: { axis: -1 },
        },
      },
      {
        property: "backends",
        status: "skipped",
        cases: 3,
        reason: "without webgpu",
      },
    ],
  });
  assertEquals(
    text,
    `opcheck acme:swish: 1 of 3 properties fail (seed 7)
  passed  schema: 1 call
  failed  firstGradient: 2 calls; largest error 1.3e-1
    output 2: found slope 3, wanted 2
    smallest call found, from sample 1:
      input 0: float32[2] of 1, -0
      input 1: int32[0] of no elements
      attributes: {"axis":-1}
    what to do: correct the vjp
  skipped backends: 3 calls; without webgpu`,
  );
});

Deno.test("printOpcheck() writes the first elements of many", () => {
  const elements = Array.from({ length: 30 }, (_, i) => i);
  const text = printOpcheck({
    operator: "f",
    seed: 0,
    ok: false,
    results: [{
      property: "schema",
      status: "failed",
      cases: 1,
      failure: {
        message: "",
        advice: "",
        sample: 0,
        inputs: [{ dtype: "float32", shape: [30], elements }],
        attributes: {},
      },
    }],
  });
  assertEquals(
    text.match(/float32\[30\] of (.*)/)![1],
    `${elements.slice(0, 24).join(", ")}, …`,
  );
});
