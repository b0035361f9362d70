import { type ComponentChildren, Fragment, h, type VNode } from "preact";
import { useState } from "preact/hooks";
import { el, nothing } from "./element.ts";
import { count, duration } from "./format.ts";
import type { Store } from "./store.ts";
import type { LogRow } from "./wire.ts";

/** Most events that are drawn. */
const SHOWN_MAX = 200;

/**
 * Shows what was announced, the latest first.
 *
 * @param props What is known.
 * @returns The page.
 */
export function EventsPage({ store }: { readonly store: Store }): VNode {
  const [words, setWords] = useState("");
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [held, setHeld] = useState<readonly LogRow[] | null>(null);
  const all = held ?? store.rows;
  const found = all.filter((row) =>
    !hidden.has(row.type) && matches(row, words)
  );
  const shown = found.slice(-SHOWN_MAX).reverse();
  function toggle(type: string): void {
    const next = new Set(hidden);
    if (!next.delete(type)) next.add(type);
    setHidden(next);
  }
  return h(
    Fragment,
    {},
    el(
      "div",
      { class: "toolbar", role: "search" },
      el("input", {
        id: "filter",
        type: "search",
        value: words,
        placeholder: "Filter by type, source or content",
        "aria-label": "Filter events",
        onInput: ({ currentTarget }) => setWords(currentTarget.value),
      }),
      el(
        "button",
        {
          type: "button",
          "aria-pressed": held !== null,
          onClick: () => setHeld(held ? null : store.rows),
        },
        "Pause",
      ),
    ),
    el(
      "div",
      { class: "chips types", role: "group", "aria-label": "Types of event" },
      store.counts.map(([type, number]) =>
        el(
          "button",
          {
            type: "button",
            class: "chip",
            key: type,
            "aria-pressed": !hidden.has(type),
            onClick: () => toggle(type),
          },
          type,
          el("small", {}, count(number)),
        )
      ),
    ),
    shown.length > 0 ? eventTable(shown) : nothing(
      "No events",
      all.length === 0
        ? "Nothing was announced yet."
        : "None is like that: change the filter.",
    ),
    found.length > SHOWN_MAX && el(
      "p",
      { class: "muted" },
      `The latest ${count(SHOWN_MAX)} of ${count(found.length)} that are kept.`,
    ),
  );
}

function eventTable(rows: readonly LogRow[]): VNode {
  const names = ["Time", "Type", "Source", "Content"];
  return el(
    "div",
    { class: "card table" },
    el(
      "table",
      {},
      el(
        "thead",
        {},
        el("tr", {}, names.map((name) => el("th", { scope: "col" }, name))),
      ),
      el("tbody", {}, rows.map(eventRow)),
    ),
  );
}

function eventRow({ idx, elapsedMs, type, source, text }: LogRow): VNode {
  return el(
    "tr",
    { key: idx },
    el("td", { class: "number" }, duration(elapsedMs)),
    el("td", { class: "mono" }, type),
    el("td", { class: "mono muted" }, source),
    el("td", { class: "mono content" }, contentOf(text)),
  );
}

/** Names and values, where it is an object that was not clipped. */
function contentOf(text: string): ComponentChildren {
  let value: unknown;
  try {
    value = JSON.parse(text, rounded);
  } catch {
    return text;
  }
  if (typeof value !== "object" || value === null) return text;
  return Object.entries(value).map(([name, item]) =>
    el(
      "span",
      { class: "field", key: name },
      `${name} `,
      el("b", {}, typeof item === "string" ? item : JSON.stringify(item)),
    )
  );
}

/** Sixteen digits say no more than five. */
function rounded(_name: string, value: unknown): unknown {
  return typeof value === "number" ? Number(value.toPrecision(5)) : value;
}

function matches({ type, source, text }: LogRow, words: string): boolean {
  const content = `${type} ${source} ${text}`.toLowerCase();
  return words.toLowerCase().split(/\s+/).every((word) =>
    content.includes(word)
  );
}
