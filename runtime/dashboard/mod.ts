/**
 * A page that shows a training while it runs, or what an event log tells of one: curves, plugins and what
 * they may touch, events, kernels, and the graph. It is served to this machine alone.
 *
 * @module
 */

export type { Clock } from "../../core/base/mod.ts";
export type { EventRecord, PluginEventBus } from "../../core/mod.ts";
export { announceTraining } from "./announce_training.ts";
export {
  type DescribedTraining,
  describeTraining,
} from "./describe_training.ts";
export { DashboardFeed, type Seen } from "./feed/dashboard_feed.ts";
export type { ModelViews } from "./feed/model_parts.ts";
export type { PluginFacts } from "./feed/plugin_table.ts";
export type { SeenCurves } from "./feed/run_progress.ts";
export type { SeenPoints } from "./feed/sampled_curve.ts";
export { followEcosystem, type ShownEcosystem } from "./follow_ecosystem.ts";
export { followLog, type FollowLogOptions } from "./follow_log.ts";
export { layoutGraph } from "./graph/layout_graph.ts";
export { svgOfGraph } from "./graph/svg_of_graph.ts";
export type {
  CurveGroup,
  CurvePart,
  Frame,
  GraphArrow,
  GraphBox,
  GraphView,
  KernelRow,
  KernelsView,
  LogRow,
  LogState,
  PermissionRow,
  PluginRow,
  RunState,
} from "./page/wire.ts";
export {
  type Dashboard,
  type DashboardOptions,
  serveDashboard,
} from "./serve_dashboard.ts";
