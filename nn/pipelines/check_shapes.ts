import { isCoded, type Issue } from "../../core/base/mod.ts";
import type { ModuleDiscoveryRegistry } from "../discovery/registry.ts";
import { printShape, type SymbolicShape } from "../symbolic_shape.ts";
import {
  type Block,
  type BranchItem,
  itemName,
  type ModuleItem,
  type PipelineItem,
} from "./description.ts";
import { mergeShapes } from "./merge_shapes.ts";

/** Options of {@linkcode checkShapes}. */
export interface CheckShapesOptions {
  /** Where types are looked up. */
  readonly registry: ModuleDiscoveryRegistry;
  /** Where items are written, if that is elsewhere than where they are. */
  readonly itemPaths?: ReadonlyMap<PipelineItem, string>;
}

/** What running a shape through modules has shown. */
export interface CheckedShapes {
  /** Shape of the output, if it is known. */
  readonly output: SymbolicShape | undefined;
  /** Where shapes do not fit. */
  readonly issues: readonly Issue[];
  /** Paths of modules that do not tell their shapes. */
  readonly unverified: readonly string[];
}

/**
 * Runs a shape through modules without making any of them.
 *
 * A name stands for any size: a module that takes one size only does not accept it.
 *
 * @param input Shape of what the first module is applied to.
 * @param items The modules in order; `undefined` for one that tells no shapes.
 * @param options Where their types are looked up, and where they are written.
 * @returns The output's shape and every mismatch. Behind one, and behind a module that does not tell,
 * nothing is known; paths side by side are all looked at.
 */
export function checkShapes(
  input: SymbolicShape,
  items: readonly (PipelineItem | undefined)[],
  options: CheckShapesOptions,
): CheckedShapes {
  const checker = new ShapeChecker(options);
  const start = { shape: input, producer: "the input" };
  const output = checker.checkList(items, start, "modules")?.shape;
  const { issues, unverified } = checker;
  return { output, issues: [...issues.values()], unverified: [...unverified] };
}

/** A shape and what gives it. */
interface Flow {
  readonly shape: SymbolicShape;
  readonly producer: string;
}

class ShapeChecker {
  /** By what they say: copies of a block that is written once are wrong in the same place. */
  readonly issues = new Map<string, Issue>();
  readonly unverified = new Set<string>();
  readonly #registry: ModuleDiscoveryRegistry;
  readonly #itemPaths: ReadonlyMap<PipelineItem, string>;

  constructor({ registry, itemPaths = new Map() }: CheckShapesOptions) {
    this.#registry = registry;
    this.#itemPaths = itemPaths;
  }

  /** `undefined` where nothing is known any more. */
  checkList(
    items: readonly (PipelineItem | undefined)[],
    start: Flow,
    path: string,
  ): Flow | undefined {
    let flow = start;
    for (const [i, item] of items.entries()) {
      if (!item) return undefined;
      const next = this.#checkItem(item, flow, { path: `${path}[${i}]`, i });
      if (!next) return undefined;
      flow = next;
    }
    return flow;
  }

  #checkBlock(block: Block, flow: Flow, path: string): Flow | undefined {
    return "length" in block
      ? this.checkList(block, flow, path)
      : this.#checkItem(block, flow, { path, i: 0 });
  }

  #checkItem(
    item: PipelineItem,
    flow: Flow,
    place: { readonly path: string; readonly i: number },
  ): Flow | undefined {
    const path = this.#itemPaths.get(item) ?? place.path;
    const producer = `"${itemName(item, place.i)}"`;
    if ("type" in item) {
      return this.#checkModule(item, flow, { path, producer });
    }
    if ("sequential" in item) {
      return this.checkList(item.sequential, flow, `${path}.sequential`);
    }
    const shapes = "branch" in item
      ? this.#checkPaths(item.branch, flow, path)
      : this.#checkResidual(item.residual, flow, path);
    const known = shapes.filter((shape) => shape !== undefined);
    if (known.length < shapes.length) return undefined;
    const { merge, axis = -1 } = "branch" in item
      ? item.branch
      : { merge: "add" as const };
    const merged = mergeShapes(known, { merge, axis });
    if (!merged) {
      this.unverified.add(path);
      return undefined;
    }
    if (!("wanted" in merged)) return { shape: merged, producer };
    const found = known.map(printShape).join(" and ");
    const message =
      `Found ${found} from the paths of ${producer}, wanted ${merged.wanted}`;
    this.#report({ code: "MERGE_SHAPE", path, message });
    return undefined;
  }

  #checkPaths(
    { paths }: BranchItem["branch"],
    flow: Flow,
    path: string,
  ): (SymbolicShape | undefined)[] {
    const isList = "length" in paths;
    return Object.entries(paths).map(([name, block]) => {
      const place = `${path}.branch.paths${isList ? `[${name}]` : `.${name}`}`;
      return this.#checkBlock(block, flow, place)?.shape;
    });
  }

  #checkResidual(
    block: Block,
    flow: Flow,
    path: string,
  ): (SymbolicShape | undefined)[] {
    return [
      flow.shape,
      this.#checkBlock(block, flow, `${path}.residual`)?.shape,
    ];
  }

  #checkModule(
    { type, config }: ModuleItem,
    { shape, producer: from }: Flow,
    { path, producer }: { readonly path: string; readonly producer: string },
  ): Flow | undefined {
    const code = "SHAPE_CHAIN_MISMATCH";
    const inferred = this.#infer(type, config, shape);
    if (inferred === undefined) this.unverified.add(path);
    else if (typeof inferred === "string") {
      this.#report({ code, path, message: inferred });
    } else if (!("wanted" in inferred)) return { shape: inferred, producer };
    else {
      const found = printShape(shape);
      const message =
        `Found ${found} from ${from}, wanted ${inferred.wanted} for ${producer}`;
      this.#report({ code, path, message });
    }
    return undefined;
  }

  /** What a module makes of a shape; the message if its own code failed. */
  #infer(type: string, config: object, shape: SymbolicShape) {
    try {
      return this.#registry.inferShape(type, config, [shape]);
    } catch (error) {
      if (isCoded(error)) return error.message;
      throw error;
    }
  }

  #report(issue: Issue): void {
    this.issues.set(`${issue.path} ${issue.message}`, issue);
  }
}
