// A server of one plugin, for cases that count how often it is asked.

/** A server and the place of its plugin. */
export interface OnePluginServer extends AsyncDisposable {
  readonly url: string;
}

/** Serves the module that is made anew for each request. */
export function servePlugin(makeSource: () => string): OnePluginServer {
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  const headers = { "content-type": "text/javascript" };
  const server = Deno.serve(
    options,
    () => new Response(makeSource(), { headers }),
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/mod.js`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
