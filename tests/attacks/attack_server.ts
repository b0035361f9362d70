// The server that attacks are served from, and that nothing of them may reach.

/** What the server answers, by path; what is not here counts as a hit. */
export type Routes = (path: string, origin: string) => Response | undefined;

const SCRIPT = { "content-type": "text/javascript" };
/** More than the modules of a plugin may have together. */
const BOMB_BYTES = 64 * 2 ** 20;

/** The answers that cases are made of. */
export function attackRoutes(linked: string): Routes {
  return (path, origin) => {
    const [, number] = /^\/chain\/(\d+)\.js$/.exec(path) ?? [];
    if (number !== undefined) {
      const source = `import "./${Number(number) + 1}.js"; export default 1;`;
      return new Response(source, { headers: SCRIPT });
    }
    const answer = ANSWERS[path];
    if (answer !== undefined) return answer(origin);
    if (path !== "/linked.js") return undefined;
    const permissions = JSON.stringify({ read: [linked] });
    const source = `export default {
      metadata: { id: "attack", version: "1.0.0", permissions: ${permissions} },
    };`;
    return new Response(source, { headers: SCRIPT });
  };
}

/** A plugin that tells what it sees of the place where it runs. */
const LOOKS_AROUND = `export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad({ log }) {
    const seen = [Deno.cwd(), Deno.mainModule, new Error("x").stack];
    log.info("contained: " + JSON.stringify(seen));
  },
};`;

const ANSWERS: Readonly<Record<string, (origin: string) => Response>> = {
  "/elsewhere.js": (origin) =>
    redirect(origin.replace("127.0.0.1", "localhost") + "/stolen.js"),
  "/file.js": () => redirect("file:///etc/passwd"),
  "/circle.js": () => redirect("/circle.js"),
  "/info.js": () => text(LOOKS_AROUND, "text/javascript"),
  "/page.js": () => text("<p>", "text/html"),
  "/data.js": () => text("{}", "application/json"),
  "/wide.js": () => text("1", "text/javascript; charset=utf-16"),
  "/untyped.js": () => new Response(Uint8Array.of(49)),
  "/endless.js": () =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(2 ** 16)),
      }),
      { headers: SCRIPT },
    ),
  "/gzip.js": () =>
    new Response(zeros().pipeThrough(new CompressionStream("gzip")), {
      headers: { ...SCRIPT, "content-encoding": "gzip" },
    }),
};

function redirect(location: string): Response {
  return new Response(null, { status: 302, headers: { location } });
}

function text(body: string, type: string): Response {
  return new Response(body, { headers: { "content-type": type } });
}

/** A body that packs well. */
function zeros(): ReadableStream<Uint8Array<ArrayBuffer>> {
  let left = BOMB_BYTES;
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close();
      left -= 2 ** 20;
      controller.enqueue(new Uint8Array(2 ** 20));
    },
  });
}
