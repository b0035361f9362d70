/**
 * Models in the format of ONNX: just enough of its protocol buffers to write a graph of operators.
 *
 * **Source**: onnx.proto3 of ONNX 1.17, whose field numbers these are.
 *
 * @module
 */

/** A stored array, or the declaration of one. */
export interface OnnxArray {
  readonly name: string;
  readonly shape: readonly number[];
  /** Its elements; absent in a declaration. */
  readonly data?: Float32Array | BigInt64Array;
}

/** An attribute: a whole number, a fraction, a text or whole numbers. */
export type OnnxAttribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly ints: readonly number[] };

/** One call of an operator. */
export interface OnnxNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Who defines the operator; absent for those of ONNX. */
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

/** A graph. */
export interface OnnxGraph {
  readonly inputs: readonly OnnxArray[];
  readonly outputs: readonly OnnxArray[];
  readonly constants: readonly OnnxArray[];
  readonly nodes: readonly OnnxNode[];
}

const IR_VERSION = 9;
const OPERATOR_SET = 20;
const ENCODER = new TextEncoder();

type Bytes = readonly Uint8Array[];

function varint(value: number): Uint8Array {
  const bytes = [];
  while (value >= 128) {
    bytes.push(value % 128 + 128);
    value = Math.floor(value / 128);
  }
  return Uint8Array.of(...bytes, value);
}

function whole(field: number, value: number): Bytes {
  // A negative number is its 64 bit complement, in ten bytes.
  const bytes = value >= 0
    ? varint(value)
    : bigVarint(BigInt.asUintN(64, BigInt(value)));
  return [varint(field * 8), bytes];
}

function bigVarint(value: bigint): Uint8Array {
  const bytes = [];
  while (value >= 128n) {
    bytes.push(Number(value % 128n) + 128);
    value /= 128n;
  }
  return Uint8Array.of(...bytes, Number(value));
}

function float(field: number, value: number): Bytes {
  return [varint(field * 8 + 5), new Uint8Array(Float32Array.of(value).buffer)];
}

function block(field: number, content: Bytes): Bytes {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return [varint(field * 8 + 2), varint(length), ...content];
}

function text(field: number, value: string): Bytes {
  return block(field, [ENCODER.encode(value)]);
}

function tensor({ name, shape, data }: OnnxArray): Bytes {
  const [type, bytes] = data instanceof BigInt64Array
    ? [7, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]
    : [1, new Uint8Array(data!.buffer, data!.byteOffset, data!.byteLength)];
  return [
    ...shape.flatMap((size) => whole(1, size)),
    ...whole(2, type),
    ...text(8, name),
    ...block(9, [bytes]),
  ];
}

function declaration({ name, shape }: OnnxArray): Bytes {
  const dims = shape.flatMap((size) => block(1, whole(1, size)));
  const type = [...whole(1, 1), ...block(2, dims)];
  return [...text(1, name), ...block(2, block(1, type))];
}

function attribute(name: string, value: OnnxAttribute): Bytes {
  const head = text(1, name);
  if ("int" in value) return [...head, ...whole(3, value.int), ...whole(20, 2)];
  if ("float" in value) {
    return [...head, ...float(2, value.float), ...whole(20, 1)];
  }
  if ("text" in value) {
    return [...head, ...text(4, value.text), ...whole(20, 3)];
  }
  return [...head, ...value.ints.flatMap((i) => whole(8, i)), ...whole(20, 7)];
}

function node(
  { type, inputs, outputs, domain, attributes = {} }: OnnxNode,
): Bytes {
  return [
    ...inputs.flatMap((name) => text(1, name)),
    ...outputs.flatMap((name) => text(2, name)),
    ...text(4, type),
    ...Object.entries(attributes).flatMap(([name, value]) =>
      block(5, attribute(name, value))
    ),
    ...domain === undefined ? [] : text(7, domain),
  ];
}

/**
 * Writes a model.
 *
 * @param graph Its graph.
 * @returns The bytes of an `.onnx` file.
 */
export function encodeOnnx(graph: OnnxGraph): Uint8Array {
  const body = [
    ...graph.nodes.flatMap((each) => block(1, node(each))),
    ...text(2, "graph"),
    ...graph.constants.flatMap((each) => block(5, tensor(each))),
    ...graph.inputs.flatMap((each) => block(11, declaration(each))),
    ...graph.outputs.flatMap((each) => block(12, declaration(each))),
  ];
  const domains = new Set(graph.nodes.flatMap(({ domain }) => domain ?? []));
  const model = [
    ...whole(1, IR_VERSION),
    ...block(7, body),
    ...block(8, [...text(1, ""), ...whole(2, OPERATOR_SET)]),
    ...[...domains].flatMap((domain) =>
      block(8, [...text(1, domain), ...whole(2, 1)])
    ),
  ];
  const bytes = new Uint8Array(
    model.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const part of model) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
