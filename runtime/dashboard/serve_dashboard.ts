import {
  assertInstance,
  type Clock,
  clockOf,
  invalidOption,
  optionsOf,
} from "../../core/base/mod.ts";
import { DashboardFeed } from "./feed/dashboard_feed.ts";
import {
  type Access,
  accessCookie,
  newToken,
  refusalOf,
} from "./http/access.ts";
import { type PageFile, readPageFiles } from "./http/page_files.ts";
import { Viewer } from "./http/viewer.ts";

/** Most who look at the same time. */
const VIEWERS_MAX = 16;

/** How a dashboard is served. */
export interface DashboardOptions {
  /**
   * The port, on this machine alone; a free one for 0.
   *
   * @default {0}
   */
  readonly port?: number;
  /** What waits between frames; the machine's clock if left out. */
  readonly clock?: Clock;
}

/** A dashboard that is served, until it is disposed. */
export interface Dashboard extends AsyncDisposable {
  /** Its address, with the token that it asks for. */
  readonly url: string;
  /** Its port. */
  readonly port: number;
}

/** Sent with everything. Scripts and styles come from this server alone, and nothing goes elsewhere. */
const HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; "),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/**
 * Serves a page that shows what a feed takes in, to this machine alone and to whoever has its address.
 * It can be looked at, and changes nothing.
 *
 * **Cost**: nothing for a training while nobody looks, besides what the feed takes in.
 *
 * @example A training that can be watched
 * ```ts
 * import { assertMatch } from "@std/assert";
 * import { PluginEventBus } from "@spiraltorch/spiraltorch";
 * import { DashboardFeed, serveDashboard } from "@spiraltorch/spiraltorch/dashboard";
 *
 * const events = new PluginEventBus(); // as `Trainer` takes one
 * const feed = new DashboardFeed("digits");
 * using _listening = feed.listen(events);
 * await using dashboard = await serveDashboard(feed);
 * assertMatch(dashboard.url, /^http:\/\/127\.0\.0\.1:\d+\/\?token=/); // to be opened in a browser
 * ```
 *
 * @param feed What is shown.
 * @param options Where.
 * @returns The dashboard, to be disposed: that ends every connection.
 * @throws {OptionError} `INVALID_OPTION` if the feed or the port cannot be.
 */
export async function serveDashboard(
  feed: DashboardFeed,
  options?: DashboardOptions,
): Promise<Dashboard> {
  const { port = 0, clock } = optionsOf<DashboardOptions>(
    "serveDashboard",
    options,
  );
  assertInstance("serveDashboard feed", feed, DashboardFeed);
  if (!Number.isSafeInteger(port) || port < 0 || port > 65535) {
    throw invalidOption("serveDashboard port", port, "a port, or 0");
  }
  const time = clockOf("serveDashboard", clock);
  const files = await readPageFiles();
  const viewers = new Set<Viewer>();
  const stop = new AbortController();
  const token = newToken();
  const server: Deno.HttpServer<Deno.NetAddr> = Deno.serve(
    { hostname: "127.0.0.1", port, signal: stop.signal, onListen() {} },
    (request, { completed }): Response => {
      const access = { port: server.addr.port, token };
      const refusal = refusalOf(request, access);
      if (refusal) return refused(refusal);
      const { pathname } = new URL(request.url);
      if (pathname !== "/live") {
        return fileResponse(files.get(pathname), access);
      }
      if (viewers.size === VIEWERS_MAX) {
        return refused({ status: 503, reason: "too many are looking" });
      }
      const viewer = new Viewer(feed, time);
      viewers.add(viewer);
      const leave = () => {
        viewer[Symbol.dispose]();
        viewers.delete(viewer);
      };
      completed.then(leave, leave);
      return new Response(viewer.stream, {
        headers: { ...HEADERS, "content-type": "text/event-stream" },
      });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/?token=${token}`,
    port: server.addr.port,
    async [Symbol.asyncDispose]() {
      for (const viewer of viewers) viewer[Symbol.dispose]();
      // One who reads nothing must not hold it up.
      stop.abort();
      await server.finished;
    },
  };
}

function fileResponse(file: PageFile | undefined, access: Access): Response {
  if (!file) return refused({ status: 404, reason: "there is no such page" });
  return new Response(file.text, {
    headers: {
      ...HEADERS,
      "content-type": file.type,
      "set-cookie": accessCookie(access),
    },
  });
}

function refused(
  { status, reason }: { readonly status: number; readonly reason: string },
): Response {
  return new Response(`${status}: ${reason}\n`, {
    status,
    headers: { ...HEADERS, "content-type": "text/plain; charset=utf-8" },
  });
}
