import { sizeOf } from "../../../core/base/mod.ts";
import type { NnError } from "../../errors.ts";
import { dataUnreadable } from "../data_errors.ts";
import type { SampleArray } from "../sample.ts";
import { fileName } from "./file_name.ts";

/** How one element of an IDX file is stored, by the third byte of the file. */
const ELEMENTS: ReadonlyMap<number, Element> = new Map<number, Element>([
  [0x08, { bytes: 1, isWhole: true, read: (view, at) => view.getUint8(at) }],
  [0x09, { bytes: 1, isWhole: true, read: (view, at) => view.getInt8(at) }],
  [0x0b, { bytes: 2, isWhole: true, read: (view, at) => view.getInt16(at) }],
  [0x0c, { bytes: 4, isWhole: true, read: (view, at) => view.getInt32(at) }],
  [0x0d, { bytes: 4, isWhole: false, read: (view, at) => view.getFloat32(at) }],
  [0x0e, { bytes: 8, isWhole: false, read: (view, at) => view.getFloat64(at) }],
]);

interface Element {
  readonly bytes: number;
  readonly isWhole: boolean;
  readonly read: (view: DataView, at: number) => number;
}

/**
 * Reads an array in the IDX format, in which MNIST and its relatives come.
 *
 * **Numerics**: bytes and whole numbers become `int32`, fractions `float32`.
 *
 * **Source**: LeCun, Cortes, Burges, "The MNIST database of handwritten digits", "File formats".
 *
 * @example Two bytes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseIdx } from "@spiraltorch/spiraltorch/data";
 *
 * const bytes = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 255);
 * assertEquals(parseIdx(bytes, { name: "labels" }), {
 *   shape: [2],
 *   data: Int32Array.of(7, 255),
 * });
 * ```
 *
 * @param bytes The file, not compressed.
 * @param options What it is called in messages.
 * @returns The array.
 * @throws {NnError} `DATA_UNREADABLE` if the file is no array, or of another length than it says.
 */
export function parseIdx(
  bytes: Uint8Array,
  options: { readonly name: string },
): SampleArray {
  const name = fileName("parseIdx", bytes, options);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const element = bytes.length >= 4 && view.getUint16(0) === 0
    ? ELEMENTS.get(bytes[2]!)
    : undefined;
  if (!element) throw unreadable(name, "found no IDX header, wanted one");
  const rank = bytes[3]!;
  const start = 4 + 4 * rank;
  if (bytes.length < start) {
    throw unreadable(name, `found ${bytes.length} bytes, wanted ${start}`);
  }
  const shape = Array.from(
    { length: rank },
    (_, axis) => view.getUint32(4 + 4 * axis),
  );
  const wanted = start + sizeOf(shape) * element.bytes;
  if (bytes.length !== wanted) {
    throw unreadable(
      name,
      `found ${bytes.length} bytes, wanted ${wanted} for shape [${shape}]`,
    );
  }
  const count = sizeOf(shape);
  const data = element.isWhole
    ? new Int32Array(count)
    : new Float32Array(count);
  for (let i = 0; i < count; i++) {
    data[i] = element.read(view, start + i * element.bytes);
  }
  return { shape, data };
}

function unreadable(name: string, problem: string): NnError {
  return dataUnreadable({ name }, problem);
}
