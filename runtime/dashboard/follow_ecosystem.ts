import {
  assertInstance,
  assertMethods,
  optionsOf,
} from "../../core/base/mod.ts";
import type { Ecosystem } from "../ecosystem.ts";
import { DashboardFeed } from "./feed/dashboard_feed.ts";
import type { PluginFacts } from "./feed/plugin_table.ts";

/** What of an ecosystem is shown. */
export type ShownEcosystem = Pick<Ecosystem, "events" | "plugins" | "loader">;

/**
 * Shows what happens in an ecosystem from now on: its events, its plugins and what they may touch.
 *
 * @param feed Where it is shown.
 * @param ecosystem The ecosystem. What was decided about plugins before is not known.
 * @returns Ends it; what has been shown stays.
 * @throws {OptionError} `INVALID_OPTION` if one is none.
 */
export function followEcosystem(
  feed: DashboardFeed,
  ecosystem: ShownEcosystem,
): Disposable {
  assertInstance("followEcosystem feed", feed, DashboardFeed);
  const { events, plugins, loader } = optionsOf<ShownEcosystem>(
    "followEcosystem",
    ecosystem,
  );
  assertMethods("followEcosystem plugins", plugins, "listPlugins", "get");
  assertMethods("followEcosystem loader", loader, "reports");
  feed.followPlugins(() => {
    const reports = new Map(
      loader.reports().map((report) => [report.pluginId, report]),
    );
    return plugins.listPlugins().flatMap((id): PluginFacts[] => {
      const handle = plugins.get(id);
      if (!handle) return [];
      const { version, metadata, isolation } = handle;
      const { specifier = "", limitsNotInForce = [] } = reports.get(id) ?? {};
      return [{
        id,
        version,
        description: metadata.description ?? "",
        specifier,
        state: "active",
        isolation,
        contributions: handle.contributions(),
        limitsNotInForce,
      }];
    });
  });
  return feed.listen(events);
}
