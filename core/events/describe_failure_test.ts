import { assertEquals } from "@std/assert";
import { PluginError } from "../errors.ts";
import { describeFailure } from "./describe_failure.ts";

const UNSPEAKABLE = {
  toString() {
    throw new Error("no");
  },
};

Deno.test.each([
  {
    name: "an error",
    thrown: new TypeError("no GPU"),
    want: { code: "FALLBACK", message: "no GPU" },
  },
  {
    name: "a coded error",
    thrown: new PluginError("ACME", "no GPU", {}),
    want: { code: "ACME", message: "no GPU" },
  },
  {
    name: "an error without words",
    thrown: new TypeError(),
    want: { code: "FALLBACK", message: "TypeError" },
  },
  {
    name: "text",
    thrown: "no GPU",
    want: { code: "FALLBACK", message: "no GPU" },
  },
  {
    name: "nothing",
    thrown: undefined,
    want: { code: "FALLBACK", message: "undefined" },
  },
  {
    name: "control characters",
    thrown: new Error("good\u001b[2Kbad\u202e"),
    want: { code: "FALLBACK", message: "good[2Kbad" },
  },
  {
    name: "an object that cannot be text",
    thrown: UNSPEAKABLE,
    want: { code: "FALLBACK", message: "object without words" },
  },
])("describeFailure() $name", ({ thrown, want }) => {
  assertEquals(describeFailure(thrown, "FALLBACK"), want);
});
