import {
  assertInvariant,
  compareText,
  decodeHalf,
  type DType,
  DTYPES,
  type HostArray,
  isPlainObject,
  type Issue,
  itemBytes,
  printable,
  type Shape,
  sizeOf,
} from "../../core/base/mod.ts";
import { type NnError, safetensorsInvalid } from "../errors.ts";
import { duplicateKeys } from "./duplicate_keys.ts";
import {
  FORMAT_DTYPES,
  HEADER_BYTES_MAX,
  type HostTensor,
  isTensorName,
  LENGTH_BYTES,
  METADATA_KEY,
  type SafetensorsContent,
} from "./format.ts";

/**
 * Reads the bytes of a safetensors file. Nothing in them is trusted: what is read lies within them,
 * every byte belongs to one tensor, and no memory is taken for what is not there.
 *
 * @param bytes The bytes.
 * @returns Tensors, which are copies, in the order of their bytes; and notes.
 * @throws {NnError} `SAFETENSORS_INVALID` with every issue.
 */
export function parseSafetensors(bytes: Uint8Array): SafetensorsContent {
  const header = readHeader(bytes);
  const entries = readEntries(header);
  const elements = bytes.subarray(LENGTH_BYTES + header.length);
  refuse(placeIssues(entries, elements.length));
  const tensors = new Map<string, HostTensor>();
  for (const { name, dtype, shape, start, end } of entries) {
    const data = copyElements(elements.subarray(start, end), dtype);
    tensors.set(name, { dtype, shape, data });
  }
  refuse(elementIssues(tensors));
  return { tensors, metadata: header.metadata };
}

/** A hostile header can have millions of mistakes: the first ones are enough to refuse it. */
const ISSUES_MAX = 100;

/** Throws if there are issues. */
function refuse(issues: Iterable<Issue>): void {
  const found: Issue[] = [];
  for (const issue of issues) {
    found.push(issue);
    if (found.length === ISSUES_MAX) break;
  }
  if (found.length > 0) throw safetensorsInvalid("read", found);
}

