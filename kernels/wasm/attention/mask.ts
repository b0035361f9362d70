import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { type AttentionParameters, MASKS } from "./attention_parameters.ts";
import { packHelper } from "./panels.ts";
import { addHelper, truthHelper } from "./visibility.ts";

/** Which part of the mask lies over a panel of scores, and how. */
export interface MaskPart {
  /** Where the panel's first element is in the mask. */
  readonly source: Local;
  /** The panel. */
  readonly target: Local;
  /** Rows of the panel, and columns that are there. */
  readonly rows: Local;
  readonly columns: Local;
  /** Bytes of the mask from row to row, and from column to column. */
  readonly rowStep: Local;
  readonly columnStep: Local;
}

/**
 * Writes the masking of a panel of scores, if there is a mask.
 *
 * @param code Where to write.
 * @param p The parameters.
 * @param part Which part of the mask.
 */
export function emitMask(
  { f, module }: VectorCode,
  p: AttentionParameters,
  { source, target, rows, columns, rowStep, columnStep }: MaskPart,
): void {
  f.if(f.op("i32.eq", p.maskKind, MASKS.indexOf("float32")), () => {
    const pack = packHelper(module, "columns");
    f.run(pack, source, p.maskPanel, columns, rows, columnStep, rowStep);
    f.run(addHelper(module), target, p.maskPanel, rows);
  });
  f.if(f.op("i32.eq", p.maskKind, MASKS.indexOf("bool")), () => {
    const hide = truthHelper(module);
    f.run(hide, target, source, rows, columns, rowStep, columnStep);
  });
}
