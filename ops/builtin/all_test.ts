import { assert, assertEquals } from "@std/assert";
import { BUILTIN_OPERATORS } from "./all.ts";

Deno.test("BUILTIN_OPERATORS lists each operator under its own name", () => {
  for (const [name, operator] of BUILTIN_OPERATORS) {
    assertEquals(operator.name, name);
    assertEquals(operator.version, "1.0.0");
    assert(operator.description.endsWith("."), name);
    assert(operator.schema.inputs.every((input) => /^[a-zA-Z]+$/.test(input)));
  }
});

Deno.test("BUILTIN_OPERATORS is a public list: names may be added, not taken away", () => {
  assertEquals([...BUILTIN_OPERATORS.keys()].sort(), [
    "abs",
    "add",
    "all",
    "and",
    "any",
    "argmax",
    "argmin",
    "assemble",
    "cast",
    "ceil",
    "concat",
    "cos",
    "div",
    "equal",
    "erf",
    "exp",
    "expand",
    "flip",
    "floor",
    "gather",
    "gelu",
    "iota",
    "layerNorm",
    "less",
    "lessOrEqual",
    "log",
    "logSoftmax",
    "matmul",
    "max",
    "maximum",
    "mean",
    "min",
    "minimum",
    "mul",
    "neg",
    "not",
    "or",
    "pad",
    "permute",
    "pow",
    "prod",
    "random",
    "relu",
    "reshape",
    "round",
    "rsqrt",
    "scatterAdd",
    "select",
    "sigmoid",
    "sign",
    "silu",
    "sin",
    "slice",
    "softmax",
    "sqrt",
    "squeeze",
    "stack",
    "sub",
    "sum",
    "take",
    "tanh",
    "unsqueeze",
    "variance",
    "where",
    "windows",
  ]);
});
