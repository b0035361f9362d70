import { assertEquals } from "@std/assert";
import { encodeTflite, type FlatBuilder } from "./tflite.ts";

/** Writes tables down instead of packing them: a table is the list of its fields. */
class Notes implements FlatBuilder {
  readonly objects: unknown[] = [];
  root: unknown;
  #fields: Record<number, unknown> = {};
  #items: unknown[] = [];

  #keep(object: unknown): number {
    return this.objects.push(object) - 1;
  }
  startObject(): void {
    this.#fields = {};
  }
  endObject(): number {
    return this.#keep(this.#fields);
  }
  addFieldInt8(field: number, value: number, absent: number): void {
    if (value !== absent) this.#fields[field] = value;
  }
  addFieldInt32(field: number, value: number, absent: number): void {
    if (value !== absent) this.#fields[field] = value;
  }
  addFieldFloat32(field: number, value: number, absent: number): void {
    if (value !== absent) this.#fields[field] = value;
  }
  addFieldOffset(field: number, value: number): void {
    this.#fields[field] = this.objects[value];
  }
  startVector(): void {
    this.#items = [];
  }
  endVector(): number {
    return this.#keep(this.#items);
  }
  addInt32(value: number): void {
    this.#items.unshift(value);
  }
  addOffset(value: number): void {
    this.#items.unshift(this.objects[value]);
  }
  createByteVector(bytes: Uint8Array): number {
    return this.#keep([...bytes]);
  }
  createString(text: string): number {
    return this.#keep(text);
  }
  finish(root: number, identifier: string): void {
    this.root = [identifier, this.objects[root]];
  }
  asUint8Array(): Uint8Array {
    return Uint8Array.of(1, 2, 3);
  }
}

Deno.test("encodeTflite() writes what the schema says", () => {
  const notes = new Notes();
  const bytes = encodeTflite({
    arrays: [
      { shape: [2, 3] },
      { shape: [1], data: Int32Array.of(258) },
      { shape: [3] },
    ],
    inputs: [0],
    output: 2,
    nodes: [{
      code: 150,
      inputs: [0, 1],
      output: 2,
      options: { type: 27, fields: 1, write: (b) => b.addFieldInt8(0, 1, 0) },
    }],
  }, notes);
  assertEquals(bytes.length, 3);
  const tensors = [
    { 0: [2, 3], 2: 1, 3: "v0" },
    { 0: [1], 1: 2, 2: 2, 3: "v1" },
    { 0: [3], 2: 3, 3: "v2" },
  ];
  const operator = { 1: [0, 1], 2: [2], 3: 27, 4: { 0: 1 } };
  assertEquals(notes.root, ["TFL3", {
    0: 3,
    1: [{ 0: 127, 3: 150 }],
    2: [{ 0: tensors, 1: [0], 2: [2], 3: [operator] }],
    4: [{}, {}, { 0: [2, 1, 0, 0] }, {}],
  }]);
});
