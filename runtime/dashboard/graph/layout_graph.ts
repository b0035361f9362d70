import { printable } from "../../../core/base/mod.ts";
import {
  type GraphLine,
  graphLines,
  type PrintGraphOptions,
  type Tensor,
} from "../../../ops/mod.ts";
import type { GraphBox, GraphView } from "../page/wire.ts";
import { arrangeLayers } from "./arrange_layers.ts";

const SPACING = { boxHeight: 46, gap: 22, layerGap: 34, margin: 12 };
/** Widths of a character in the two lines of a box, and what is left free beside them. */
const LABEL_WIDTH = 8.3;
const DETAIL_WIDTH = 6.4;
const PADDING = 22;
const LENGTH_MAX = 44;

/**
 * Lays out what tensors are computed by, to be drawn from top to bottom. Nothing is computed.
 *
 * @example Two boxes and an arrow
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { layoutGraph } from "@spiraltorch/spiraltorch/dashboard";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const x = tensor([1, 2]);
 * const { boxes, arrows } = layoutGraph([x.exp()], { names: { x } });
 * assertEquals(boxes.map(({ label }) => label), ["x", "exp"]);
 * assertEquals(arrows.map(({ from, to }) => [from, to]), [[0, 1]]);
 * ```
 *
 * @param tensors The tensors.
 * @param options Names of tensors.
 * @returns Where everything is.
 * @throws {OptionError} `INVALID_OPTION` if it is no list of tensors.
 */
export function layoutGraph(
  tensors: readonly Tensor[],
  options?: PrintGraphOptions,
): GraphView {
  const { lines, results } = graphLines("layoutGraph", tensors, options);
  const places = new Map(lines.map(({ name }, i) => [name, i]));
  const content = lines.map((line) => contentOf(line, { places, results }));
  const { corners, arrows, ...size } = arrangeLayers(
    lines.map(({ inputs }, i) => ({
      width: widthOf(content[i]!),
      inputs: inputs.flatMap((name) => places.get(name) ?? []),
    })),
    SPACING,
  );
  const boxes = content.map((box, i) => ({
    ...box,
    x: corners[i]![0],
    y: corners[i]![1],
    width: widthOf(box),
    height: SPACING.boxHeight,
  }));
  return {
    ...size,
    boxes,
    arrows: arrows.map(({ from, to, points }) => ({
      from,
      to,
      path: curveThrough(points),
    })),
  };
}

/** What stands in a box. */
type Content = Pick<GraphBox, "label" | "detail" | "kind">;

function contentOf(
  { name, what, type, inputs }: GraphLine,
  { places, results }: {
    readonly places: ReadonlyMap<string, number>;
    readonly results: readonly string[];
  },
): Content {
  const [, operator = what, settings = ""] = /^([^[]+)\[(.*)\]$/s.exec(what) ??
    [];
  // A number has no box of its own.
  const numbers = inputs.filter((input) => !places.has(input));
  const parts = [type, settings, ...numbers].filter((part) => part !== "");
  return {
    label: printable(what === "input" ? name : operator, LENGTH_MAX),
    detail: printable(parts.join(" "), LENGTH_MAX),
    kind: results.includes(name)
      ? "result"
      : inputs.length === 0
      ? "given"
      : "call",
  };
}

function widthOf({ label, detail }: Content): number {
  const text = Math.max(
    label.length * LABEL_WIDTH,
    detail.length * DETAIL_WIDTH,
  );
  return Math.round(text + PADDING);
}

/** Smooth from point to point: each bend is upright at both of its ends. */
function curveThrough(
  points: readonly (readonly [x: number, y: number])[],
): string {
  const [[startX, startY] = [0, 0], ...others] = points;
  let path = `M${startX} ${startY}`;
  let y = startY;
  let x = startX;
  for (const [toX, toY] of others) {
    const middle = (y + toY) / 2;
    path += `C${x} ${middle} ${toX} ${middle} ${toX} ${toY}`;
    x = toX;
    y = toY;
  }
  return path;
}
