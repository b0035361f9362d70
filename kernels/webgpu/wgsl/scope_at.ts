import type { Operand } from "../../ir/mod.ts";
import { loadText } from "./elements.ts";
import type { ElementScope } from "./expression_text.ts";
import { elementText, partCoordinate, type PlaceParts } from "./indices.ts";
import type { ShaderText } from "./shader_text.ts";

/**
 * Shows a kernel's operands at a place as expressions see them.
 *
 * @param shader Where to write.
 * @param operands The operands.
 * @param parts The place.
 * @returns What an expression can ask for.
 */
export function scopeAt(
  shader: ShaderText,
  operands: readonly Operand[],
  parts: PlaceParts,
): ElementScope {
  return {
    load: (operand, shift) => {
      const view = operands[operand]!;
      const at = elementText(view, parts);
      return loadText(shader, view.dtype, {
        array: shader.operand(operand),
        at: shift === undefined ? at : `${at} + ${shift}`,
      });
    },
    coordinate: (axis) => partCoordinate(parts, axis),
  };
}
