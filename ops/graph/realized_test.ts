import { assertEquals } from "@std/assert";
import { unary } from "../builtin/unary.ts";
import { Storage } from "../storage.ts";
import {
  type ApplyNode,
  constant,
  type DataNode,
  placeholder,
} from "./node.ts";
import { realizedOr, setRealized } from "./realized.ts";

const TYPE = { dtype: "float32", shape: [1] } as const;

function data(): DataNode {
  const storage = new Storage({ dtype: "float32", host: Float32Array.of(1) });
  return { kind: "data", storage, type: TYPE };
}

Deno.test("realizedOr() finds the result of a call or constant, while it is there", () => {
  const call = unary("neg", placeholder("x", TYPE)) as ApplyNode;
  for (const node of [call, constant(1, TYPE)]) {
    assertEquals(realizedOr(node) === node, true);
    const result = data();
    setRealized(node, result);
    assertEquals(realizedOr(node) === result, true);
    assertEquals(realizedOr(result) === result, true);
    result.storage[Symbol.dispose]();
    assertEquals(realizedOr(node) === node, true);
    const again = data();
    setRealized(node, again);
    assertEquals(realizedOr(node) === again, true);
  }
});

Deno.test("realizedOr() knows nodes by identity, not by what they say", () => {
  const [one, other] = [constant(1, TYPE), constant(1, TYPE)];
  setRealized(one, data());
  assertEquals(realizedOr(other) === other, true);
});
