import { escapeMarkup } from "../../../core/base/mod.ts";
import type { PrintGraphOptions, Tensor } from "../../../ops/mod.ts";
import type { GraphArrow, GraphBox } from "../page/wire.ts";
import { layoutGraph } from "./layout_graph.ts";

/** Colors of the system's theme, where the viewer knows it. */
const STYLE = `
  svg { background: #ffffff; font-family: system-ui, sans-serif; }
  rect { fill: #ffffff; stroke: #5b4de0; stroke-width: 1.5; }
  .given rect { fill: #f0f1f8; stroke: #c9cde0; }
  .result rect { fill: #ecebff; stroke-width: 2.5; }
  path { fill: none; stroke: #8a90a8; stroke-width: 1.4; }
  text { fill: #171b2d; text-anchor: middle; font-size: 13px; font-weight: 600; }
  .detail { fill: #535b75; font-size: 11px; font-weight: 400; }
  @media (prefers-color-scheme: dark) {
    svg { background: #0c0e17; }
    rect { fill: #141826; stroke: #9b90ff; }
    .given rect { fill: #1c2133; stroke: #3a4160; }
    .result rect { fill: #25234a; }
    text { fill: #e9ebf5; }
    .detail { fill: #9aa2bd; }
  }
`;

/**
 * Draws what tensors are computed by as SVG, and computes nothing. It is light or dark as the system is.
 *
 * @example A picture
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { svgOfGraph } from "@spiraltorch/spiraltorch/dashboard";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const x = tensor([1, 2]);
 * assertStringIncludes(svgOfGraph([x.exp()], { names: { x } }), ">exp</text>");
 * ```
 *
 * @param tensors The tensors.
 * @param options Names of tensors.
 * @returns A document.
 * @throws {OptionError} `INVALID_OPTION` if it is no list of tensors.
 */
export function svgOfGraph(
  tensors: readonly Tensor[],
  options?: PrintGraphOptions,
): string {
  const { width, height, boxes, arrows } = layoutGraph(tensors, options);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<style>${STYLE}</style>`,
    ...arrows.map(arrowSvg),
    ...boxes.map(boxSvg),
    "</svg>",
    "",
  ].join("\n");
}

function arrowSvg({ path }: GraphArrow): string {
  return `<path d="${path}"/>`;
}

function boxSvg(
  { label, detail, kind, x, y, width, height }: GraphBox,
): string {
  const middle = width / 2;
  return [
    `<g class="${kind}" transform="translate(${x} ${y})">`,
    `<rect width="${width}" height="${height}" rx="8"/>`,
    `<text x="${middle}" y="20">${escapeMarkup(label)}</text>`,
    `<text x="${middle}" y="36" class="detail">${escapeMarkup(detail)}</text>`,
    "</g>",
  ].join("");
}
