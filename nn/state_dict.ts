/**
 * Tensors by name against other tensors by name: how they differ, and elements taken over.
 *
 * @module
 */
import { equalShapes } from "../core/base/mod.ts";
import { Tensor } from "../ops/tensor.ts";
import type { StateDictDifference } from "./errors.ts";

/**
 * Compares tensors with those whose elements they are to replace.
 *
 * @param state What was given.
 * @param wanted What there is.
 * @returns How they differ.
 */
export function compareStates(
  state: ReadonlyMap<string, Tensor>,
  wanted: ReadonlyMap<string, Tensor>,
): StateDictDifference {
  const mismatched = [];
  for (const [name, tensor] of wanted) {
    const found = state.get(name);
    if (found === undefined) continue;
    const isSame = found instanceof Tensor && found.dtype === tensor.dtype &&
      equalShapes(found.shape, tensor.shape);
    if (isSame) continue;
    mismatched.push({ name, found: typeOf(found), wanted: typeOf(tensor) });
  }
  return {
    missing: [...wanted.keys()].filter((name) => !state.has(name)),
    unexpected: [...state.keys()].filter((name) => !wanted.has(name)),
    mismatched,
  };
}

/**
 * Replaces the elements of tensors that have been computed.
 *
 * @param updates The new elements of each tensor.
 */
export async function replaceElements(
  updates: ReadonlyMap<Tensor, Tensor>,
): Promise<void> {
  if (updates.size === 0) return;
  // Only here, so that a module can be described where nothing can be computed.
  const { compileStep } = await import("../ops/compile.ts");
  using replace = compileStep(() => ({ result: [], updates }));
  await replace();
}

function typeOf(value: unknown): string {
  return value instanceof Tensor
    ? `${value.dtype}[${value.shape}]`
    : "no tensor";
}
