import { assertEquals, assertThrows } from "@std/assert";
import { add } from "../builtin/binary.ts";
import { TensorError } from "../errors.ts";
import { constant, inputsOf, placeholder, UNKNOWN_TYPE } from "./node.ts";

const TYPE = { dtype: "float32", shape: [2] } as const;

Deno.test("inputsOf() lists the inputs of a call, and none of anything else", () => {
  const [x, one] = [placeholder("x", TYPE), constant(1, TYPE)];
  assertEquals(inputsOf(add(x, one)), [x, one]);
  assertEquals(inputsOf(x), []);
  assertEquals(inputsOf(one), []);
});

Deno.test("UNKNOWN_TYPE tells neither dtype nor shape, and cannot be changed", () => {
  for (const property of ["dtype", "shape"] as const) {
    const error = assertThrows(
      () => UNKNOWN_TYPE[property],
      TensorError,
      `Cannot read the ${property} of a tensor while its function is traced`,
    );
    assertEquals(error.code, "SHAPE_UNKNOWN");
  }
  assertEquals(Object.isFrozen(UNKNOWN_TYPE), true);
});
