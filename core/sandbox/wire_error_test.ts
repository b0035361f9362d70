import { assertEquals } from "@std/assert";
import { sandboxDied } from "./errors.ts";
import { cleanWireError, toWireError } from "./wire_error.ts";

Deno.test("toWireError() keeps name, message and code, and nothing else", () => {
  const error = sandboxDied("https://a.test/", { reason: "exit", exitCode: 3 });
  const { message } = error;
  assertEquals(toWireError(error), {
    name: "PluginError",
    message,
    code: "SANDBOX_DIED",
  });
});

Deno.test("toWireError() clips and cleans what it is given", () => {
  const error = new TypeError("\u001b[31m" + "x".repeat(1e6));
  error.name = "Evil\u202ename";
  const wire = toWireError(error);
  assertEquals([wire.name, wire.message.length], ["Evilname", 1024]);
  assertEquals(wire.message.startsWith("[31mx"), true);
});

Deno.test.each([
  { name: "a string", thrown: "no", want: "no" },
  { name: "nothing", thrown: undefined, want: "undefined" },
  {
    name: "an object without text",
    thrown: Object.create(null),
    want: "a value that cannot be shown",
  },
])("toWireError() puts $name into words", ({ thrown, want }) => {
  assertEquals(toWireError(thrown), { name: "thrown value", message: want });
});

Deno.test("toWireError() survives an error whose message throws", () => {
  const error = new TypeError("x");
  Object.defineProperty(error, "message", {
    get() {
      throw new TypeError("No");
    },
  });
  assertEquals(toWireError(error).message, "a value that cannot be shown");
});

Deno.test("cleanWireError() trusts no guest to have cleaned", () => {
  const foreign = { name: "E\n", message: "a\u0007b", code: "C\u200b" };
  assertEquals(cleanWireError(foreign), {
    name: "E",
    message: "ab",
    code: "C",
  });
  assertEquals(cleanWireError({ name: "E", message: "a" }), {
    name: "E",
    message: "a",
  });
});
