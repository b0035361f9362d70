import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { accessCookie, newToken, refusalOf } from "./access.ts";

const TOKEN = "t".repeat(43);
const ACCESS = { port: 8000, token: TOKEN };

/** How a request is answered: the status that refuses it, or 200. */
function statusOf(
  headers: Readonly<Record<string, string>>,
  { path = "/", method = "GET" } = {},
): number {
  const request = new Request(`http://127.0.0.1:8000${path}`, {
    method,
    headers: { host: "127.0.0.1:8000", ...headers },
  });
  return refusalOf(request, ACCESS)?.status ?? 200;
}

const COOKIE = { cookie: `spiral_dash_8000=${TOKEN}` };

Deno.test.each([
  { what: "the address", headers: {}, path: `/?token=${TOKEN}`, status: 200 },
  { what: "a cookie", headers: COOKIE, status: 200 },
  {
    what: "a cookie among others",
    headers: { cookie: `a=b; ${COOKIE.cookie}; c=d` },
    status: 200,
  },
  {
    what: "a header",
    headers: { authorization: `Bearer ${TOKEN}` },
    status: 200,
  },
  { what: "nothing", headers: {}, status: 401 },
  { what: "an empty address", headers: {}, path: "/?token=", status: 403 },
  {
    what: "a wrong address",
    headers: {},
    path: `/?token=${TOKEN.slice(1)}x`,
    status: 403,
  },
  {
    what: "the beginning of it",
    headers: {},
    path: `/?token=${TOKEN.slice(1)}`,
    status: 403,
  },
  {
    what: "the cookie of another port",
    headers: { cookie: `spiral_dash_8001=${TOKEN}` },
    status: 401,
  },
])("refusalOf() answers $what with $status", ({ headers, path, status }) => {
  assertEquals(statusOf(headers, path === undefined ? {} : { path }), status);
});

Deno.test.each([
  { host: "localhost:8000", status: 200 },
  { host: "evil.example:8000", status: 403 },
  { host: "evil.example", status: 403 },
  { host: "127.0.0.1:8001", status: 403 },
  { host: "127.0.0.1:8000.evil.example", status: 403 },
  { host: "", status: 403 },
])("refusalOf() answers the host $host with $status", ({ host, status }) => {
  assertEquals(statusOf({ ...COOKIE, host }), status);
});

Deno.test.each([
  { origin: "http://127.0.0.1:8000", status: 200 },
  { origin: "http://localhost:8000", status: 403 },
  { origin: "https://127.0.0.1:8000", status: 403 },
  { origin: "https://evil.example", status: 403 },
  { origin: "null", status: 403 },
])("refusalOf() answers the origin $origin with $status", (row) => {
  assertEquals(statusOf({ ...COOKIE, origin: row.origin }), row.status);
});

Deno.test("refusalOf() lets nobody change anything", () => {
  assertEquals(statusOf(COOKIE, { method: "POST" }), 405);
});

Deno.test("newToken() gives 256 bits that are another time others", () => {
  assertMatch(newToken(), /^[\w-]{43}$/);
  assertNotEquals(newToken(), newToken());
});

Deno.test("accessCookie() is for this server alone, and for no script", () => {
  assertEquals(
    accessCookie(ACCESS),
    `spiral_dash_8000=${TOKEN}; HttpOnly; SameSite=Strict; Path=/`,
  );
});