interface Header {
  /** Bytes it takes. */
  readonly length: number;
  readonly tensors: ReadonlyMap<string, unknown>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** Reads the header as far as it must be right for anything to be found by it. */
function readHeader(bytes: Uint8Array): Header {
  if (bytes.length < LENGTH_BYTES) {
    throw headerInvalid(
      "HEADER_LENGTH",
      `Found ${bytes.length} bytes, wanted at least ${LENGTH_BYTES}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  const lengthMax = Math.min(bytes.length - LENGTH_BYTES, HEADER_BYTES_MAX);
  if (length > BigInt(lengthMax)) {
    throw headerInvalid(
      "HEADER_LENGTH",
      `Found a header of ${length} bytes, wanted at most ${lengthMax}`,
    );
  }
  const text = decode(
    bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + Number(length)),
  );
  const value = parseJson(text);
  if (!isPlainObject(value)) {
    throw headerInvalid("HEADER", "Found a header that is no object");
  }
  refuse(
    duplicateKeys(text).map((key) =>
      issue("DUPLICATE", key, "Found this name twice")
    ),
  );
  const tensors = new Map(Object.entries(value));
  const metadata = readMetadata(tensors.get(METADATA_KEY));
  tensors.delete(METADATA_KEY);
  return { length: Number(length), tensors, metadata };
}

function readMetadata(value: unknown = {}): Map<string, string> {
  const entries = isPlainObject(value) ? Object.entries(value) : undefined;
  const metadata = new Map<string, string>();
  for (const [name, text] of entries ?? []) {
    if (typeof text === "string") metadata.set(name, text);
  }
  if (metadata.size !== entries?.length) {
    throw headerInvalid("METADATA", "Found notes that are not text by name");
  }
  return metadata;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(bytes);
  } catch {
    throw headerInvalid("HEADER", "Found a header that is not UTF-8");
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    assertInvariant(error instanceof Error, "JSON.parse throws errors");
    throw headerInvalid(
      "HEADER",
      `Found a header that is not JSON: ${printable(error.message, 200)}`,
    );
  }
}

/** Most axes of a tensor: no library has more. */
const RANK_MAX = 32;

/** One tensor as the header describes it. */
interface Entry {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

/** Reads what the header says of tensors, in the order of their bytes. */
function readEntries({ tensors }: Header): Entry[] {
  const entries: Entry[] = [];
  const issues: Issue[] = [];
  for (const [name, value] of tensors) {
    const entry = readEntry(name, value);
    if ("dtype" in entry) entries.push(entry);
    else issues.push(...entry);
  }
  refuse(issues);
  return entries.sort((a, b) =>
    a.start - b.start || a.end - b.end || compareText(a.name, b.name)
  );
}

/** Reads what the header says of one tensor, or what is wrong with that. */
function readEntry(name: string, value: unknown): Entry | readonly Issue[] {
  if (!isTensorName(name)) {
    return [issue("NAME", name, "Found a name that no tensor may have")];
  }
  if (!isPlainObject(value)) {
    return [issue("ENTRY", name, "Found no object, wanted one")];
  }
  const { dtype: found, shape, data_offsets: offsets, ...more } = value;
  const problems = Object.keys(more).map((key) => [key, "no such key"]);
  if (typeof found !== "string") problems.push(["dtype", "text"]);
  if (!isCounts(shape, { most: RANK_MAX })) {
    problems.push(["shape", `at most ${RANK_MAX} whole numbers from 0`]);
  }
  if (!isCounts(offsets, { least: 2, most: 2 })) {
    problems.push(["data_offsets", "two whole numbers from 0"]);
  }
  if (problems.length > 0) {
    return problems.map(([key, wanted]) => {
      const shown = printable(JSON.stringify(value[key!]) ?? "nothing", 40);
      const path = `${name}.${key}`;
      return issue("ENTRY", path, `Found ${shown}, wanted ${wanted}`);
    });
  }
  const dtype = DTYPES.find((dtype) => FORMAT_DTYPES[dtype] === found);
  const [start, end] = offsets as readonly [number, number];
  if (dtype) return { name, dtype, shape: shape as Shape, start, end };
  const shown = JSON.stringify(printable(found as string, 40));
  const wanted = Object.values(FORMAT_DTYPES).join(", ");
  return [issue("DTYPE", name, `Found ${shown}, wanted ${wanted}`)];
}

function isCounts(
  value: unknown,
  { least = 0, most }: { readonly least?: number; readonly most: number },
): boolean {
  return Array.isArray(value) && value.length >= least &&
    value.length <= most &&
    value.every((each) => Number.isSafeInteger(each) && each >= 0);
}

/** Checks that the tensors fill the bytes without gap or overlap. */
function* placeIssues(
  entries: readonly Entry[],
  dataBytes: number,
): Generator<Issue> {
  let place = 0;
  for (const { name, dtype, shape, start, end } of entries) {
    const wanted = sizeOf(shape) * itemBytes(dtype);
    if (end - start !== wanted) {
      yield issue(
        "SIZE",
        name,
        `Found ${end - start} bytes, wanted ${wanted} for ${dtype}[${shape}]`,
      );
    }
    if (start !== place) {
      yield issue(
        "OFFSET",
        name,
        `Found bytes from ${start}, wanted ${place}, where the tensor before ends`,
      );
    }
    if (end > dataBytes) {
      yield issue(
        "OFFSET",
        name,
        `Found bytes up to ${end}, wanted at most ${dataBytes}`,
      );
    }
    place = Math.max(place, end);
  }
  if (place < dataBytes) {
    const message =
      `Found ${dataBytes} bytes of elements, wanted ${place} as the header says`;
    yield issue("OFFSET", "", message);
  }
}

/** Copies bytes to where they are aligned. */
function copyElements(bytes: Uint8Array, dtype: DType): HostArray {
  const { buffer } = new Uint8Array(bytes);
  switch (dtype) {
    case "float32":
      return new Float32Array(buffer);
    case "float16":
    case "bfloat16":
      return decodeHalf(dtype, new Uint16Array(buffer));
    case "int32":
      return new Int32Array(buffer);
    case "int8":
      return new Int8Array(buffer);
    case "bool":
      return new Uint8Array(buffer);
    default:
      return dtype satisfies never;
  }
}

function* elementIssues(
  tensors: ReadonlyMap<string, HostTensor>,
): Generator<Issue> {
  for (const [name, { dtype, data }] of tensors) {
    if (dtype !== "bool" || data.every((byte) => byte <= 1)) continue;
    yield issue("ELEMENT", name, "Found a bool other than 0 and 1");
  }
}

function issue(code: string, name: string, message: string): Issue {
  return { code, path: printable(name, 100), message };
}

function headerInvalid(code: string, message: string): NnError {
  return safetensorsInvalid("read", [issue(code, "", message)]);
}
