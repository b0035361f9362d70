import {
  dtypeMismatch,
  encodeHalf,
  itemBytes,
  shapeMismatch,
  sizeOf,
} from "../../core/base/mod.ts";
import { assertHostTensor } from "../safetensors/assert_host_tensor.ts";
import type { HostTensor } from "../safetensors/format.ts";
import { DESCRIPTIONS, MAGIC } from "./format.ts";

/** Headers end where the elements may begin: at a multiple of this. */
const ALIGNMENT = 64;

/**
 * Writes an array as a file that NumPy loads, `.npy`.
 *
 * **Source**: NumPy, `numpy.lib.format`, version 1.0.
 *
 * @example Out and back
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodeNpy, parseNpy } from "@spiraltorch/spiraltorch/data";
 *
 * const x = { dtype: "float32", shape: [2, 1], data: Float32Array.of(1, 2) } as const;
 * assertEquals(parseNpy(encodeNpy(x), { name: "x" }), x);
 * ```
 *
 * @param tensor The array.
 * @returns The file.
 * @throws {DTypeError} `DTYPE_MISMATCH` if it is `bfloat16`, which NumPy does not have.
 * @throws {ShapeError} `SHAPE_MISMATCH` if it has another number of elements than its shape.
 */
export function encodeNpy(tensor: HostTensor): Uint8Array<ArrayBuffer> {
  assertHostTensor("encodeNpy", tensor);
  const { dtype, shape, data } = tensor;
  if (dtype === "bfloat16") {
    throw dtypeMismatch("encodeNpy", dtype, ["float32", "float16"]);
  }
  if (data.length !== sizeOf(shape)) {
    throw shapeMismatch("encodeNpy", [data.length], shape, {
      rule: "there must be as many elements as the shape says",
    });
  }
  // One size is written with a comma, or Python would read a number.
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const header = `{'descr': '${
    DESCRIPTIONS[dtype]
  }', 'fortran_order': False, 'shape': (${sizes}), }`;
  const end = Math.ceil((10 + header.length + 1) / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(end + data.length * itemBytes(dtype)).fill(
    0x20,
    0,
    end,
  );
  bytes.set([...MAGIC, 1, 0], 0);
  new DataView(bytes.buffer).setUint16(8, end - 10, true);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes[end - 1] = 0x0a;
  if (dtype === "float16") {
    const halves = new Uint16Array(data.length);
    encodeHalf(dtype, new Float32Array(data), halves);
    bytes.set(new Uint8Array(halves.buffer), end);
  } else {
    bytes.set(
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      end,
    );
  }
  return bytes;
}
