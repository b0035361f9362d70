// The plugins that are measured, on a server of this machine.

/** A server of plugins, and where they are. */
export interface PluginServer extends AsyncDisposable {
  /**
   * Names a plugin.
   *
   * @param index Which one: no two share a module.
   */
  readonly urlOf: (index: number) => string;
}

/** A small plugin in TypeScript, of two modules, that offers one service. */
const MODULES: Readonly<Record<string, (id: string) => string>> = {
  "mod.ts": (id) =>
    `import { definePlugin, type Plugin } from "@spiraltorch/spiraltorch/plugin";
import { double } from "./double.ts";

const plugin: Plugin = definePlugin({
  metadata: { id: "${id}", version: "1.0.0" },
  onLoad({ services }) {
    services.provide("double", { double });
  },
});
export default plugin;
`,
  "double.ts": (id) =>
    `/** What ${id} does. */
export function double(x: number): number {
  return 2 * x;
}
`,
};

/** Serves as many plugins as are asked for. */
export function servePlugins(): PluginServer {
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  const server = Deno.serve(options, ({ url }) => {
    const [, id = "", name = ""] = new URL(url).pathname.split("/");
    const source = MODULES[name]?.(id);
    if (source === undefined) return new Response(null, { status: 404 });
    const headers = { "content-type": "application/typescript" };
    return new Response(source, { headers });
  });
  return {
    urlOf: (index) =>
      `http://127.0.0.1:${server.addr.port}/plugin${index}/mod.ts`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
