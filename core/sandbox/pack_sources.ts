import type { Json } from "../base/mod.ts";
import type { GuestSdk, SharedGraph } from "./guest_graph.ts";
import { SDK_SPECIFIER } from "./sdk_specifier.ts";

/**
 * Packs the modules of plugins and of the library into the one message that a bootstrap waits for.
 *
 * @param graph The plugins' modules.
 * @param sdk The library's modules.
 * @returns The list of modules with their lengths, and their sources end to end.
 */
export function packSources(
  graph: SharedGraph,
  sdk: GuestSdk,
): { readonly header: Json; readonly bytes: Uint8Array<ArrayBuffer> } {
  const encoder = new TextEncoder();
  const sources = [...sdk.modules, ...graph.modules].map(([url, source]) => ({
    url,
    bytes: encoder.encode(source),
  }));
  const length = sources.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const packed = new Uint8Array(length);
  let at = 0;
  for (const { bytes } of sources) {
    packed.set(bytes, at);
    at += bytes.length;
  }
  const header = {
    modules: sources.map(({ url, bytes }) => [url, bytes.length]),
    typed: [...graph.typed],
    aliases: [...graph.aliases],
    sdkPattern: SDK_SPECIFIER.source,
    sdkUrls: [...sdk.urls ?? []],
    entries: [...graph.entries],
    sdkEntry: sdk.entry,
    main: sdk.main,
  };
  return { header, bytes: packed };
}
