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
    const [, hop] = /^\/hop\/(\d)\.js$/.exec(path) ?? [];
    if (hop !== undefined) {
      // The last of four leads to a plugin.
      return redirect(hop === "3" ? "/info.js" : `/hop/${Number(hop) + 1}.js`);
    }
    if (path.startsWith("/fan/")) return text("", "text/javascript");
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

/** More modules than a graph may have. */
const MODULES = 10_000;

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
  "/port.js": (origin) => redirect(`${origin.slice(0, -1)}/stolen.js`),
  "/data.url.js": () => redirect("data:text/javascript,export default 1"),
  "/script.js": () => redirect("javascript:1"),
  "/file.js": () => redirect("file:///etc/passwd"),
  "/circle.js": () => redirect("/circle.js"),
  "/info.js": () => text(LOOKS_AROUND, "text/javascript"),
  "/page.js": () => text("<p>", "text/html"),
  "/data.js": () => text("{}", "application/json"),
  "/wide.js": () => text("1", "text/javascript; charset=utf-16"),
  "/wasm.js": () => text("\0asm\u0001\0\0\0", "application/wasm"),
  "/broken.js": () =>
    new Response(Uint8Array.of(47, 47, 255, 254), { headers: SCRIPT }),
  "/fan.js": () =>
    text(
      Array.from({ length: MODULES }, (_, i) => `import "./fan/${i}.js";`)
        .join("\n"),
      "text/javascript",
    ),
  "/long.js": () =>
    text(`import "./${"x".repeat(2 ** 20)}.js";`, "text/javascript"),
  "/slow.js": () => new Response(drip(), { headers: SCRIPT }),
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

/** A body that never ends, a byte at a time. */
function drip(): ReadableStream<Uint8Array<ArrayBuffer>> {
  let timer: ReturnType<typeof setInterval> | undefined;
  return new ReadableStream({
    start(controller) {
      timer = setInterval(() => controller.enqueue(Uint8Array.of(10)), 50);
    },
    cancel: () => clearInterval(timer),
  });
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
