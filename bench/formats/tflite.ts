/**
 * Models in the format of TensorFlow Lite: just enough of its schema to write a graph of operators.
 *
 * **Source**: schema.fbs of TensorFlow 2.18, version 3a, whose field and enum numbers these are.
 *
 * @module
 */

/** What is used of the builder of the `flatbuffers` package. */
export interface FlatBuilder {
  startObject(fields: number): void;
  endObject(): number;
  addFieldInt8(field: number, value: number, absent: number): void;
  addFieldInt32(field: number, value: number, absent: number): void;
  addFieldFloat32(field: number, value: number, absent: number): void;
  addFieldOffset(field: number, value: number, absent: number): void;
  startVector(itemBytes: number, length: number, alignment: number): void;
  endVector(): number;
  addInt32(value: number): void;
  addOffset(value: number): void;
  createByteVector(bytes: Uint8Array): number;
  createString(text: string): number;
  finish(root: number, identifier: string): void;
  asUint8Array(): Uint8Array;
}

/** An array of the graph. */
export interface TfliteArray {
  readonly shape: readonly number[];
  /** Its elements, if it is stored. */
  readonly data?: Float32Array | Int32Array;
}

/** Options of an operator: the number of their type, and how many fields it has. */
export interface TfliteOptions {
  readonly type: number;
  readonly fields: number;
  /** Writes the fields that are not as if absent. */
  readonly write?: (builder: FlatBuilder) => void;
}

/** One call of an operator, by the numbers of its arrays. */
export interface TfliteNode {
  readonly code: number;
  readonly inputs: readonly number[];
  readonly output: number;
  readonly options?: TfliteOptions;
}

/** A graph of one result. */
export interface TfliteGraph {
  readonly arrays: readonly TfliteArray[];
  readonly inputs: readonly number[];
  readonly output: number;
  readonly nodes: readonly TfliteNode[];
}

/** Operator codes beyond this are not known to the oldest readers, which see this instead. */
const OLD_CODE_MAX = 127;

function wholes(builder: FlatBuilder, values: readonly number[]): number {
  builder.startVector(4, values.length, 4);
  for (const value of values.toReversed()) builder.addInt32(value);
  return builder.endVector();
}

function offsets(builder: FlatBuilder, values: readonly number[]): number {
  builder.startVector(4, values.length, 4);
  for (const value of values.toReversed()) builder.addOffset(value);
  return builder.endVector();
}

/** Writes a table whose fields are given by number; those that are tables have been written. */
function table(
  builder: FlatBuilder,
  fields: number,
  write: () => void,
): number {
  builder.startObject(fields);
  write();
  return builder.endObject();
}

function buffer(builder: FlatBuilder, { data }: TfliteArray): number {
  const bytes = data &&
    builder.createByteVector(
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    );
  return table(builder, 3, () => {
    if (bytes !== undefined) builder.addFieldOffset(0, bytes, 0);
  });
}

function array(
  builder: FlatBuilder,
  { shape, data }: TfliteArray,
  number: number,
): number {
  const shapeAt = wholes(builder, shape);
  const name = builder.createString(`v${number}`);
  return table(builder, 10, () => {
    builder.addFieldOffset(0, shapeAt, 0);
    builder.addFieldInt8(1, data instanceof Int32Array ? 2 : 0, 0);
    // Buffer 0 is the empty one, by convention.
    builder.addFieldInt32(2, number + 1, 0);
    builder.addFieldOffset(3, name, 0);
  });
}

function node(
  builder: FlatBuilder,
  { code, inputs, output, options }: TfliteNode,
  codes: readonly number[],
): number {
  const inputsAt = wholes(builder, inputs);
  const outputsAt = wholes(builder, [output]);
  const optionsAt = options &&
    table(builder, options.fields, () => options.write?.(builder));
  return table(builder, 9, () => {
    builder.addFieldInt32(0, codes.indexOf(code), 0);
    builder.addFieldOffset(1, inputsAt, 0);
    builder.addFieldOffset(2, outputsAt, 0);
    if (optionsAt === undefined) return;
    builder.addFieldInt8(3, options!.type, 0);
    builder.addFieldOffset(4, optionsAt, 0);
  });
}

/**
 * Writes a model.
 *
 * @param graph Its graph.
 * @param builder An empty builder.
 * @returns The bytes of a `.tflite` file.
 */
export function encodeTflite(
  { arrays, inputs, output, nodes }: TfliteGraph,
  builder: FlatBuilder,
): Uint8Array {
  const codes = [...new Set(nodes.map(({ code }) => code))];
  const codesAt = offsets(
    builder,
    codes.map((code) =>
      table(builder, 4, () => {
        builder.addFieldInt8(0, Math.min(code, OLD_CODE_MAX), 0);
        builder.addFieldInt32(3, code, 0);
      })
    ),
  );
  const buffersAt = offsets(
    builder,
    [{ shape: [] }, ...arrays].map((each) => buffer(builder, each)),
  );
  const parts = [
    offsets(builder, arrays.map((each, i) => array(builder, each, i))),
    wholes(builder, inputs),
    wholes(builder, [output]),
    offsets(builder, nodes.map((each) => node(builder, each, codes))),
  ];
  const graphAt = table(builder, 5, () => {
    parts.forEach((part, field) => builder.addFieldOffset(field, part, 0));
  });
  const graphsAt = offsets(builder, [graphAt]);
  const model = table(builder, 8, () => {
    builder.addFieldInt32(0, 3, 0);
    builder.addFieldOffset(1, codesAt, 0);
    builder.addFieldOffset(2, graphsAt, 0);
    builder.addFieldOffset(4, buffersAt, 0);
  });
  builder.finish(model, "TFL3");
  return builder.asUint8Array();
}
