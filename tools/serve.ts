/**
 * Serves the sources to this machine, so that programs in other folders can import the library and load
 * its example plugins by URL.
 *
 * `deno task serve`
 *
 * @module
 */
import { ROOT } from "./project_files.ts";

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript",
  json: "application/json",
  md: "text/markdown; charset=utf-8",
  svg: "image/svg+xml",
  ts: "application/typescript",
};

/** Paths of sources: nothing that is hidden, and nothing above the folder. */
const PATH = /^(\/\w[\w.-]*)+\.(css|html|js|json|md|svg|ts)$/;

/**
 * Serves the sources.
 *
 * @param port The port; a free one for 0.
 * @returns The server, for the caller to dispose.
 */
export function serveSources(port: number): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve(
    { hostname: "127.0.0.1", port, onListen() {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      const type = PATH.exec(pathname)?.at(-1);
      if (type === undefined) return notFound();
      try {
        const text = await Deno.readTextFile(new URL(`.${pathname}`, ROOT));
        return new Response(text, {
          headers: { "content-type": TYPES[type]! },
        });
      } catch {
        return notFound();
      }
    },
  );
}

function notFound(): Response {
  return new Response("Not found", { status: 404 });
}

if (import.meta.main) {
  const { addr } = serveSources(8000);
  const text = `Serving the sources at http://localhost:${addr.port}/\n`;
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}
