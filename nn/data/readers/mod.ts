/**
 * Files of data: CSV, JSON Lines, text, IDX, images, and those of NumPy; and
 * threads that change what was read. A door of its own, for those who read such files; the parsers behind it are loaded when the first file of their kind is read.
 *
 * @module
 */

export { encodeNpy } from "../../numpy/encode_npy.ts";
export { encodeNpz, parseNpz } from "../../numpy/npz.ts";
export { parseNpy } from "../../numpy/parse_npy.ts";
export {
  mapInWorkers,
  type MapInWorkersOptions,
} from "../workers/map_in_workers.ts";
export { serveItems } from "../workers/serve_items.ts";
export { decodeImage } from "./decode_image.ts";
export { parseIdx } from "./parse_idx.ts";
export { type CsvOptions, type CsvRow, readCsv } from "./read_csv.ts";
export { type JsonLine, readJsonl } from "./read_jsonl.ts";
export { textFile } from "./text_file.ts";
export {
  type TextLine,
  textLines,
  type TextSource,
  textSource,
} from "./text_source.ts";
