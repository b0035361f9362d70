import type { Clock } from "../../base/mod.ts";
import type { ControlOptions } from "../policy/control_options.ts";

/** The permissions that the host serves itself. */
export const GATE_KINDS = ["fetch", "files", "send"] as const;

/** One of them. */
export type GateKind = typeof GATE_KINDS[number];

/** What the host's services for plugins are made with. */
export interface OwnServiceOptions
  extends Pick<ControlOptions, "audit" | "policy"> {
  /** Where time comes from. */
  readonly clock: Clock;
}
