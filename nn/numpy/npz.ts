import { assertInstance } from "../../core/base/mod.ts";
import { dataUnreadable } from "../data/data_errors.ts";
import { fileName } from "../data/readers/file_name.ts";
import type { HostTensor } from "../safetensors/format.ts";
import { encodeNpy } from "./encode_npy.ts";
import { parseNpy } from "./parse_npy.ts";

const ENDING = ".npy";

/**
 * Reads the arrays that `numpy.savez` or `numpy.savez_compressed` has saved, `.npz`.
 *
 * **Source**: the package `fflate` for the ZIP format, which is loaded at the first call.
 *
 * @param bytes The file.
 * @param options What it is called in messages.
 * @returns The arrays by name.
 * @throws {NnError} `DATA_UNREADABLE` if it is no such file, or an array in it is none.
 */
export async function parseNpz(
  bytes: Uint8Array,
  options: { readonly name: string },
): Promise<Map<string, HostTensor>> {
  const name = fileName("parseNpz", bytes, options);
  const { unzipSync } = await import("fflate");
  let files: Readonly<Record<string, Uint8Array>>;
  try {
    files = unzipSync(bytes, { filter: (file) => file.name.endsWith(ENDING) });
  } catch (cause) {
    throw dataUnreadable({ name }, "found no ZIP archive, wanted one", {
      cause,
    });
  }
  return new Map(
    Object.entries(files).map(([file, content]) => [
      file.slice(0, -ENDING.length),
      parseNpy(content, { name: `${name}/${file}` }),
    ]),
  );
}

/**
 * Writes arrays as a file that `numpy.load` reads, `.npz`, compressed. The same arrays give the same bytes.
 *
 * @example Two arrays
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodeNpz, parseNpz } from "@spiraltorch/spiraltorch/data";
 *
 * const x = { dtype: "int32", shape: [2], data: Int32Array.of(3, 4) } as const;
 * const arrays = new Map([["x", x], ["y", x]]);
 * assertEquals(await parseNpz(await encodeNpz(arrays), { name: "arrays" }), arrays);
 * ```
 *
 * @param tensors The arrays by name.
 * @returns The file.
 * @throws {DTypeError} `DTYPE_MISMATCH` if one is `bfloat16`.
 * @throws {ShapeError} `SHAPE_MISMATCH` if one has another number of elements than its shape.
 */
export async function encodeNpz(
  tensors: ReadonlyMap<string, HostTensor>,
): Promise<Uint8Array<ArrayBuffer>> {
  assertInstance("tensors of encodeNpz", tensors, Map);
  const { zipSync } = await import("fflate");
  const files = Object.fromEntries(
    Array.from(
      tensors,
      ([name, tensor]) => [`${name}${ENDING}`, encodeNpy(tensor)],
    ),
  );
  // The earliest date that the format knows, so that nothing depends on today's.
  return new Uint8Array(zipSync(files, { mtime: "1980-01-01T12:00:00" }));
}
