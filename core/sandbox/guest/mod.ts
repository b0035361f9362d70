/**
 * The half of the sandbox that runs inside it. It touches no platform, so that its sources can be
 * handed to a locked-down process as they are.
 *
 * @module
 */

export type { GuestChannel } from "./channel.ts";
export type {
  EncodedContribution,
  Encoder,
  Encoders,
  Finder,
  Finders,
  RemoteExposer,
  RemoteFunction,
  RemoteResult,
} from "./encoder.ts";
export { type PluginExport, readPluginExport } from "./plugin_export.ts";
export { type GuestOptions, serveGuest } from "./serve_guest.ts";
export type {
  GuestMessage,
  GuestPlugin,
  HookName,
  HostMessage,
  PluginMessage,
  PointName,
} from "../messages.ts";
export type { WireError } from "../wire_error.ts";
