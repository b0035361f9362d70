import type { VNode } from "preact";
import { el, icon } from "./element.ts";
import { count, duration } from "./format.ts";
import type { Store } from "./store.ts";
import type { Theme } from "./theme.ts";
import type { RunState } from "./wire.ts";

/** What each key does, for the help. */
const SHORTCUTS: readonly (readonly [key: string, does: string])[] = [
  ["1 – 5", "go to a page"],
  ["/", "filter events"],
  ["t", "change the theme"],
  ["?", "show this help"],
];

/** A disc, half of it dark. */
const THEME_ICON =
  "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18ZM12 3v18M12 8h7M12 13h8M12 18h5";

const STATUS = {
  waiting: "Waiting",
  training: "Training",
  completed: "Completed",
  stopped: "Stopped early",
  aborted: "Interrupted",
} as const;

/** What stands above every page. */
export interface HeaderProps {
  /** What is known. */
  readonly store: Store;
  /** Name of the page. */
  readonly name: string;
  /** The theme in force. */
  readonly theme: Theme;
  /** Changes the theme. */
  readonly onTheme: () => void;
  /** Shows the help. */
  readonly onHelp: () => void;
}

/**
 * Shows what page it is, how training stands, and the buttons of all pages.
 *
 * @param props What is shown.
 * @returns The element.
 */
export function Header(
  { store, name, theme, onTheme, onHelp }: HeaderProps,
): VNode {
  const { run, connection, title } = store;
  const status = run?.status ?? "waiting";
  return el(
    "header",
    { class: "top" },
    el(
      "div",
      {},
      el("h1", {}, name),
      el("p", { class: "muted" }, title || " "),
    ),
    el(
      "div",
      { class: "controls" },
      connection === "open"
        ? el(
          "span",
          { class: `status ${status}`, role: "status" },
          STATUS[status],
        )
        : el(
          "span",
          { class: "status lost", role: "status" },
          connection === "lost" ? "Disconnected" : "Connecting",
        ),
      el(
        "span",
        { class: "muted time" },
        run && run.elapsedMs > 0 ? duration(run.elapsedMs) : "",
      ),
      el(
        "button",
        {
          type: "button",
          class: "theme",
          title: "Change the theme (t)",
          "aria-label": `Theme: ${theme}`,
          onClick: onTheme,
        },
        icon(THEME_ICON),
        el("span", {}, theme),
      ),
      el(
        "button",
        {
          type: "button",
          "aria-label": "Keyboard shortcuts",
          title: "Keyboard shortcuts (?)",
          onClick: onHelp,
        },
        "?",
      ),
    ),
    el("progress", {
      "aria-label": "Progress of training",
      max: run?.epochs ?? 1,
      value: run?.epochs ? doneEpochs(run) : 0,
      title: run?.epochs
        ? `Epoch ${count(run.epoch)} of ${count(run.epochs)}`
        : undefined,
    }),
  );
}

/** The pass under way does not count. */
function doneEpochs(
  { status, epoch }: RunState,
): number {
  return status === "training" ? epoch - 1 : epoch;
}

/**
 * Lists what keys do.
 *
 * @param props Where the dialog can be found.
 * @returns The dialog, which is closed.
 */
export function Help(
  { place }: { readonly place: { current: HTMLDialogElement | null } },
): VNode {
  return el(
    "dialog",
    { ref: place, "aria-labelledby": "help" },
    el("h2", { id: "help" }, "Keyboard shortcuts"),
    el(
      "dl",
      {},
      SHORTCUTS.map(([key, does]) => [
        el("dt", {}, el("kbd", {}, key)),
        el("dd", {}, does),
      ]),
    ),
    el(
      "form",
      { method: "dialog" },
      el("button", { autofocus: true }, "Close"),
    ),
  );
}
