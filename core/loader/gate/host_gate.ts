import { invalidOption, optionsOf } from "../../base/mod.ts";
import { serviceBusy } from "../../sandbox/errors.ts";
import { gateFailed } from "./errors.ts";
import type {
  FetchAnswer,
  fetchInChild,
  FetchRequest,
} from "./fetch_in_child.ts";
import type { GateJudge } from "./gate_judge.ts";
import { readJudged } from "./read_judged.ts";

/** How bytes cross as text. */
export type GateEncoding = "utf-8" | "base64";

/** What is asked of a server. */
export interface GateFetchOptions {
  /**
   * The method. `GET` and `HEAD` take what was granted as `fetch`, all others what was granted as `send`.
   *
   * @default {"GET"}
   */
  readonly method?: string;
  /** The headers; those that say where it goes and how it gets there are the host's. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sent along. */
  readonly body?: string;
  /**
   * How the answer's body is written.
   *
   * @default {"utf-8"}
   */
  readonly encoding?: GateEncoding;
}

/** What a server answered. */
export interface GateAnswer {
  /** Its status. A redirect is an answer like any other: where it leads is asked for anew. */
  readonly status: number;
  /** Its headers, names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  /** Its body. */
  readonly body: string;
}

/** How a file is read. */
export interface GateReadOptions {
  /**
   * How its bytes are written.
   *
   * @default {"utf-8"}
   */
  readonly encoding?: GateEncoding;
}

/**
 * What the host does for one plugin where no permission flag says exactly what was granted: the service
 * `core/gate`. Every call is held against what was granted; what is refused is in the audit trail.
 */
export interface HostGate {
  /**
   * Asks a server.
   *
   * @param url Where to ask.
   * @param options How it is asked.
   * @returns The answer.
   * @throws {PluginError} `GATE_DENIED`, `GATE_FAILED`, `SERVICE_BUSY`.
   */
  fetch(url: string, options?: GateFetchOptions): Promise<GateAnswer>;
  /**
   * Reads a file.
   *
   * @param path Its absolute path.
   * @param options How it is read.
   * @returns What is in it.
   * @throws {PluginError} `GATE_DENIED`, `GATE_FAILED`, `SERVICE_BUSY`.
   */
  readFile(path: string, options?: GateReadOptions): Promise<string>;
}

/** What a gate is made of. */
export interface HostGateOptions {
  /** Holds each call against what was granted. */
  readonly judge: GateJudge;
  /** Id of the plugin. */
  readonly pluginId: string;
  /** How large a file or an answer may be, in bytes. */
  readonly bytesMax: number;
  /** Asks a server. */
  readonly ask: (request: FetchRequest) => ReturnType<typeof fetchInChild>;
}

/** How many calls of one plugin may be under way: each fetch is a process. */
const CALLS_MAX = 4;

const METHOD = /^[A-Z]{1,20}$/;
/** What would lead an answer, or the next question, somewhere else. */
const FORBIDDEN_HEADER =
  /^(connection|content-length|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade|proxy-.*)$/i;

/**
 * Makes the gate of one plugin.
 *
 * @param options What it is made of.
 * @returns The gate.
 */
export function createHostGate(
  { judge, pluginId, bytesMax, ask }: HostGateOptions,
): HostGate {
  let calls = 0;
  async function counted<T>(work: () => Promise<T>): Promise<T> {
    if (calls >= CALLS_MAX) throw serviceBusy(pluginId, CALLS_MAX);
    calls++;
    try {
      return await work();
    } finally {
      calls--;
    }
  }
  return Object.freeze({
    fetch: (url: string, options: GateFetchOptions = {}) =>
      counted(async () => {
        const { encoding, ...request } = toRequest(url, options);
        const kind = /^(GET|HEAD)$/.test(request.method) ? "fetch" : "send";
        const resource = judge.require(kind, url);
        const answer = await ask({ ...request, resource });
        if (typeof answer === "string") {
          throw gateFailed(`${kind} ${resource.text}`, answer);
        }
        return toAnswer(answer, encoding);
      }),
    readFile: (path: string, options: GateReadOptions = {}) =>
      counted(async () => {
        const encoding = encodingOf(optionsOf("readFile", options));
        return toText(await readJudged(path, { judge, bytesMax }), encoding);
      }),
  });
}

function toRequest(
  url: string,
  options: GateFetchOptions,
): Omit<FetchRequest, "resource"> & { readonly encoding: GateEncoding } {
  const { method = "GET", headers = {}, body } = optionsOf("fetch", options);
  if (!METHOD.test(method) || /^(CONNECT|TRACE)$/.test(method)) {
    throw invalidOption("fetch method", method, "a method such as GET or POST");
  }
  for (const [name, value] of Object.entries(optionsOf("headers", headers))) {
    const isFine = /^[\w-]+$/.test(name) && !FORBIDDEN_HEADER.test(name) &&
      typeof value === "string" && !/[\r\n\0]/.test(value);
    if (!isFine) throw invalidOption("fetch header", name, "another one");
  }
  if (body !== undefined && typeof body !== "string") {
    throw invalidOption("fetch body", body, "text");
  }
  const encoding = encodingOf(options);
  const bytes = body === undefined ? undefined : new TextEncoder().encode(body);
  return { url, method, headers, body: bytes, encoding };
}

function encodingOf(
  { encoding = "utf-8" }: { readonly encoding?: GateEncoding },
): GateEncoding {
  if (encoding === "utf-8" || encoding === "base64") return encoding;
  throw invalidOption("encoding", encoding, '"utf-8" or "base64"');
}

function toAnswer(
  { status, headers, body }: FetchAnswer,
  encoding: GateEncoding,
): GateAnswer {
  return { status, headers, body: toText(body, encoding) };
}

function toText(bytes: Uint8Array, encoding: GateEncoding): string {
  return encoding === "base64"
    ? bytes.toBase64()
    : new TextDecoder().decode(bytes);
}
