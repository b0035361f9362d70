/**
 * Fetching from the public network alone: what a name stands for is looked up once and judged, and what was
 * judged is what is connected to, so that nobody can answer a second time with an address of this machine
 * or of its network.
 *
 * @module
 */
import { sourceDenied } from "./errors.ts";
import type { Fetch } from "./fetch_options.ts";
import { isPrivateAddress } from "./policy/ceiling.ts";
import { opensPrivateNetwork, type ParsedPolicy } from "./policy/policy.ts";
import type { Registries } from "./registries/registries.ts";

/** Finds the addresses of a host. */
export type LookUp = (host: string) => Promise<readonly string[]>;

/** Fetches over a connection to an address that is given. */
export type FetchFrom = (
  address: string,
  url: string,
  init: RequestInit,
) => Promise<Response>;

/** What fetching from the public network works with. */
export interface PublicFetchOptions {
  /** Origins that the host has named itself, wherever they are. */
  readonly trusted: readonly string[];
  /** Finds addresses; the system if left out. */
  readonly lookUp?: LookUp;
  /** Fetches from an address; the platform if left out. */
  readonly fetchFrom?: FetchFrom;
  /** Fetches from a host that is not judged; the platform if left out. */
  readonly fetch?: Fetch;
  /** Whether this process connects to any host, and does so itself; asked of the platform if left out. */
  readonly mayReachAll?: () => Promise<boolean>;
}

/** What plugins are fetched with. */
export interface SourceFetchOptions {
  /** What fetches, if the host has brought something. */
  readonly fetch?: Fetch;
  /** Where packages come from. */
  readonly registries: Registries;
}

/**
 * Finds what fetches the modules of plugins.
 *
 * @param options What the host has brought.
 * @param policies What holds for them: if all of them open private networks, anything is fetched.
 * @returns What fetches.
 */
export function sourceFetch(
  { fetch, registries }: SourceFetchOptions,
  policies: readonly ParsedPolicy[],
): Fetch {
  if (fetch !== undefined) return fetch;
  return opensPrivateNetwork(policies)
    ? globalThis.fetch
    : publicFetch({ trusted: Object.values(registries) });
}

/**
 * Makes a fetch that reaches the public network alone. `http:` is left as it is, since specifiers let it
 * name this machine only, and so are hosts that this process may reach by their names alone, since whoever
 * started it has named them, and all hosts behind a proxy, which does the looking up.
 *
 * @param options What it works with.
 * @returns The fetch, which throws `SOURCE_DENIED` for names that stand for anything else.
 */
export function publicFetch(
  {
    trusted,
    lookUp = lookUpBySystem,
    fetchFrom = fetchOverTcp,
    fetch = globalThis.fetch,
    mayReachAll = connectsToAll,
  }: PublicFetchOptions,
): Fetch {
  const origins = new Set(trusted.map((url) => new URL(url).origin));
  return async (url, init) => {
    const { protocol, origin, hostname } = new URL(url);
    if (protocol !== "https:" || origins.has(origin)) return fetch(url, init);
    const host = hostname.replace(/^\[|\]$/g, "");
    assertPublic(url, [host]);
    if (!await mayReachAll()) return fetch(url, init);
    const addresses = await lookUp(host);
    assertPublic(url, addresses);
    const [address] = addresses;
    // The platform says best what a name without addresses comes to.
    if (address === undefined) return fetch(url, init);
    return await fetchFrom(address, url, init);
  };
}

function assertPublic(url: string, addresses: readonly string[]): void {
  const found = addresses.find(isPrivateAddress);
  if (found === undefined) return;
  throw sourceDenied(url, `never:private-address ${found}`);
}

/** Variables that name a proxy. */
const PROXIES: readonly string[] = [
  "ALL_PROXY",
  "all_proxy",
  "HTTPS_PROXY",
  "https_proxy",
];

async function connectsToAll(): Promise<boolean> {
  const { state } = await Deno.permissions.query({ name: "net" });
  if (state !== "granted") return false;
  for (const variable of PROXIES) {
    const env = await Deno.permissions.query({ name: "env", variable });
    if (env.state === "granted" && Deno.env.get(variable)) return false;
  }
  return true;
}

async function lookUpBySystem(host: string): Promise<string[]> {
  // On first need: most plugins are files, or stored.
  const { lookup } = await import("node:dns/promises");
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address);
}

async function fetchOverTcp(
  hostname: string,
  url: string,
  init: RequestInit,
): Promise<Response> {
  const port = Number(new URL(url).port || 443);
  using client = Deno.createHttpClient({
    proxy: { transport: "tcp", hostname, port },
  });
  return await fetch(url, { ...init, client });
}
