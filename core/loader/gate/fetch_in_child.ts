import { z } from "zod";
import type { Clock, Json } from "../../base/mod.ts";
import { startDeadline } from "../../sandbox/deadline.ts";
import type { Death } from "../../sandbox/errors.ts";
import type { Frame } from "../../sandbox/frame.ts";
import { sandboxLimits } from "../../sandbox/limits.ts";
import { processTier } from "../../sandbox/process_tier.ts";
import { PRIVATE_RANGES } from "../policy/ceiling.ts";
import { flagBehind, type Resource } from "../policy/resource.ts";

/** One question to a server. */
export interface FetchRequest {
  /** Where it goes: an address that the child may connect to, and no other. */
  readonly resource: Resource;
  /** The whole URL. */
  readonly url: string;
  /** The method, in capitals. */
  readonly method: string;
  /** The headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** What is sent along; nothing if left out. */
  readonly body?: Uint8Array<ArrayBuffer> | undefined;
}

/** How a question is asked. */
export interface FetchOptions {
  /** Where time comes from. */
  readonly clock: Clock;
  /** How long it may take, in milliseconds. */
  readonly timeMs: number;
  /** How large the answer may be, in bytes. */
  readonly bytesMax: number;
  /** Whether addresses of private networks are open. */
  readonly privateNetwork: boolean;
}

/** What a server answered. */
export interface FetchAnswer {
  /** Its status. */
  readonly status: number;
  /** Its headers, names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  /** Its body. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/** One question, and an end. Where a server sends on to is no business of this process. */
const PROGRAM = `
const { header, bytes } = await receive();
try {
  const { url, method, headers, bytesMax, hasBody } = header;
  const body = hasBody ? bytes : undefined;
  const response = await fetch(url, { method, headers, body, redirect: "manual" });
  const chunks = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > bytesMax) throw new RangeError("more than " + bytesMax + " bytes");
    chunks.push(chunk);
  }
  const all = new Uint8Array(await new Blob(chunks).arrayBuffer());
  send({ status: response.status, headers: Object.fromEntries(response.headers) }, all);
} catch (error) {
  send({ error: String(error?.cause?.message ?? error?.message ?? error).slice(0, 300) });
}
exit(0);
`;

const answerSchema = z.union([
  z.strictObject({
    status: z.int(),
    headers: z.record(z.string(), z.string()),
  }),
  z.strictObject({ error: z.string() }),
]);

/**
 * Asks a server from a process that may connect to nothing else: the address that a name stands for is
 * judged where it is connected to, and a redirect leads nowhere.
 *
 * @param request What to ask.
 * @param options How it is asked.
 * @returns The answer, or what kept it from coming, in words.
 * @throws {PluginError} `ISOLATION_UNAVAILABLE` if no such process can be started.
 */
export async function fetchInChild(
  { resource, url, method, headers, body }: FetchRequest,
  { clock, timeMs, bytesMax, privateNetwork }: FetchOptions,
): Promise<FetchAnswer | string> {
  const tier = await processTier();
  const answered = Promise.withResolvers<Frame | Death>();
  const address = flagBehind(resource)?.text ?? "";
  await using child = tier.open({
    name: url,
    program: PROGRAM,
    access: {
      flags: [
        `--allow-net=${address}`,
        ...privateNetwork ? [] : [`--deny-net=${PRIVATE_RANGES.join(",")}`],
      ],
      env: {},
      gpu: false,
    },
    limits: sandboxLimits({ messageBytesMax: bytesMax + 2 ** 20 }),
    clock,
    onFrame: answered.resolve,
  });
  void child.ended.then(answered.resolve);
  using _deadline = startDeadline(clock, timeMs, () => child.kill("timeout"));
  const hasBody = body !== undefined;
  child.send({ url, method, headers, bytesMax, hasBody } satisfies Json, body);
  const said = await answered.promise;
  if (!("header" in said)) return `no answer, ${said.reason}`;
  const parsed = answerSchema.safeParse(said.header);
  if (!parsed.success) return "no answer that can be read";
  if ("error" in parsed.data) return parsed.data.error;
  return { ...parsed.data, body: said.bytes };
}
