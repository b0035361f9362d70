import { stripTypeScriptTypes } from "node:module";
import type { GuestSdk } from "../core/mod.ts";
import { GUEST_SOURCES } from "./guest_sources.ts";

/** Modules of the library have URLs of their own in a sandbox, whatever they were loaded from. */
const BASE = "spiraltorch:///";

/**
 * Makes the library as a sandbox gets it: plain JavaScript, without what touches files, devices or
 * backends.
 *
 * @returns The modules.
 */
export async function makeGuestSdk(): Promise<GuestSdk> {
  const modules = await Promise.all(
    Object.entries(GUEST_SOURCES).map(async ([path, load]) => {
      const { default: source } = await load();
      return [BASE + path, stripTypeScriptTypes(source)] as const;
    }),
  );
  return {
    entry: `${BASE}runtime/plugin/mod.ts`,
    urls: [import.meta.resolve("./plugin/mod.ts")],
    main: `${BASE}runtime/guest/main.ts`,
    modules: new Map(modules),
  };
}
