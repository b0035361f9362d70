import {
  assertInvariant,
  compareText,
  isPlainObject,
  type Issue,
  printable,
  type Shape,
  sizeOf,
} from "../../core/base/mod.ts";
import { type NnError, safetensorsInvalid } from "../errors.ts";
import { duplicateKeys } from "./duplicate_keys.ts";
import {
  HEADER_BYTES_MAX,
  isTensorName,
  LENGTH_BYTES,
  METADATA_KEY,
} from "./format.ts";
import {
  isStoredDType,
  STORED_DTYPES,
  type StoredDType,
} from "./stored_dtypes.ts";

/** What a header says, once it is known to be right. */
export interface Header {
  /** Tensors in the order of their bytes. */
  readonly entries: readonly Entry[];
  /** Notes by name. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** One tensor as the header describes it. */
export interface Entry {
  /** Its name. */
  readonly name: string;
  /** How its elements are stored. */
  readonly stored: StoredDType;
  /** Sizes per axis. */
  readonly shape: Shape;
  /** Where its bytes begin, behind the header. */
  readonly start: number;
  /** Where they end. */
  readonly end: number;
}

/**
 * Reads how long a file's header is.
 *
 * @param bytes The first bytes of the file, `LENGTH_BYTES` if it has as many.
 * @param fileBytes How long the file is.
 * @returns Bytes of the header behind them; they are in the file.
 * @throws {NnError} `SAFETENSORS_INVALID` if there are no such bytes.
 */
export function readHeaderLength(bytes: Uint8Array, fileBytes: number): number {
  if (bytes.length < LENGTH_BYTES) {
    throw headerInvalid(
      "HEADER_LENGTH",
      `Found ${bytes.length} bytes, wanted at least ${LENGTH_BYTES}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES);
  const length = view.getBigUint64(0, true);
  const lengthMax = Math.min(fileBytes - LENGTH_BYTES, HEADER_BYTES_MAX);
  if (length > BigInt(lengthMax)) {
    throw headerInvalid(
      "HEADER_LENGTH",
      `Found a header of ${length} bytes, wanted at most ${lengthMax}`,
    );
  }
  return Number(length);
}

/**
 * Reads a header. Nothing in it is trusted: the tensors lie within the file, and every byte belongs to
 * one of them.
 *
 * @param bytes The header.
 * @param dataBytes Bytes of the file behind it.
 * @returns What it says.
 * @throws {NnError} `SAFETENSORS_INVALID` with every issue.
 */
export function readHeader(bytes: Uint8Array, dataBytes: number): Header {
  const text = decode(bytes);
  const value = parseJson(text);
  if (!isPlainObject(value)) {
    throw headerInvalid("HEADER", "Found a header that is no object");
  }
  refuse(
    duplicateKeys(text).map((key) =>
      issue("DUPLICATE", key, "Found this name twice")
    ),
  );
  const { [METADATA_KEY]: notes, ...tensors } = value;
  const metadata = readMetadata(notes);
  const entries = readEntries(tensors);
  refuse(placeIssues(entries, dataBytes));
  return { entries, metadata };
}

/** A hostile header can have millions of mistakes: the first ones are enough to refuse it. */
const ISSUES_MAX = 100;

/**
 * Throws if there are issues.
 *
 * @param issues The issues.
 * @throws {NnError} `SAFETENSORS_INVALID` with the first of them.
 */
export function refuse(issues: Iterable<Issue>): void {
  const found: Issue[] = [];
  for (const issue of issues) {
    found.push(issue);
    if (found.length === ISSUES_MAX) break;
  }
  if (found.length > 0) throw safetensorsInvalid("read", found);
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

/** Reads what the header says of tensors, in the order of their bytes. */
function readEntries(tensors: Readonly<Record<string, unknown>>): Entry[] {
  const entries: Entry[] = [];
  const issues: Issue[] = [];
  for (const [name, value] of Object.entries(tensors)) {
    const entry = readEntry(name, value);
    if ("stored" in entry) entries.push(entry);
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
  const [start, end] = offsets as readonly [number, number];
  if (isStoredDType(found)) {
    return { name, stored: found, shape: shape as Shape, start, end };
  }
  const shown = JSON.stringify(printable(found as string, 40));
  const wanted = Object.keys(STORED_DTYPES).join(", ");
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
  for (const { name, stored, shape, start, end } of entries) {
    const wanted = sizeOf(shape) * STORED_DTYPES[stored].bytes;
    if (end - start !== wanted) {
      yield issue(
        "SIZE",
        name,
        `Found ${end - start} bytes, wanted ${wanted} for ${stored}[${shape}]`,
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

/**
 * Says what is wrong with a tensor.
 *
 * @param code What kind of problem.
 * @param name The tensor.
 * @param message What was found and wanted.
 * @returns The issue.
 */
export function issue(code: string, name: string, message: string): Issue {
  return { code, path: printable(name, 100), message };
}

function headerInvalid(code: string, message: string): NnError {
  return safetensorsInvalid("read", [issue(code, "", message)]);
}
