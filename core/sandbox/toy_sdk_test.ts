// Not a test: the library as the sandboxes of tests get it, made from tests/fixtures/toy_sdk.

import { stripTypeScriptTypes } from "node:module";
import { init, parse } from "es-module-lexer";
import type { GuestGraph, GuestSdk } from "./guest_graph.ts";

const ROOT = new URL("../../", import.meta.url);

/** Reads the toy library: every module its main module and its entry reach, without types. */
export async function toySdk(): Promise<GuestSdk> {
  await init;
  const main = "sdk:///tests/fixtures/toy_sdk/main.ts";
  const entry = "sdk:///tests/fixtures/toy_sdk/plugin.ts";
  const modules = new Map<string, string>();
  async function visit(url: string): Promise<void> {
    if (modules.has(url)) return;
    const file = new URL(`.${new URL(url).pathname}`, ROOT);
    const source = stripTypeScriptTypes(await Deno.readTextFile(file));
    modules.set(url, source);
    for (const { n: specifier } of parse(source)[0]) {
      if (specifier) await visit(new URL(specifier, url).href);
    }
  }
  await visit(main);
  await visit(entry);
  return { entry, main, modules };
}

/** A plugin of one module, from its JavaScript. */
export function toyGraph(source: string): GuestGraph {
  const entry = "https://plugins.test/mod.js";
  return {
    entry,
    modules: new Map([[entry, source]]),
    typed: new Set(),
    aliases: new Map(),
  };
}
