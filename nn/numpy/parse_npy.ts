import { hostArray, type Shape, sizeOf } from "../../core/base/mod.ts";
import { dataUnreadable } from "../data/data_errors.ts";
import { fileName } from "../data/readers/file_name.ts";
import type { NnError } from "../errors.ts";
import type { HostTensor } from "../safetensors/format.ts";
import { MAGIC, READERS } from "./format.ts";

/** What the header says. */
interface Header {
  /** Kind and bytes of an element. */
  readonly kind: string;
  readonly isLittle: boolean;
  /** Whether the first axis changes fastest. */
  readonly isFortran: boolean;
  readonly shape: Shape;
  /** Where the elements begin. */
  readonly start: number;
}

/**
 * Reads an array that NumPy has saved, `.npy`. Nothing in it is trusted; objects, which only Python could
 * make, are refused.
 *
 * **Numerics**: `f8` is rounded to `float32`; whole numbers of other widths become `int32`, and are refused
 * if they do not fit.
 *
 * **Source**: as `encodeNpy`.
 *
 * @param bytes The file.
 * @param options What it is called in messages.
 * @returns The array, row by row, whatever its order was.
 * @throws {NnError} `DATA_UNREADABLE` if it is no such file, or holds what no tensor does.
 */
export function parseNpy(
  bytes: Uint8Array,
  options: { readonly name: string },
): HostTensor {
  const name = fileName("parseNpy", bytes, options);
  const { kind, isLittle, isFortran, shape, start } = readHeader(bytes, name);
  const reader = READERS.get(kind);
  if (!reader) {
    const known = [...READERS.keys()].join(", ");
    throw dataUnreadable({ name }, `found elements "${kind}", wanted ${known}`);
  }
  const size = sizeOf(shape);
  const wanted = start + size * reader.bytes;
  if (bytes.length !== wanted) {
    throw dataUnreadable(
      { name },
      `found ${bytes.length} bytes, wanted ${wanted} for ${kind}[${shape}]`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = hostArray(reader.dtype, size);
  const places = isFortran ? rowByRow(shape) : undefined;
  for (let i = 0; i < size; i++) {
    const place = places ? places[i]! : i;
    const value = reader.read(view, start + place * reader.bytes, isLittle);
    data[i] = value;
    if (reader.dtype === "int32" && data[i] !== value) {
      throw dataUnreadable({ name }, `found ${value}, wanted it within int32`);
    }
  }
  return { dtype: reader.dtype, shape, data };
}

function readHeader(bytes: Uint8Array, name: string): Header {
  const isMagic = MAGIC.every((byte, i) => bytes[i] === byte);
  const version = bytes[6];
  const isKnown = version !== undefined && version >= 1 && version <= 3;
  if (!isMagic || !isKnown || bytes.length < 12) {
    throw dataUnreadable({ name }, "found no NumPy file, wanted one");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const before = version === 1 ? 10 : 12;
  const length = version === 1
    ? view.getUint16(8, true)
    : view.getUint32(8, true);
  const start = before + length;
  const text = new TextDecoder().decode(bytes.subarray(before, start));
  const descr = /'descr':\s*'([<>|=])([a-zA-Z]\d+)'/.exec(text);
  const order = /'fortran_order':\s*(True|False)/.exec(text);
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(text);
  if (start > bytes.length || !descr || !order || !shape) {
    throw headerInvalid(name, text);
  }
  const sizes = shape[1]!.split(",").map((part) => part.trim())
    .filter((part) => part !== "").map(Number);
  if (!sizes.every(Number.isSafeInteger)) throw headerInvalid(name, text);
  return {
    kind: descr[2]!,
    isLittle: descr[1] !== ">",
    isFortran: order[1] === "True",
    shape: sizes,
    start,
  };
}

function headerInvalid(name: string, text: string): NnError {
  return dataUnreadable(
    { name },
    `found the header ${
      JSON.stringify(text.slice(0, 100))
    }, wanted numbers with a shape`,
  );
}

/** Where each element lies, row by row, if the first axis changes fastest. */
function rowByRow(shape: Shape): Int32Array {
  const places = new Int32Array(sizeOf(shape));
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < places.length; i++) {
    let place = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place = place * shape[axis]! + index[axis]!;
    }
    places[i] = place;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
  return places;
}
