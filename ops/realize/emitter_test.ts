import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { InvariantError } from "../../core/base/mod.ts";
import { binary } from "../builtin/binary.ts";
import { reshape } from "../builtin/reshape.ts";
import { softmax } from "../builtin/softmax.ts";
import { unary } from "../builtin/unary.ts";
import { type ApplyNode, type Node, placeholder } from "../graph/node.ts";
import {
  callOf,
  Emitter,
  loweringOf,
  OperandList,
  throughViews,
} from "./emitter.ts";
import { wholeView } from "./view.ts";

const X = placeholder("x", { dtype: "float32", shape: [2, 3] });
const Y = placeholder("y", { dtype: "float32", shape: [2, 3] });

function isNone(): boolean {
  return false;
}

Deno.test("OperandList.add() shares an array that is seen in the same way", () => {
  const list = new OperandList();
  const [whole, turned] = [wholeView([2, 3]), {
    shape: [3, 2],
    strides: [1, 3],
    offset: 0,
  }];
  assertEquals(list.add(X, whole), 0);
  assertEquals(list.add(Y, whole), 1);
  assertEquals(list.add(X, turned), 2);
  assertEquals(list.add(X, { ...whole, offset: 1 }), 3);
  assertEquals([list.add(X, wholeView([2, 3])), list.add(Y, whole)], [0, 1]);
  assertEquals(list.nodes, [X, Y, X, X]);
  assertEquals(list.operands[2], {
    dtype: "float32",
    strides: [1, 3],
    offset: 0,
  });
});

Deno.test("OperandList.push() takes the next number, shared or not", () => {
  const list = new OperandList();
  list.push(X, wholeView([2, 3]));
  list.push(X, wholeView([2, 3]));
  assertEquals(list.nodes, [X, X]);
});

Deno.test("Emitter.emit() writes a shared value once", () => {
  const operands = new OperandList();
  const emitter = new Emitter({ operands, isWritten: isNone });
  const exp = unary("exp", X);
  const place = emitter.emit(binary("mul", [exp, exp]), []);
  assertEquals(emitter.builder.expression.map(({ kind }) => kind), [
    "load",
    "unary",
    "binary",
  ]);
  assertEquals(place, 2);
  assertEquals(operands.nodes, [X]);
  assertEquals(emitter.blocked, undefined);
});

Deno.test("Emitter.emit() loads what is written, and the anchor is the accumulator", () => {
  const operands = new OperandList();
  const exp = unary("exp", X);
  const sum = binary("add", [exp, Y]);
  const emitter = new Emitter({
    operands,
    isWritten: (node: Node) => node === exp,
    anchor: Y,
  });
  emitter.emit(sum, []);
  assertEquals(emitter.builder.expression.map(({ kind }) => kind), [
    "load",
    "accumulator",
    "binary",
  ]);
  assertEquals(operands.nodes, [exp]);
});

Deno.test("Emitter.emitRoot() computes the root, written or not", () => {
  const exp = unary("exp", X);
  const emitter = new Emitter({
    operands: new OperandList(),
    isWritten: (node: Node) => node === exp,
  });
  emitter.emitRoot(exp, []);
  assertEquals(emitter.builder.expression.map(({ kind }) => kind), [
    "load",
    "unary",
  ]);
});

Deno.test("Emitter.view() says which node stands in the way", () => {
  const emitter = new Emitter({
    operands: new OperandList(),
    isWritten: isNone,
  });
  emitter.view({ shape: [3, 2], strides: [1, 3], offset: 0 }, [
    { step: { kind: "reshape", shape: [6] }, source: X },
    { step: { kind: "reshape", shape: [2, 3] }, source: Y },
  ]);
  assertStrictEquals(emitter.blocked, X);
});

Deno.test("throughViews() finds the array behind views", () => {
  const flat = reshape(X, [6]) as ApplyNode;
  const back = reshape(flat, [3, 2]);
  const { array, steps } = throughViews(back, isNone);
  assertStrictEquals(array, X);
  assertEquals(steps.map(({ source }) => source), [X, flat]);
  assertEquals(steps.map(({ step }) => step), [
    { kind: "reshape", shape: [6] },
    { kind: "reshape", shape: [3, 2] },
  ]);
  const written = throughViews(back, (node) => node === flat);
  assertStrictEquals(written.array, flat);
  assertEquals(written.steps.length, 1);
});

Deno.test("throughViews() stops at a value that is not in memory", () => {
  assertThrows(() => throughViews(unary("exp", X), isNone), InvariantError);
});

Deno.test("loweringOf() knows primitive calls only", () => {
  const call = reshape(X, [6]) as ApplyNode;
  assertEquals(loweringOf(call).kind, "view");
  assertEquals(callOf(call), {
    inputs: [X.type],
    output: { dtype: "float32", shape: [6] },
    attributes: { shape: [6] },
  });
  assertThrows(
    () => loweringOf(softmax(X, 0) as ApplyNode),
    InvariantError,
    "only primitive calls are scheduled",
  );
});
