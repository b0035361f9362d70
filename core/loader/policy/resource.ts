/**
 * What a plugin may be allowed to touch, in one form whatever the kind: a list of parts from the
 * whole to the detail. A rule covers a resource if its parts are the first ones of the resource's, so
 * a folder covers its files and a host its ports, and two rules either nest or have nothing in common.
 *
 * @module
 */

/**
 * The kinds of resource. Programs, libraries, imports and the system are none: nobody gets them. What no
 * flag can say exactly is served by the host, which looks at every call: `fetch`, `files` and `send`.
 */
export const RESOURCE_KINDS = [
  "env",
  "fetch",
  "files",
  "gpu",
  "net",
  "read",
  "send",
  "write",
] as const;

const DEFAULT_PORTS: Readonly<Record<string, string>> = {
  "http:": "80",
  "https:": "443",
};

/** A kind of resource. */
export type ResourceKind = typeof RESOURCE_KINDS[number];

/** A resource, or all below it. */
export interface Resource {
  /** What it is. */
  readonly kind: ResourceKind;
  /** From the whole to the detail: `["srv", "data"]`, `["api.example", "443"]`. */
  readonly parts: readonly string[];
  /** Its name as flags have it, the same however it was written: `/srv/data`, `api.example:443`. */
  readonly text: string;
}

/**
 * Reads the name of a resource.
 *
 * @param kind What it is.
 * @param text Its name.
 * @returns The resource, or what is wrong with the name.
 */
export function parseResource(
  kind: ResourceKind,
  text: string,
): Resource | string {
  switch (kind) {
    case "env":
      return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text)
        ? { kind, parts: [text], text }
        : "wanted the name of a variable";
    case "gpu":
      return { kind, parts: [], text: "" };
    case "fetch":
    case "send":
      return parseUrl(kind, text);
    case "net":
      return parseAddress(text);
    case "files":
    case "read":
    case "write":
      return parsePath(kind, text);
    default:
      return kind satisfies never;
  }
}

function parseAddress(text: string): Resource | string {
  const wanted = "wanted host:port, without a scheme, a path or a user name";
  const [, written = "", port] = /^(.+?)(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (/[/\\?#@*\s]/.test(text)) return wanted;
  // The platform's own reading: case, percent codes, punycode and the spellings of numbers.
  const url = `http://${written}`;
  if (!URL.canParse(url)) return wanted;
  const host = new URL(url).hostname.replace(/\.$/, "");
  const isName = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(host);
  if (!isName && !host.startsWith("[") || new URL(url).port !== "") {
    return wanted;
  }
  if (port === undefined) return { kind: "net", parts: [host], text: host };
  const number = Number(port);
  if (number < 1 || number > 65_535) return "wanted a port from 1 to 65535";
  return {
    kind: "net",
    parts: [host, String(number)],
    text: `${host}:${number}`,
  };
}

function parseUrl(kind: "fetch" | "send", text: string): Resource | string {
  const wanted = "wanted an http: or https: URL, without a user name";
  if (!URL.canParse(text)) return wanted;
  const { protocol, hostname, port, pathname, username, password } = new URL(
    text,
  );
  if (!/^https?:$/.test(protocol) || username + password !== "") return wanted;
  // A server may take them for what they stand for, and end up elsewhere.
  if (/%2f|%5c|%2e|%00/i.test(pathname)) {
    return "wanted a path without slashes, dots and zeros in code";
  }
  const address = `${hostname}:${port || DEFAULT_PORTS[protocol]}`;
  const host = parseAddress(address);
  if (typeof host === "string") return host;
  const segments = pathname.split("/").filter((segment) => segment !== "");
  const origin = `${protocol}//${host.text}`;
  const path = segments.map((segment) => `/${segment}`).join("");
  return { kind, parts: [origin, ...segments], text: `${origin}${path}` };
}

/**
 * Names what a resource that the host serves would be if it were a flag: whoever denies that, denies this.
 *
 * @param resource The resource.
 * @returns An address or a path; `undefined` for what is a flag itself.
 */
export function flagBehind(
  { kind, parts, text }: Resource,
): Resource | undefined {
  if (kind === "files") return { kind: "read", parts, text };
  if (kind !== "fetch" && kind !== "send") return undefined;
  const address = parseAddress(parts[0]!.replace(/^https?:\/\//, ""));
  return typeof address === "string" ? undefined : address;
}

function parsePath(
  kind: "files" | "read" | "write",
  text: string,
): Resource | string {
  const wanted = "wanted an absolute path or a file: URL";
  const path = text.startsWith("file:") ? pathOf(text) : text;
  if (path === undefined) return wanted;
  // Flags part paths by commas, and the system ends them at a zero.
  if (/[,\0]/.test(path)) return "wanted a path without commas and zeros";
  const isWindows = /^[a-z]:[\\/]/i.test(path);
  const parts: string[] = [];
  for (const part of path.split(isWindows ? /[\\/]/ : "/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  if (!isWindows && !path.startsWith("/")) return wanted;
  if (parts.length <= (isWindows ? 1 : 0)) {
    return "wanted less than all files";
  }
  return { kind, parts, text: `${isWindows ? "" : "/"}${parts.join("/")}` };
}

function pathOf(url: string): string | undefined {
  if (!URL.canParse(url) || new URL(url).hostname !== "") return undefined;
  try {
    const path = decodeURIComponent(new URL(url).pathname);
    return /^\/[a-z]:\//i.test(path) ? path.slice(1) : path;
  } catch {
    return undefined;
  }
}

/**
 * Tells whether a rule is about a resource and all below it.
 *
 * @param rule The rule.
 * @param resource The resource.
 * @returns Whether it is.
 */
export function covers(rule: Resource, resource: Resource): boolean {
  return rule.kind === resource.kind &&
    rule.parts.every((part, index) => part === resource.parts[index]);
}

/**
 * Finds what two rules are both about.
 *
 * @param left One rule.
 * @param right The other one.
 * @returns The narrower of the two, or `undefined` if they have nothing in common.
 */
export function common(left: Resource, right: Resource): Resource | undefined {
  if (covers(left, right)) return right;
  return covers(right, left) ? left : undefined;
}

/**
 * Finds the rule that denies a resource, itself or the address or path behind it.
 *
 * @param resource The resource.
 * @param denied What is denied.
 * @returns The rule, if there is one.
 */
export function denialOf(
  resource: Resource,
  denied: readonly Resource[],
): Resource | undefined {
  const behind = flagBehind(resource);
  return denied.find((rule) =>
    covers(rule, resource) || behind !== undefined && covers(rule, behind)
  );
}
