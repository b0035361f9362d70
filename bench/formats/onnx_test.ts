import { assertEquals } from "@std/assert";
import { encodeOnnx } from "./onnx.ts";

Deno.test("encodeOnnx() writes what the schema says", () => {
  const bytes = encodeOnnx({
    inputs: [{ name: "x", shape: [200] }],
    outputs: [{ name: "y", shape: [200] }],
    constants: [{ name: "c", shape: [1], data: Float32Array.of(1) }],
    nodes: [{
      type: "Op",
      inputs: ["x"],
      outputs: ["y"],
      attributes: { axis: { int: -1 }, beta: { float: 0.5 } },
    }],
  });
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0"));
  const declaration = (field: string, name: string) =>
    `${field} 10 0a 01 ${name} 12 0b 0a 09 08 01 12 05 0a 03 08 c8 01`;
  assertEquals(
    hex.join(" "),
    [
      "08 09", // ir_version 9
      "3a 6c", // graph, 108 bytes
      "0a 30", // node, 48 bytes
      "0a 01 78 12 01 79 22 02 4f 70", // input x, output y, type Op
      "2a 14 0a 04 61 78 69 73", // attribute axis
      "18 ff ff ff ff ff ff ff ff ff 01 a0 01 02", // -1, a whole number
      "2a 0e 0a 04 62 65 74 61 15 00 00 00 3f a0 01 01", // beta 0.5, a fraction
      "12 05 67 72 61 70 68", // name
      "2a 0d 08 01 10 01 42 01 63 4a 04 00 00 80 3f", // constant c
      declaration("5a", "78"),
      declaration("62", "79"),
      "42 04 0a 00 10 14", // operator set 20
    ].join(" "),
  );
});
