import { isCoded, type Issue } from "../../core/base/mod.ts";
import type { ModuleDiscoveryRegistry } from "../discovery/registry.ts";
import { printShape, type SymbolicShape } from "../symbolic_shape.ts";
import { itemName, type PipelineItem } from "./description.ts";

/** One module whose shapes are to be checked. */
export type ShapedItem = Pick<PipelineItem, "id" | "type" | "config">;

/**
 * Runs a shape through modules without making any of them.
 *
 * A name stands for any size: a module that takes one size only does not accept it.
 *
 * @param input Shape of what the first module is applied to.
 * @param items The modules in order; `undefined` for one that tells no shapes.
 * @param registry Where their types are looked up.
 * @returns The first mismatch, with the place of its module; nothing if there is none, or if shapes
 * are not known from some module on.
 */
export function checkShapes(
  input: SymbolicShape,
  items: readonly (ShapedItem | undefined)[],
  registry: ModuleDiscoveryRegistry,
): Issue | undefined {
  let shape = input;
  let producer = "the input";
  for (const [i, item] of items.entries()) {
    if (!item) return undefined;
    const name = itemName(item, i);
    const path = `modules[${i}]`;
    const inferred = infer(item, { shape, registry });
    if (inferred === undefined) return undefined;
    if (typeof inferred === "string") {
      return { code: "SHAPE_CHAIN_MISMATCH", path, message: inferred };
    }
    if ("wanted" in inferred) {
      const message = `Found ${
        printShape(shape)
      } from ${producer}, wanted ${inferred.wanted} for "${name}"`;
      return { code: "SHAPE_CHAIN_MISMATCH", path, message };
    }
    shape = inferred;
    producer = `"${name}"`;
  }
  return undefined;
}

/** What a module makes of a shape; the message if its own code failed. */
function infer(
  { type, config }: ShapedItem,
  { shape, registry }: {
    readonly shape: SymbolicShape;
    readonly registry: ModuleDiscoveryRegistry;
  },
) {
  try {
    return registry.inferShape(type, config, [shape]);
  } catch (error) {
    if (isCoded(error)) return error.message;
    throw error;
  }
}
