import {
  assertInstance,
  compareText,
  encodeHalf,
  isHalfDType,
  type Issue,
  itemBytes,
  printable,
  sizeOf,
} from "../../core/base/mod.ts";
import { optionsOf } from "../../ops/mod.ts";
import { safetensorsInvalid } from "../errors.ts";
import { assertHostTensor } from "./assert_host_tensor.ts";
import {
  FORMAT_DTYPES,
  type HostTensor,
  isTensorName,
  LENGTH_BYTES,
  METADATA_KEY,
} from "./format.ts";

/** Options of {@linkcode encodeSafetensors}. */
export interface EncodeSafetensorsOptions {
  /** Notes by name. */
  readonly metadata?: ReadonlyMap<string, string>;
}

/**
 * Writes tensors as the bytes of a safetensors file: the same bytes for the same tensors, whatever
 * their order.
 *
 * @example Out and back
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodeSafetensors, parseSafetensors } from "@spiraltorch/spiraltorch/nn";
 *
 * const bias = { dtype: "float32", shape: [2], data: Float32Array.of(1, 2) } as const;
 * const bytes = encodeSafetensors(new Map([["bias", bias]]));
 * assertEquals(parseSafetensors(bytes).tensors.get("bias"), bias);
 * ```
 *
 * @param tensors Tensors by name.
 * @param options Notes that go with them.
 * @returns The bytes.
 * @throws {NnError} `SAFETENSORS_INVALID` if a name is not allowed, or a tensor has another number of
 * elements than its shape.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, HostTensor>,
  options?: EncodeSafetensorsOptions,
): Uint8Array<ArrayBuffer> {
  const { metadata = new Map() } = optionsOf("encodeSafetensors", options);
  assertInstance("tensors of encodeSafetensors", tensors, Map);
  for (const tensor of tensors.values()) {
    assertHostTensor("encodeSafetensors", tensor);
  }
  assertInstance("encodeSafetensors metadata", metadata, Map);
  const issues = [...tensors].flatMap(([name, tensor]) =>
    tensorIssues(name, tensor)
  );
  if (issues.length > 0) throw safetensorsInvalid("write", issues);
  // The widest first, so that every tensor lies at a multiple of its element's size.
  const sorted = [...tensors].sort(([a, x], [b, y]) =>
    itemBytes(y.dtype) - itemBytes(x.dtype) || compareText(a, b)
  );
  const header = encodeHeader(sorted, metadata);
  const dataBytes = sorted.reduce(
    (sum, [, tensor]) => sum + bytesOf(tensor),
    0,
  );
  const bytes = new Uint8Array(LENGTH_BYTES + header.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, LENGTH_BYTES);
  let offset = LENGTH_BYTES + header.length;
  for (const [, tensor] of sorted) {
    bytes.set(encodeElements(tensor), offset);
    offset += bytesOf(tensor);
  }
  return bytes;
}

function bytesOf({ dtype, data }: HostTensor): number {
  return data.length * itemBytes(dtype);
}

function encodeElements({ dtype, data }: HostTensor): Uint8Array {
  if (!isHalfDType(dtype)) {
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }
  const halves = new Uint16Array(data.length);
  encodeHalf(dtype, new Float32Array(data), halves);
  return new Uint8Array(halves.buffer);
}

function encodeHeader(
  tensors: readonly (readonly [string, HostTensor])[],
  metadata: ReadonlyMap<string, string>,
): Uint8Array {
  const entries: [string, unknown][] = [];
  if (metadata.size > 0) {
    const sorted = [...metadata].sort(([a], [b]) => compareText(a, b));
    entries.push([METADATA_KEY, Object.fromEntries(sorted)]);
  }
  let offset = 0;
  for (const [name, tensor] of tensors) {
    const { dtype, shape } = tensor;
    const end = offset + bytesOf(tensor);
    entries.push([name, {
      dtype: FORMAT_DTYPES[dtype],
      shape,
      data_offsets: [offset, end],
    }]);
    offset = end;
  }
  const text = `{${
    entries.map(([name, entry]) =>
      `${JSON.stringify(name)}:${JSON.stringify(entry)}`
    ).join(",")
  }}`;
  const header = new TextEncoder().encode(text);
  // Spaces behind the header let the elements begin at a multiple of 8.
  const padded = new Uint8Array(Math.ceil(header.length / 8) * 8).fill(0x20);
  padded.set(header);
  return padded;
}

function tensorIssues(name: string, { shape, data }: HostTensor): Issue[] {
  const path = printable(name, 100);
  const issues: Issue[] = [];
  if (!isTensorName(name)) {
    issues.push({
      code: "NAME",
      path,
      message: "Found a name that no tensor may have",
    });
  }
  if (data.length !== sizeOf(shape)) {
    const message = `Found ${data.length} elements, wanted ${
      sizeOf(shape)
    } for shape [${shape}]`;
    issues.push({ code: "SIZE", path, message });
  }
  return issues;
}
