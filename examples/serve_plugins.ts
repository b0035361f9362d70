/** A server of plugins, until it is disposed. */
export interface PluginServer extends AsyncDisposable {
  /** Where it serves, with a slash at the end. */
  readonly url: string;
}

/**
 * Serves a folder of plugins on this machine only.
 *
 * @param folder The folder.
 * @returns The server.
 */
export function servePlugins(folder: URL): PluginServer {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const name = new URL(request.url).pathname.slice(1);
      // One flat folder: nothing above or below it can be asked for.
      if (!/^[a-z_]+\.ts$/.test(name)) {
        return new Response("Not found", { status: 404 });
      }
      try {
        return new Response(await Deno.readTextFile(new URL(name, folder)), {
          headers: { "content-type": "application/typescript" },
        });
      } catch {
        return new Response("Not found", { status: 404 });
      }
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
