import { flagBehind, type Resource } from "./resource.ts";

/** Variables that change what a process loads or how it starts. */
const LOADER_VARIABLE =
  /^(LD|DYLD|DENO|NODE|NPM|JSR|V8|BASH|GCONV|GLIBC|MALLOC|SSL|VK|WGPU)_|^(BASH|ENV|IFS|PATH|SHELLOPTS|BASHOPTS|PS4|HOME|TMPDIR|LOCPATH|NO_COLOR)$/i;

/** Addresses of this machine and of private networks, as flags name them. */
export const PRIVATE_RANGES: readonly string[] = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "[::1]",
  "[::]",
];

/**
 * Tells why no policy can grant a resource, if that is so.
 *
 * @param resource The resource a plugin asks for.
 * @param options Whether addresses of private networks may be granted.
 * @returns The rule that forbids it.
 */
export function ceilingRule(
  resource: Resource,
  { privateNetwork }: { readonly privateNetwork: boolean },
): string | undefined {
  const { kind, parts } = resource;
  const [first = "", port] = parts;
  switch (kind) {
    case "env":
      return LOADER_VARIABLE.test(first) ? "never:loader-variable" : undefined;
    case "net":
      if (port === undefined) return "never:every-port";
      return !privateNetwork && isPrivateHost(first)
        ? "never:private-address"
        : undefined;
    case "fetch":
    case "send": {
      if (privateNetwork) return undefined;
      const [host = ""] = flagBehind(resource)?.parts ?? [];
      if (isPrivateHost(host)) return "never:private-address";
      return first.startsWith("http:") ? "never:unprotected" : undefined;
    }
    case "files":
    case "gpu":
    case "read":
    case "write":
      return undefined;
    default:
      return kind satisfies never;
  }
}

/**
 * Tells whether an address is of this machine or of a private network.
 *
 * **Source.** IANA's registries of special-purpose addresses; of version 6, only what is handed out to the
 * public (RFC 4291, `2000::/3`) is public, without what has an address of version 4 in it (Teredo and 6to4).
 *
 * @param address An address of version 4 or 6, as a look-up gives it, or a name, which tells by itself at
 * most.
 * @returns Whether it is.
 */
export function isPrivateAddress(address: string): boolean {
  if (!address.includes(":")) return isPrivateHost(address);
  return !/^[23][0-9a-f]{3}:/i.test(address) ||
    /^(2002|2001:0{0,4}):/i.test(address);
}

/**
 * Tells whether a host is this machine or in a private network, by its name alone.
 *
 * @param host A host as URLs have it, so that a number has one spelling.
 * @returns Whether it is.
 */
export function isPrivateHost(host: string): boolean {
  if (/(^|\.)(localhost|local|internal)$/.test(host)) return true;
  // No version 6 address is taken for a public one: flags cannot say which ranges are private.
  if (host.startsWith("[")) return true;
  const bytes = host.split(".").map(Number);
  if (bytes.length !== 4 || !bytes.every((byte) => byte >= 0 && byte < 256)) {
    return false;
  }
  const address = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  return PRIVATE_RANGES.some((range) => {
    const [base = "", bits] = range.split("/");
    if (bits === undefined) return false;
    const size = 2 ** (32 - Number(bits));
    const start = base.split(".").map(Number)
      .reduce((sum, byte) => sum * 256 + byte, 0);
    return Math.floor(address / size) === Math.floor(start / size);
  });
}
