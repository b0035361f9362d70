import { type ComponentType, h, type VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { el, icon } from "./element.ts";
import { EventsPage } from "./events_page.ts";
import { GraphPage } from "./graph_page.ts";
import { Header, Help } from "./header.ts";
import { KernelsPage } from "./kernels_page.ts";
import { PluginsPage } from "./plugins_page.ts";
import { type Store, useStore } from "./store.ts";
import { applyTheme, nextTheme, readTheme } from "./theme.ts";
import { TrainingPage } from "./training_page.ts";

/** A page, and how it is named. */
interface Page {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly component: ComponentType<{ readonly store: Store }>;
}

/** The pages, by the keys 1 to 5. */
const PAGES: readonly Page[] = [
  {
    id: "training",
    name: "Training",
    path: "M4 4v16h16M7 14l4-5 4 3 5-7",
    component: TrainingPage,
  },
  {
    id: "plugins",
    name: "Plugins",
    path: "M9 3v5M15 3v5M6 8h12v4a6 6 0 0 1-12 0ZM12 18v3",
    component: PluginsPage,
  },
  {
    id: "events",
    name: "Events",
    path: "M4 6h16M4 12h10M4 18h13",
    component: EventsPage,
  },
  {
    id: "kernels",
    name: "Kernels",
    path:
      "M7 7h10v10H7ZM10 3v4M14 3v4M10 17v4M14 17v4M3 10h4M3 14h4M17 10h4M17 14h4",
    component: KernelsPage,
  },
  {
    id: "graph",
    name: "Graph",
    path: "M9 4h6v5H9ZM3 15h6v5H3ZM15 15h6v5h-6ZM12 9v3M6 15v-3h12v3",
    component: GraphPage,
  },
];

/**
 * The whole page.
 *
 * @param props What is known.
 * @returns The page.
 */
export function App({ store }: { readonly store: Store }): VNode {
  useStore(store);
  const [page, setPage] = useState(pageOfAddress);
  const [theme, setTheme] = useState(readTheme);
  const help = useRef<HTMLDialogElement>(null);
  const changeTheme = () => setTheme(nextTheme);
  const showHelp = () => help.current?.showModal();
  useEffect(() => applyTheme(theme), [theme]);
  useEffect(() => {
    const onHash = () => setPage(pageOfAddress());
    addEventListener("hashchange", onHash);
    return () => removeEventListener("hashchange", onHash);
  }, []);
  useKeys({
    t: changeTheme,
    "?": showHelp,
    "/": () => {
      location.hash = "events";
      setPage(pageOfAddress);
      requestAnimationFrame(() => document.getElementById("filter")?.focus());
    },
    ...Object.fromEntries(
      PAGES.map(({ id }, i) => [i + 1, () => void (location.hash = id)]),
    ),
  });
  useEffect(() => {
    document.title = `${page.name} · ${store.title || "SpiralTorch"}`;
  }, [page, store.title]);
  return el(
    "div",
    { class: "frame" },
    el("a", {
      class: "skip",
      href: "#main",
      onClick: (event) => {
        event.preventDefault();
        document.getElementById("main")?.focus();
      },
    }, "Skip to content"),
    navigation(page),
    el(
      "main",
      { id: "main", tabIndex: -1 },
      h(Header, {
        store,
        name: page.name,
        theme,
        onTheme: changeTheme,
        onHelp: showHelp,
      }),
      h(page.component, { store, key: page.id }),
    ),
    h(Help, { place: help }),
  );
}

function navigation(current: Page): VNode {
  return el(
    "nav",
    { "aria-label": "Pages" },
    el(
      "div",
      { class: "brand" },
      el("img", { src: "/page/icon.svg", alt: "", width: 28, height: 28 }),
      "SpiralTorch",
    ),
    PAGES.map((page) =>
      el(
        "a",
        {
          href: `#${page.id}`,
          "aria-current": page === current ? "page" : undefined,
        },
        icon(page.path),
        el("span", {}, page.name),
      )
    ),
  );
}

/** Does what keys stand for, but where somebody types. */
function useKeys(actions: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event) || !Object.hasOwn(actions, event.key)) return;
      event.preventDefault();
      actions[event.key]!();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

function pageOfAddress(): Page {
  return PAGES.find(({ id }) => `#${id}` === location.hash) ?? PAGES[0]!;
}

function isTyping(
  { target, ctrlKey, metaKey, altKey }: KeyboardEvent,
): boolean {
  return ctrlKey || metaKey || altKey || target instanceof HTMLInputElement;
}
