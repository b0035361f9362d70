/**
 * Who may look: whoever knows the token, from a page of this server or from none, by an address of this
 * machine. Another page in the same browser knows the port at most; a name that was pointed at this
 * machine (DNS rebinding) stands in `Host` and is none of its addresses.
 *
 * @module
 */

/** What a request is held against. */
export interface Access {
  /** The port that is listened on. */
  readonly port: number;
  /** What whoever may look knows. */
  readonly token: string;
}

/**
 * Draws a token: 256 bits that nobody can guess.
 *
 * @returns Letters, digits, `-` and `_`.
 */
export function newToken(): string {
  return crypto.getRandomValues(new Uint8Array(32))
    .toBase64({ alphabet: "base64url", omitPadding: true });
}

/**
 * Makes the cookie that the token is kept in, so that it need not stay in the address. Its name has the
 * port: browsers tell cookies apart by host alone.
 *
 * @param access The token, and where it counts.
 * @returns What `Set-Cookie` says: no script can read it, and no other site makes the browser send it.
 */
export function accessCookie({ port, token }: Access): string {
  return `${cookieName(port)}=${token}; HttpOnly; SameSite=Strict; Path=/`;
}

/**
 * Judges a request.
 *
 * @param request The request.
 * @param access What it is held against.
 * @returns Why it is refused; `undefined` if it is not.
 */
export function refusalOf(
  request: Request,
  access: Access,
): { readonly status: number; readonly reason: string } | undefined {
  const { headers, method } = request;
  const host = headers.get("host") ?? "";
  const hosts = [`127.0.0.1:${access.port}`, `localhost:${access.port}`];
  if (!hosts.includes(host)) {
    return { status: 403, reason: "this address is not of this machine" };
  }
  const origin = headers.get("origin");
  if (origin !== null && origin !== `http://${host}`) {
    return { status: 403, reason: "another site must not look" };
  }
  if (method !== "GET") {
    return { status: 405, reason: "there is nothing to change" };
  }
  const given = tokensOf(request, access.port);
  if (given.length === 0) {
    return { status: 401, reason: "open the address that was printed" };
  }
  const isKnown = given.some((text) => isSame(text, access.token));
  return isKnown ? undefined : {
    status: 403,
    reason: "this token is of another dashboard: open the address printed last",
  };
}

function cookieName(port: number): string {
  return `spiral_dash_${port}`;
}

/** What a request gives as the token: in its address, in a header, or in the cookie. */
function tokensOf({ url, headers }: Request, port: number): string[] {
  const name = `${cookieName(port)}=`;
  const cookies = (headers.get("cookie") ?? "").split("; ");
  const [, bearer] = /^Bearer (.+)$/.exec(headers.get("authorization") ?? "") ??
    [];
  return [
    new URL(url).searchParams.get("token"),
    bearer,
    cookies.find((cookie) => cookie.startsWith(name))?.slice(name.length),
  ].filter((text) => text !== null && text !== undefined);
}

/** Takes as long for a text that is nearly right as for one that is not. */
function isSame(given: string, wanted: string): boolean {
  if (given.length !== wanted.length) return false;
  let difference = 0;
  for (let i = 0; i < wanted.length; i++) {
    difference |= given.charCodeAt(i) ^ wanted.charCodeAt(i);
  }
  return difference === 0;
}
