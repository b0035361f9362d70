// Not a test: a toy host with a loader, and a server for plugins given as source.

import { assertEquals, assertRejects } from "@std/assert";
import { PluginError } from "../errors.ts";
import type { PluginEvent } from "../events/event.ts";
import { createToyHost, type ToyHost } from "../sandbox/toy_host_test.ts";
import { toySdk } from "../sandbox/toy_sdk_test.ts";
import { DynamicPluginLoader } from "./loader.ts";
import type { DynamicPluginLoaderOptions } from "./loader_options.ts";

const FIXTURES = new URL("../../tests/fixtures/plugins/", import.meta.url);
export const MIB: number = 2 ** 20;

/** A host with a loader, and a server for plugins given as source. */
export interface LoaderHost extends ToyHost {
  readonly loader: DynamicPluginLoader;
  /** Puts a module, or `-> ` and where to go instead, on the server and returns its URL. */
  serve(name: string, source: string): string;
  /** What the server was asked for. */
  readonly asked: readonly string[];
  /** What the server has. */
  readonly origin: string;
}

export function createLoaderHost(
  options: Partial<DynamicPluginLoaderOptions> = {},
): LoaderHost {
  const host = createToyHost();
  const modules = new Map<string, string>();
  const asked: string[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async ({ url }) => {
      const { pathname } = new URL(url);
      asked.push(pathname);
      const source = modules.get(pathname) ?? await readFixture(pathname);
      if (source === undefined) return new Response("none", { status: 404 });
      if (source.startsWith("-> ")) {
        const location = source.slice(3);
        return new Response(null, { status: 307, headers: { location } });
      }
      const type = pathname.endsWith(".ts") ? "typescript" : "javascript";
      return new Response(source, {
        headers: { "content-type": `text/${type}` },
      });
    },
  );
  const loader = new DynamicPluginLoader({
    registry: host.registry,
    sandbox: async () => ({ sdk: await toySdk(), decoders: host.decoders }),
    baseUrl: FIXTURES,
    ...options,
  });
  const origin = `http://127.0.0.1:${server.addr.port}`;
  return {
    ...host,
    loader,
    asked,
    origin,
    serve(name, source) {
      modules.set(`/${name}`, source);
      return `${origin}/${name}`;
    },
    async [Symbol.asyncDispose]() {
      await loader[Symbol.asyncDispose]();
      await host[Symbol.asyncDispose]();
      await server.shutdown();
    },
  };
}

async function readFixture(pathname: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(new URL(`.${pathname}`, FIXTURES));
  } catch {
    return undefined;
  }
}

/** A module whose plugin has these members. */
export function plugin(id: string, members = ""): string {
  return `export default { metadata: { id: "${id}", version: "1.0.0" }, ${members} };`;
}

/** Loads what must fail, and checks that nothing of it is left. */
export async function loadFailure(
  host: LoaderHost,
  ...args: Parameters<DynamicPluginLoader["load"]>
): Promise<PluginError> {
  const error = await assertRejects(
    () => host.loader.load(...args),
    PluginError,
  );
  assertEquals(host.registry.listPlugins(), []);
  assertEquals([...host.entries], []);
  assertEquals(host.loader.reports(), []);
  return error;
}

/** The next event of a kind. */
export function nextEvent(
  { events }: ToyHost,
  kind: PluginEvent["kind"],
): Promise<PluginEvent> {
  return new Promise((resolve) => {
    events.subscribe(kind, resolve, { once: true });
  });
}

/** A file with a module, as a URL. */
export async function createModuleFile(
  source: string,
): Promise<{ readonly url: string } & AsyncDisposable> {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/mod.js`, source);
  return {
    url: `file://${folder}/mod.js`,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
