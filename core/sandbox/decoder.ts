import type { Json } from "../base/mod.ts";
import type { PointName } from "./messages.ts";
import type { Reply } from "./session.ts";

/** Functions that a sandboxed plugin handed out, as the host sees them. */
export interface Remote {
  /**
   * Calls one of them.
   *
   * @param handle Its number, from the data of the contribution.
   * @param args Plain data.
   * @param bytes The bytes that go with it.
   * @returns What it returned.
   * @throws {PluginError} `PLUGIN_THREW` if the function failed, `SANDBOX_CALL_TIMEOUT` if it took
   * too long, `SANDBOX_DIED` if its process is gone, `MESSAGE_INVALID` if `args` is not plain data.
   */
  call(
    handle: number,
    args: Json,
    bytes?: Uint8Array<ArrayBuffer>,
  ): Promise<Reply>;
  /** Is aborted when the plugin is unloaded: what it brought may not be used any more. */
  readonly signal?: AbortSignal;
}

/**
 * Makes a contribution from what a guest's encoder sent. The data is foreign: it is plain, and
 * nothing else is known of it.
 *
 * @param data What the encoder returned.
 * @param bytes The bytes that went with it.
 * @param remote The functions that the encoder handed out.
 * @returns What is registered at the host.
 */
export type Decoder = (
  data: Json,
  bytes: Uint8Array<ArrayBuffer>,
  remote: Remote,
) => object;

/** For each point that sandboxed plugins may add to, how its entries are read. */
export type Decoders = { readonly [Point in PointName]?: Decoder };
