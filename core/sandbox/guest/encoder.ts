import type { Json } from "../../base/mod.ts";
import type { PointName } from "../messages.ts";

/** A contribution on its way to the host: data, and functions only as handles. */
export interface EncodedContribution {
  /** What the host's decoder is given. */
  readonly data: Json;
  /** The bytes that go with it. */
  readonly bytes?: Uint8Array;
}

/** What a function that was handed out returns. */
export interface RemoteResult {
  /** Plain data. */
  readonly value: Json;
  /** The bytes that go with it. */
  readonly bytes?: Uint8Array;
}

/** A function that the host may call. */
export type RemoteFunction = (
  args: Json,
  bytes: Uint8Array<ArrayBuffer>,
) => RemoteResult | Promise<RemoteResult>;

/** Hands functions out to the host. */
export interface RemoteExposer {
  /**
   * Makes a function callable from the host for as long as the plugin lives.
   *
   * @param fn The function.
   * @returns Its handle, to be put into the contribution's data.
   */
  expose(fn: RemoteFunction): number;
}

/**
 * Turns what a plugin registers into data. Whatever it throws reaches the plugin at the call.
 *
 * @param definition What the plugin registers.
 * @param remote Hands out functions that have to stay in the sandbox.
 * @returns What is sent.
 */
export type Encoder = (
  definition: object,
  remote: RemoteExposer,
) => EncodedContribution;

/** For each point that plugins may add to, how its entries are written. */
export type Encoders = { readonly [Point in PointName]?: Encoder };

/**
 * Makes what stands for a contribution of the host or of another plugin. The host cannot be asked at
 * once, so whether the name exists shows when what stands for it is put to use.
 *
 * @param name Name of the contribution.
 * @returns What stands for it.
 */
export type Finder = (name: string) => object;

/** For each point that plugins may look into, what stands for its entries. */
export type Finders = { readonly [Point in PointName]?: Finder };
