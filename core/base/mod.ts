/**
 * The ground floor: values that every layer may use. Imports nothing.
 *
 * @module
 */

export {
  type AccessProblem,
  accessProblem,
  accessText,
} from "./access_problem.ts";
export { assertFunction } from "./assert_function.ts";
export { type AnyClass, assertInstance } from "./assert_instance.ts";
export { assertMethods } from "./assert_methods.ts";
export { asyncHooks } from "./async_hooks.ts";
export { broadcastShapes } from "./broadcast_shapes.ts";
export { type Clock, clockOf, SYSTEM_CLOCK } from "./clock.ts";
export { type Coded, isCoded } from "./coded.ts";
export { CodedError } from "./coded_error.ts";
export { compareText } from "./compare_text.ts";
export {
  type DType,
  DTYPES,
  type HostArray,
  hostArray,
  isFloatDType,
  itemBytes,
  toFloatDType,
  type ValueDType,
  valueDType,
} from "./dtype.ts";
export {
  axisOutOfRange,
  type BaseErrorCode,
  DTypeError,
  dtypeMismatch,
  ERROR_CODES,
  invalidOption,
  invalidShape,
  OptionError,
  ShapeError,
  type ShapeMismatch,
  shapeMismatch,
} from "./errors.ts";
export { dotText, mermaidText } from "./graph_text.ts";
export {
  decodeHalf,
  encodeHalf,
  type HalfDType,
  isHalfDType,
  roundHalf,
} from "./half.ts";
export { assertInvariant, InvariantError } from "./invariant.ts";
export { formatIssues, type Issue } from "./issue.ts";
export { isPlainObject, type Json, type JsonObject } from "./json.ts";
export { type Layer, LayeredMap } from "./layered_map.ts";
export { listOf } from "./list_of.ts";
export {
  defineDisplay,
  type Displayable,
  type DisplayTable,
  displayTable,
  escapeMarkup,
  JUPYTER_DISPLAY,
  type MediaBundle,
} from "./notebook.ts";
export {
  doWatched,
  observeWork,
  type Work,
  type WorkName,
  type WorkObserver,
  workObserver,
} from "./observe_work.ts";
export { optionsOf } from "./options_of.ts";
export { overlaps, type Placed } from "./overlaps.ts";
export { isPrintable, printable, printableLine } from "./printable.ts";
export { promoteDTypes } from "./promotion.ts";
export {
  type DrawOptions,
  fillNormal,
  fillUniform,
  philox,
  type RandomKey,
  randomKey,
  splitKey,
} from "./random.ts";
export { replaceFile, type ReplaceFileOptions } from "./replace_file.ts";
export {
  assertShape,
  contiguousStrides,
  equalShapes,
  resolveAxis,
  type Shape,
  sizeOf,
} from "./shape.ts";
export { type CatalogEntry, searchEntries } from "./search_entries.ts";
export { didYouMean, suggest } from "./suggest.ts";
