import { h, type VNode } from "preact";
import { el, nothing } from "./element.ts";
import type { Store } from "./store.ts";
import type { PermissionRow, PluginRow } from "./wire.ts";

/** What the tiers mean. */
const TIERS = {
  inline: "Runs inside the host: it may do whatever the host may.",
  worker: "Runs in a thread of the host, without its permissions.",
  process: "Runs in a process of its own that can be ended at any time.",
} as const;

/** What the states mean. */
const STATES = {
  active: "It is loaded, and works.",
  locked: "It is in the lockfile, and nothing of it runs.",
  failed: "It could not be loaded.",
  gone: "It was unloaded.",
} as const;

/**
 * Shows plugins, where they run and what they may touch.
 *
 * @param props What is known.
 * @returns The page.
 */
export function PluginsPage(
  { store: { plugins } }: { readonly store: Store },
): VNode {
  if (plugins.length === 0) {
    return nothing(
      "No plugins",
      "Load one with ",
      el("code", {}, "spiral train config.yaml --plugin ./plugin.ts --dash"),
      ", or lock one with ",
      el("code", {}, "spiral plugin add"),
      ".",
    );
  }
  return el(
    "div",
    { class: "cards" },
    plugins.map((plugin) => h(PluginCard, { plugin, key: plugin.id })),
  );
}

function PluginCard({ plugin }: { readonly plugin: PluginRow }): VNode {
  const { id, version, description, specifier, state, isolation } = plugin;
  const { permissions, contributions, limitsNotInForce, failure } = plugin;
  return el(
    "article",
    { class: "card plugin", "aria-label": `plugin ${id}` },
    el(
      "header",
      {},
      el("h2", { class: "mono" }, id, " ", el("small", {}, version)),
      el(
        "span",
        { class: "badges" },
        isolation &&
          el(
            "span",
            { class: `badge ${isolation}`, title: TIERS[isolation] },
            isolation,
          ),
        el("span", { class: `badge ${state}`, title: STATES[state] }, state),
      ),
    ),
    description && el("p", {}, description),
    specifier && el("p", { class: "mono muted source" }, specifier),
    failure && el("p", { class: "problem" }, failure),
    el("h3", {}, "Permissions"),
    permissions.length === 0
      ? el(
        "p",
        { class: "muted" },
        withoutPermissions(plugin),
      )
      : el("ul", { class: "permissions" }, permissions.map(permission)),
    contributions.length > 0 && el("h3", {}, "Brings"),
    contributions.length > 0 &&
      el(
        "ul",
        { class: "chips" },
        contributions.map((line) => el("li", { class: "mono" }, line)),
      ),
    limitsNotInForce.length > 0 &&
      el(
        "p",
        { class: "problem" },
        `This machine cannot hold it to: ${limitsNotInForce.join(", ")}.`,
      ),
  );
}

function withoutPermissions({ isolation, state }: PluginRow): string {
  if (isolation === "inline") {
    return "It shares those of the host: it was loaded inline.";
  }
  return state === "locked"
    ? "It was granted none."
    : "It asked for none, and has none.";
}

function permission({ resource, decision, rule }: PermissionRow): VNode {
  return el(
    "li",
    { class: decision },
    el("b", {}, decision),
    el("span", { class: "mono" }, resource),
    el("small", { class: "muted" }, rule),
  );
}
