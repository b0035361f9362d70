import { assertEquals } from "@std/assert";
import { findMethod, methodsOf } from "./service_methods.ts";

class Base {
  inherited() {}
}

class Service extends Base {
  own() {}
  _hidden() {}
  get computed(): () => void {
    throw new Error("nobody is to ask for it");
  }
}

Deno.test("methodsOf() lists methods of an object and of its classes, and runs none of it", () => {
  assertEquals(methodsOf(new Service())?.toSorted(), ["inherited", "own"]);
  assertEquals(methodsOf(() => {}), null);
});

Deno.test.each([
  { method: "own", isThere: true },
  { method: "inherited", isThere: true },
  { method: "_hidden", isThere: false },
  { method: "computed", isThere: false },
  { method: "constructor", isThere: false },
  { method: "toString", isThere: false },
  { method: "__proto__", isThere: false },
  { method: "then", isThere: false },
  { method: "nobody", isThere: false },
])("findMethod() of $method: $isThere", ({ method, isThere }) => {
  assertEquals(
    typeof findMethod(new Service(), method) === "function",
    isThere,
  );
});
