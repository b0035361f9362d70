import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { DashboardFeed } from "./feed/dashboard_feed.ts";
import { serveDashboard } from "./serve_dashboard.ts";

/** Sends a request as it is, and gives the beginning of the answer. */
async function send(port: number, lines: readonly string[]): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const text = `${lines.join("\r\n")}\r\nconnection: close\r\n\r\n`;
  await connection.write(new TextEncoder().encode(text));
  const answer = new Uint8Array(4096);
  const count = await connection.read(answer) ?? 0;
  return new TextDecoder().decode(answer.subarray(0, count));
}

Deno.test("serveDashboard() serves a page whose policy lets nothing in or out", async () => {
  await using dashboard = await serveDashboard(new DashboardFeed("run"));
  const response = await fetch(dashboard.url);
  assertStringIncludes(await response.text(), 'src="/page/main.ts"');
  assertMatch(
    response.headers.get("set-cookie")!,
    /; HttpOnly; SameSite=Strict/,
  );
  const policy = response.headers.get("content-security-policy")!;
  assertMatch(policy, /^default-src 'none'; script-src 'self'; /);
  assertStringIncludes(policy, "trusted-types 'none'");
  assertEquals(policy.match(/unsafe|\*|https?:|data:/), null);
  assertEquals(response.headers.get("referrer-policy"), "no-referrer");
});

Deno.test("serveDashboard() shows nothing to who does not know the token", async () => {
  await using dashboard = await serveDashboard(new DashboardFeed("run"));
  const { origin } = new URL(dashboard.url);
  for (const path of ["/", "/live", "/page/main.ts", "/nothing"]) {
    const missing = await fetch(origin + path);
    assertEquals(missing.status, 401, path);
    assertEquals(missing.headers.get("set-cookie"), null);
    assertMatch(await missing.text(), /^401: /);
    const wrong = await fetch(`${origin}${path}?token=guess`);
    assertEquals(wrong.status, 403, path);
    await wrong.body?.cancel();
  }
});

Deno.test("serveDashboard() answers to no name but those of this machine", async () => {
  await using dashboard = await serveDashboard(new DashboardFeed("run"));
  const { port, url } = dashboard;
  const path = url.slice(url.indexOf("/?"));
  const first = `GET ${path} HTTP/1.1`;
  const good = await send(port, [first, `host: 127.0.0.1:${port}`]);
  assertMatch(good, /^HTTP\/1.1 200 /);
  const rebound = await send(port, [first, `host: evil.example:${port}`]);
  assertMatch(rebound, /^HTTP\/1.1 403 /);
  const foreign = await send(port, [
    first,
    `host: 127.0.0.1:${port}`,
    "origin: http://evil.example",
  ]);
  assertMatch(foreign, /^HTTP\/1.1 403 /);
});

Deno.test("serveDashboard() escapes nothing because it puts nothing into its page", async () => {
  const feed = new DashboardFeed("<script>alert(1)</script>");
  await using dashboard = await serveDashboard(feed);
  const response = await fetch(dashboard.url);
  assertEquals((await response.text()).includes("alert"), false);
  const live = await fetch(dashboard.url.replace("/?", "/live?"));
  assertEquals(live.headers.get("content-type"), "text/event-stream");
  const reader = live.body!.getReader();
  const { value } = await reader.read();
  const text = new TextDecoder().decode(value);
  assertStringIncludes(text, '"title":"<script>alert(1)</script>"');
  assertEquals(text.trimEnd().includes("\n"), false);
  await reader.cancel();
});

Deno.test("serveDashboard() ends at once, whoever is looking or does not read", async () => {
  const feed = new DashboardFeed("run");
  const dashboard = await serveDashboard(feed);
  const live = dashboard.url.replace("/?", "/live?");
  const reading = await fetch(live);
  using idle = await Deno.connect({
    hostname: "127.0.0.1",
    port: dashboard.port,
  });
  const path = live.slice(live.indexOf("/live"));
  await idle.write(new TextEncoder().encode(
    `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${dashboard.port}\r\n\r\n`,
  ));
  for (let epoch = 1; epoch <= 1000; epoch++) {
    const event = { kind: "EpochStart" as const, epoch };
    feed.take({ event, source: "host", elapsedMs: epoch });
  }
  await dashboard[Symbol.asyncDispose]();
  await reading.body!.cancel().catch(() => {});
  await assertRejects(() => fetch(dashboard.url), TypeError);
});

Deno.test("serveDashboard() lets no more look than it can serve", async () => {
  await using dashboard = await serveDashboard(new DashboardFeed("run"));
  const live = dashboard.url.replace("/?", "/live?");
  const all = await Promise.all(Array.from({ length: 16 }, () => fetch(live)));
  const one = await fetch(live);
  assertEquals(one.status, 503);
  await one.body?.cancel();
  for (const { status, body } of all) {
    assertEquals(status, 200);
    await body?.cancel();
  }
});

Deno.test.each([{ port: -1 }, { port: 0.5 }, { port: 65536 }])(
  "serveDashboard() refuses the port $port",
  async ({ port }) => {
    const error = await assertRejects(
      () => serveDashboard(new DashboardFeed("run"), { port }),
      OptionError,
    );
    assert(error.message.includes("serveDashboard port"));
  },
);
