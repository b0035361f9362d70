import { type ComponentChild, Fragment, h, type VNode } from "preact";
import { useMemo, useState } from "preact/hooks";
import { el, nothing } from "./element.ts";
import type { Store } from "./store.ts";
import type { GraphArrow, GraphBox, GraphView } from "./wire.ts";

const ZOOM_STEP = 1.25;
const ZOOM_MIN = 0.2;
const ZOOM_MAX = 3;

/**
 * Shows what a model computes, operator by operator.
 *
 * @param props What is known.
 * @returns The page.
 */
export function GraphPage(
  { store: { graph } }: { readonly store: Store },
): ComponentChild {
  // The same element is not drawn again when something else has changed.
  return useMemo(
    () =>
      graph ? h(Drawing, { graph }) : nothing(
        "No graph",
        "It is drawn where a model is at hand: ",
        el("code", {}, "spiral train config.yaml"),
        " with ",
        el("code", {}, "--dash"),
        " or ",
        el("code", {}, "--log"),
        ".",
      ),
    [graph],
  );
}

function Drawing({ graph }: { readonly graph: GraphView }): VNode {
  const [zoom, setZoom] = useState(1);
  return h(
    Fragment,
    {},
    el(
      "div",
      { class: "toolbar" },
      zoomButton(
        "Smaller",
        "−",
        () => setZoom(Math.max(ZOOM_MIN, zoom / ZOOM_STEP)),
      ),
      zoomButton(
        "Larger",
        "+",
        () => setZoom(Math.min(ZOOM_MAX, zoom * ZOOM_STEP)),
      ),
      zoomButton("1:1, as it was", "1:1", () => setZoom(1)),
      el("span", { class: "muted" }, `${graph.boxes.length} boxes`),
    ),
    el(
      "div",
      {
        class: "card graph",
        // Whoever has no pointer scrolls it by the arrow keys.
        tabIndex: 0,
        role: "region",
        "aria-label": "Graph",
      },
      h(Picture, { graph, zoom }),
    ),
    el(
      "details",
      { class: "card list" },
      el("summary", {}, "As a list"),
      el("ol", { class: "mono" }, listOf(graph)),
    ),
  );
}

function Picture(
  { graph, zoom }: { readonly graph: GraphView; readonly zoom: number },
): VNode {
  const [pointed, setPointed] = useState<number | null>(null);
  const { width, height, boxes, arrows } = graph;
  const isNear = ({ from, to }: GraphArrow) =>
    from === pointed || to === pointed;
  const near = new Set(
    arrows.filter(isNear).flatMap(({ from, to }) => [from, to]),
  );
  const isFar = (i: number) =>
    pointed !== null && i !== pointed && !near.has(i);
  return el(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      width: width * zoom,
      height: height * zoom,
      role: "img",
      "aria-label": `Graph of ${boxes.length} boxes; a list follows`,
    },
    arrows.map((arrow) =>
      el("path", {
        class: isNear(arrow) ? "arrow near" : "arrow",
        d: arrow.path,
      })
    ),
    boxes.map((box, i) =>
      el(
        "g",
        {
          class: `box ${box.kind}${isFar(i) ? " far" : ""}`,
          transform: `translate(${box.x} ${box.y})`,
          onMouseEnter: () => setPointed(i),
          onMouseLeave: () => setPointed(null),
        },
        ...boxContent(box),
      )
    ),
  );
}

function listOf({ boxes, arrows }: GraphView): VNode[] {
  return boxes.map(({ label, detail }, i) => {
    const inputs = arrows.filter(({ to }) => to === i)
      .map(({ from }) => boxes[from]!.label);
    const of = inputs.length > 0 ? ` of ${inputs.join(", ")}` : "";
    return el("li", {}, `${label} ${detail}${of}`);
  });
}

function boxContent({ label, detail, width, height }: GraphBox): VNode[] {
  return [
    el("title", {}, `${label} ${detail}`),
    el("rect", { width, height, rx: 8 }),
    el("text", { x: width / 2, y: 20, class: "label" }, label),
    el("text", { x: width / 2, y: 36, class: "detail" }, detail),
  ];
}

function zoomButton(name: string, text: string, onClick: () => void): VNode {
  return el("button", { type: "button", "aria-label": name, onClick }, text);
}
